// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "headers_win.h"
#include "platform/program_end.h"

namespace atomicfile {

namespace {

/// What a DLL registers with atexit() is called while the DLL leaves the process, and then the system
/// has already ended every other thread, whatever it held. The C library's own list is worked through
/// by exit(), before that; this is the function of it that adds to the list of the process.
#ifdef _UCRT
constexpr auto cLibrary = L"ucrtbase.dll";
constexpr auto registerName = "_crt_atexit";
using Function = void(__cdecl *)();
using Register = int(__cdecl *)(Function);
bool isRegistered(int result) noexcept { return result == 0; }
#else
constexpr auto cLibrary = L"msvcrt.dll";
constexpr auto registerName = "_onexit";
using Function = int(__cdecl *)();
using Register = Function(__cdecl *)(Function);
bool isRegistered(Function result) noexcept { return result != nullptr; }
#endif

void (*toCall)() = nullptr;

auto __cdecl callIt() -> decltype(Function()())
{
    toCall();
    return decltype(Function()())();
}

} // namespace

/// Only one function: the library has no more to end.
bool callAtProgramEnd(void (*function)()) noexcept
{
    HMODULE thisLibrary = nullptr;
    const HMODULE library = ::GetModuleHandleW(cLibrary);
    if (!library || toCall)
        return false;
    const auto registers = reinterpret_cast<Register>(
        reinterpret_cast<void *>(::GetProcAddress(library, registerName)));
    // A list that outlives the library must not call into where it was.
    if (!registers
        || !::GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN
                                     | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                                 reinterpret_cast<LPCWSTR>(&callIt), &thisLibrary))
        return false;
    toCall = function;
    return isRegistered(registers(&callIt));
}

} // namespace atomicfile
