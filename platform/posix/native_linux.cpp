// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "native_posix.h"

#include <cerrno>

#include <fcntl.h>

namespace atomicfile::posix {

int searchOnlyFlags() noexcept { return O_PATH; }

timespec accessTimeOf(const struct stat &status) noexcept { return status.st_atim; }

timespec modificationTimeOf(const struct stat &status) noexcept { return status.st_mtim; }

/// Those of chattr(1) are the file system's own and take a call to be read.
FileFlags flagsOf(const struct stat &) noexcept { return 0; }

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
