// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "native_posix.h"

#include "error_posix.h"

#include <cerrno>

#include <fcntl.h>

namespace atomicfile::posix {

int searchOnlyFlags() noexcept
{
#ifdef O_SEARCH
    return O_SEARCH;
#else
    // SDKs before macOS 13 lack the name. Asking to read then fails where only searching is
    // permitted, which the caller reports as what it is.
    return O_RDONLY;
#endif
}

/// The times cost nothing.
int statDescriptor(int descriptor, Times, struct stat &status) noexcept
{
    return ::fstat(descriptor, &status);
}

timespec accessTimeOf(const struct stat &status) noexcept { return status.st_atimespec; }

timespec modificationTimeOf(const struct stat &status) noexcept { return status.st_mtimespec; }

/// Not those that keep a file from being changed: such a target cannot be replaced at all.
FileFlags flagsOf(const struct stat &status) noexcept
{
    return status.st_flags & (UF_NODUMP | UF_OPAQUE | UF_HIDDEN);
}

Result<timespec> birthTimeOf(int descriptor) noexcept
{
    struct stat status = {};
    if (::fstat(descriptor, &status) == -1)
        return lastError(Call::BirthTime);
    return status.st_birthtimespec;
}

ErrorClass classifyNative(int code) noexcept
{
    switch (code) {
    case EDEVERR:
    case EPWROFF:
    case EBADRPC:
        return ErrorClass::DeviceError;
    case EAUTH:
    case ENEEDAUTH:
        return ErrorClass::PermissionDenied;
    default:
        return ErrorClass::Unknown;
    }
}

} // namespace atomicfile::posix
