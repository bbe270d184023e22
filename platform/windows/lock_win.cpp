// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "error_win.h"
#include "filesystem_win.h"
#include "native_win.h"

namespace atomicfile {

using namespace windows;

namespace {

/// Where no object may be made in a namespace the answer is the same as where another user has made
/// this one; but what does not exist cannot be opened.
bool isForeign(const std::wstring &name) noexcept
{
    const NativeHandle event(::OpenEventW(SYNCHRONIZE, FALSE, name.c_str()));
    return event.isOpen() || ::GetLastError() != ERROR_FILE_NOT_FOUND;
}

enum class Taking { Taken, Held, Forbidden, Failed };

/// Makes the object of that name, unless it is there. The last error is that of the failure.
Taking take(const std::wstring &name, NativeHandle &lock)
{
    NativeHandle event(::CreateEventW(nullptr, TRUE, FALSE, name.c_str()));
    const ErrorCode code = ::GetLastError();
    if (event.isOpen()) {
        if (code == ERROR_ALREADY_EXISTS)
            return Taking::Held;
        lock = std::move(event);
        return Taking::Taken;
    }
    if (code != ERROR_ACCESS_DENIED)
        return Taking::Failed;
    return isForeign(name) ? Taking::Held : Taking::Forbidden;
}

} // namespace

/**
 * A range of the file cannot be locked: ReplaceFileW opens the staged file without sharing
 * anything, so at that moment nobody may hold a handle through which content could be read, and
 * only through such a one is a range locked. What can be held all the time is an object of the
 * kernel that has the key for its name. It vanishes with the last handle to it, hence with the
 * process, and is never signalled: that it exists is the lock.
 *
 * The global namespace is that of all sessions of the machine; a program that is confined to its
 * own (a sandbox) uses that one. Another machine sees neither, so a file on a server cannot be
 * locked.
 */
Status WindowsFileSystem::lockFile(FileHandle file, const Path &key)
{
    OpenFile &opened = fileOf(file);
    if (opened.lock.isOpen())
        return {};
    if (isRemote(opened.handle.get()))
        return SystemError{ErrorClass::Unsupported, Call::LockFile, {}};
    const std::wstring name = L"AtomicFile-" + key.native();
    Taking taking = take(L"Global\\" + name, opened.lock);
    if (taking == Taking::Forbidden)
        taking = take(L"Local\\" + name, opened.lock);
    switch (taking) {
    case Taking::Taken:
        return {};
    case Taking::Held:
        return SystemError{ErrorClass::Busy, Call::LockFile, {}};
    case Taking::Forbidden:
        return SystemError{ErrorClass::Unsupported, Call::LockFile, {}};
    case Taking::Failed:
        break;
    }
    return lastError(Call::LockFile);
}

} // namespace atomicfile
