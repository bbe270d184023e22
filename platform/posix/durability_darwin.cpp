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

Status writeOut(int descriptor, Call call) noexcept
{
    if (!isOnDevice(descriptor))
        return SystemError{ErrorClass::Unsupported, call, {}};
    return statusOf(call, ::fsync(descriptor));
}

} // namespace

/// EINVAL and EBADF mean what they mean on Linux; see durability_linux.cpp.
Status PosixFileSystem::syncDirectory(DirectoryHandle directory)
{
    const int result = fullSync(descriptorOf(directory));
    if (result == -1 && errno == EINVAL)
        return lastErrorAs(ErrorClass::Unsupported, Call::SyncDirectory);
    if (result == -1 && errno == EBADF)
        return lastErrorAs(ErrorClass::PermissionDenied, Call::SyncDirectory);
    return statusOf(Call::SyncDirectory, result);
}

/// There is no cheaper sync of the content alone.
Status PosixFileSystem::syncFile(FileHandle file, SyncScope)
{
    const int result = fullSync(descriptorOf(file));
    return statusOf(Call::SyncFile, result == -1 ? -1 : 0);
}

Status PosixFileSystem::writeOutFile(FileHandle file)
{
    return writeOut(descriptorOf(file), Call::WriteOutFile);
}

Status PosixFileSystem::writeOutDirectory(DirectoryHandle directory)
{
    return writeOut(descriptorOf(directory), Call::WriteOutDirectory);
}

/// No call waits for a whole volume and says how that went: sync(2) does neither.
Status PosixFileSystem::syncVolume(DirectoryHandle, std::int64_t)
{
    return SystemError{ErrorClass::Unsupported, Call::SyncVolume, {}};
}

/// macOS has no such request; being a hint, it is followed by doing nothing.
Status PosixFileSystem::startWriteback(FileHandle, std::int64_t, std::int64_t) { return {}; }

} // namespace atomicfile
