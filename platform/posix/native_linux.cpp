// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "native_posix.h"

#include "error_posix.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

namespace atomicfile::posix {

int searchOnlyFlags() noexcept { return O_PATH; }

namespace {

constexpr unsigned allTimes = STATX_ATIME | STATX_MTIME | STATX_CTIME;

/// All but the times, which stay as they are.
void fill(struct stat &status, const struct statx &found) noexcept
{
    status.st_dev = makedev(found.stx_dev_major, found.stx_dev_minor);
    status.st_ino = found.stx_ino;
    status.st_mode = found.stx_mode;
    status.st_nlink = static_cast<decltype(status.st_nlink)>(found.stx_nlink);
    status.st_uid = found.stx_uid;
    status.st_gid = found.stx_gid;
    status.st_size = static_cast<off_t>(found.stx_size);
    status.st_blocks = static_cast<decltype(status.st_blocks)>(found.stx_blocks);
}

} // namespace

int statDescriptor(int descriptor, Times times, struct stat &status) noexcept
{
    if (times == Times::Asked)
        return ::fstat(descriptor, &status);
    struct statx found = {};
    constexpr unsigned wanted = STATX_BASIC_STATS & ~allTimes;
    const int result = ::statx(descriptor, "", AT_EMPTY_PATH, wanted, &found);
    // Old sandboxes refuse what they do not know, with EPERM for example.
    if (result == -1 && errno != EINTR)
        return ::fstat(descriptor, &status);
    if (result == 0)
        fill(status, found);
    return result;
}

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
