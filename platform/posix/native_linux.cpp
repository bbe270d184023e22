// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "native_posix.h"

#include "error_posix.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>

namespace atomicfile::posix {

int searchOnlyFlags() noexcept { return O_PATH; }

timespec accessTimeOf(const struct stat &status) noexcept { return status.st_atim; }

timespec modificationTimeOf(const struct stat &status) noexcept { return status.st_mtim; }

/// Those of chattr(1) are the file system's own and take a call to be read.
FileFlags flagsOf(const struct stat &) noexcept { return 0; }

Result<timespec> birthTimeOf(int descriptor) noexcept
{
    struct statx status = {};
    if (::statx(descriptor, "", AT_EMPTY_PATH, STATX_BTIME, &status) == -1)
        return lastError(Call::BirthTime);
    if ((status.stx_mask & STATX_BTIME) == 0)
        return SystemError{ErrorClass::Unsupported, Call::BirthTime, {}};
    timespec time = {};
    time.tv_sec = static_cast<decltype(time.tv_sec)>(status.stx_btime.tv_sec);
    time.tv_nsec = static_cast<decltype(time.tv_nsec)>(status.stx_btime.tv_nsec);
    return time;
}

ErrorClass classifyNative(int code) noexcept
{
    switch (code) {
    case EUCLEAN: // ext4 and XFS: the file system is damaged
    case EREMOTEIO:
    case EHWPOISON:
    case ENOMEDIUM:
    case EMEDIUMTYPE:
        return ErrorClass::DeviceError;
    case ENOKEY: // fscrypt: the directory is locked
    case EKEYEXPIRED:
    case EKEYREVOKED:
    case EKEYREJECTED:
        return ErrorClass::PermissionDenied;
    default:
        return ErrorClass::Unknown;
    }
}

} // namespace atomicfile::posix
