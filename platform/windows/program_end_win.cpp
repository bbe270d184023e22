// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "native_win.h"
#include "platform/program_end.h"

#include <cstdlib>

namespace atomicfile {

namespace {

/// What a DLL registers with atexit() is called while the DLL leaves the process, and then the system
/// has already ended every other thread, whatever it held. The C library's own list is worked through
/// by exit(), before that; this is the function of it that adds to the list of the process.
#ifdef _UCRT
    #ifdef _DEBUG
constexpr auto cLibrary = L"ucrtbased.dll";
    #else
constexpr auto cLibrary = L"ucrtbase.dll";
    #endif
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

#if defined(_MSC_VER) && !defined(_DLL)
constexpr bool sharesCLibrary = false; // Each DLL and the program has one of its own.
#else
constexpr bool sharesCLibrary = true;
#endif

} // namespace

/// Only one function: the library has no more to end.
bool callAtProgramEnd(void (*function)()) noexcept
{
    // A list that outlives the library must not call into where it was.
    HMODULE thisModule = nullptr;
    if (!::GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN
                                  | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                              reinterpret_cast<LPCWSTR>(&callIt), &thisModule))
        return false;
    if (thisModule == ::GetModuleHandleW(nullptr)) // Part of the program, which has its own list.
        return std::atexit(function) == 0;
    const HMODULE library = ::GetModuleHandleW(cLibrary);
    if (!sharesCLibrary || !library || toCall)
        return false;
    const auto registers = reinterpret_cast<Register>(
        reinterpret_cast<void *>(::GetProcAddress(library, registerName)));
    if (!registers)
        return false;
    toCall = function;
    return isRegistered(registers(&callIt));
}

bool threadsHaveEnded() noexcept
{
    using Asks = BOOLEAN(NTAPI *)();
    static const auto isEnding = reinterpret_cast<Asks>(
        windows::systemFunction("RtlDllShutdownInProgress"));
    return isEnding && isEnding();
}

} // namespace atomicfile
