// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "win32_error.h"

#include <cerrno>

namespace atomicfile::test {

namespace {

/// 0 where the back-end finds out for itself.
int codeFor(Call call, ErrorClass kind, int errnoCode)
{
    switch (errnoCode) {
    case ENOENT:
        return win32::fileNotFound;
    case ENOTDIR:
        return win32::directory;
    case EACCES:
        return win32::accessDenied;
    case EPERM:
        return kind == ErrorClass::Unsupported ? win32::invalidFunction : win32::accessDenied;
    case EEXIST:
        return call == Call::CreateFile ? win32::fileExists : win32::alreadyExists;
    case EXDEV:
        return win32::notSameDevice;
    case ENOSPC:
        return win32::diskFull;
    case EFBIG:
        return win32::fileTooLarge;
    case ENAMETOOLONG:
        return win32::filenameTooLong;
    case ENOTEMPTY:
        return win32::directoryNotEmpty;
    case EBUSY:
        return win32::busy;
    case EBADF:
        return kind == ErrorClass::PermissionDenied ? 0 : win32::invalidHandle;
    case EINVAL:
        if (kind == ErrorClass::FileTooLarge)
            return win32::invalidParameter;
        return kind == ErrorClass::Unsupported ? win32::invalidFunction : 0;
    case ELOOP:
        return kind == ErrorClass::InvalidPath ? win32::cannotResolveName : 0;
    case EOPNOTSUPP:
        return win32::notSupported;
    default: // EISDIR, ESPIPE and the like: the kind of the file is looked at.
        return 0;
    }
}

} // namespace

SystemError win32Error(Call call, ErrorClass kind, int code, Duration duration)
{
    const NativeScope scope = code == 0 ? NativeScope::None : NativeScope::Win32;
    return {kind, call, {scope, code}, duration == Duration::MayPass};
}

SystemError win32ErrorFor(Call call, ErrorClass kind, int errnoCode)
{
    return win32Error(call, kind, codeFor(call, kind, errnoCode));
}

} // namespace atomicfile::test
