// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "error_posix.h"
#include "filesystem_posix.h"
#include "native_posix.h"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace atomicfile {

using namespace posix;

/**
 * EINVAL is a file system that cannot (CIFS, some FUSE ones). EBADF is a directory that was opened
 * SearchOnly: it could be synced, but not by somebody who may not read it, so the names are not
 * known to be durable, and that must not look like Unsupported.
 */
Status PosixFileSystem::syncDirectory(DirectoryHandle directory)
{
    const int result = ::fsync(descriptorOf(directory));
    if (result == -1 && errno == EINVAL)
        return lastErrorAs(ErrorClass::Unsupported, Call::SyncDirectory);
    if (result == -1 && errno == EBADF)
        return lastErrorAs(ErrorClass::PermissionDenied, Call::SyncDirectory);
    return statusOf(Call::SyncDirectory, result);
}

Status PosixFileSystem::syncFile(FileHandle file, SyncScope scope)
{
    const int descriptor = descriptorOf(file);
    switch (scope) {
    case SyncScope::Content:
        return statusOf(Call::SyncFile, ::fdatasync(descriptor));
    case SyncScope::Everything:
        break;
    }
    return statusOf(Call::SyncFile, ::fsync(descriptor));
}

/// SYNC_FILE_RANGE_WRITE alone: with a WAIT flag the call would take the report of a write error
/// away from the fsync that follows, which would then say ok.
Status PosixFileSystem::startWriteback(FileHandle file, std::int64_t offset, std::int64_t length)
{
    if (length == 0) // The system call takes 0 for "to the end of the file".
        return {};
    return statusOf(Call::StartWriteback,
                    ::sync_file_range(descriptorOf(file), offset, length, SYNC_FILE_RANGE_WRITE));
}

} // namespace atomicfile
