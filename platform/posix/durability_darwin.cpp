// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "error_posix.h"
#include "filesystem_posix.h"
#include "native_posix.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

namespace atomicfile {

using namespace posix;

namespace {

/// fsync leaves the bytes in the drive's cache here; F_FULLFSYNC empties that too. Volumes that lack
/// it (SMB, some USB sticks) say so by one of three codes, and then fsync is the best there is. Any
/// other failure is one: an fsync after it that says ok would prove nothing.
int fullSync(int descriptor) noexcept
{
    const int result = ::fcntl(descriptor, F_FULLFSYNC);
    if (result == -1 && (errno == ENOTSUP || errno == EINVAL || errno == ENOTTY))
        return ::fsync(descriptor);
    return result;
}

/// Whether what fsync hands over is kept where F_FULLFSYNC of another file empties the cache: not so on a
/// server.
bool isOnDevice(int descriptor) noexcept
{
    struct statfs volume = {};
    return ::fstatfs(descriptor, &volume) == 0 && (volume.f_flags & MNT_LOCAL) != 0;
}

/// EINVAL and EBADF mean what they mean on Linux; see durability_linux.cpp.
Status statusOfDirectory(Call call, int result) noexcept
{
    if (result == -1 && errno == EINVAL)
        return lastErrorAs(ErrorClass::Unsupported, call);
    if (result == -1 && errno == EBADF)
        return lastErrorAs(ErrorClass::PermissionDenied, call);
    return statusOf(call, result);
}

} // namespace

Status PosixFileSystem::syncDirectory(DirectoryHandle directory)
{
    return statusOfDirectory(Call::SyncDirectory, fullSync(descriptorOf(directory)));
}

/// There is no cheaper sync of the content alone.
Status PosixFileSystem::syncFile(FileHandle file, SyncScope)
{
    const int result = fullSync(descriptorOf(file));
    return statusOf(Call::SyncFile, result == -1 ? -1 : 0);
}

Status PosixFileSystem::writeOutFile(FileHandle file)
{
    if (!isOnDevice(descriptorOf(file)))
        return SystemError{ErrorClass::Unsupported, Call::WriteOutFile, {}};
    return statusOf(Call::WriteOutFile, ::fsync(descriptorOf(file)));
}

Status PosixFileSystem::writeOutDirectory(DirectoryHandle directory)
{
    if (!isOnDevice(descriptorOf(directory)))
        return SystemError{ErrorClass::Unsupported, Call::WriteOutDirectory, {}};
    return statusOfDirectory(Call::WriteOutDirectory, ::fsync(descriptorOf(directory)));
}

/// No call waits for a whole volume and says how that went: sync(2) does neither.
Status PosixFileSystem::syncVolume(DirectoryHandle, std::int64_t)
{
    return SystemError{ErrorClass::Unsupported, Call::SyncVolume, {}};
}

/// macOS has no such request; being a hint, it is followed by doing nothing.
Status PosixFileSystem::startWriteback(FileHandle, std::int64_t, std::int64_t) { return {}; }

} // namespace atomicfile
