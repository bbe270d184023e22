// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "error_posix.h"
#include "filesystem_posix.h"
#include "native_posix.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <optional>
#include <string_view>

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
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

namespace {

/// Linux reports through syncfs what could not be written since 5.8, and all of it since 5.17.
bool reportsThroughSyncfs() noexcept
{
    static const bool reports = [] {
        utsname system = {};
        if (::uname(&system) == -1)
            return false;
        const char *const end = system.release + std::strlen(system.release);
        int major = 0;
        int minor = 0;
        const auto dot = std::from_chars(system.release, end, major);
        const bool isKnown = dot.ec == std::errc() && dot.ptr != end
            && std::from_chars(dot.ptr + 1, end, minor).ec == std::errc();
        return isKnown && (major > 5 || (major == 5 && minor >= 17));
    }();
    return reports;
}

/// The file systems that are known to empty the drive's cache for it, ext4 among those that call
/// themselves EXT4.
bool isKnownToSync(int descriptor, bool &mayBeExt2) noexcept
{
    struct statfs volume = {};
    if (::fstatfs(descriptor, &volume) == -1)
        return false;
    mayBeExt2 = volume.f_type == EXT4_SUPER_MAGIC;
    return mayBeExt2 || volume.f_type == XFS_SUPER_MAGIC || volume.f_type == BTRFS_SUPER_MAGIC;
}

/// What waits to be written on this machine, whosever it is; nothing if nobody tells.
std::optional<std::int64_t> bytesWaiting()
{
    const int descriptor = ::open("/proc/vmstat", O_RDONLY | O_CLOEXEC);
    if (descriptor == -1)
        return std::nullopt;
    std::array<char, 16384> buffer;
    const ssize_t length = ::read(descriptor, buffer.data(), buffer.size());
    (void)::close(descriptor); // It was only read from.
    const std::string_view text(buffer.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
    std::int64_t pages = 0;
    for (const std::string_view name : {"\nnr_dirty ", "\nnr_writeback "}) {
        const auto found = text.find(name);
        std::int64_t count = 0;
        const char *const end = text.data() + text.size();
        if (found == std::string_view::npos
            || std::from_chars(text.data() + found + name.size(), end, count).ec != std::errc())
            return std::nullopt;
        pages += count;
    }
    return pages * ::sysconf(_SC_PAGESIZE);
}

} // namespace

/// No call promises it: sync_file_range leaves out what says where the bytes are. syncVolume() is the way here.
Status PosixFileSystem::writeOutFile(FileHandle)
{
    return SystemError{ErrorClass::Unsupported, Call::WriteOutFile, {}};
}

Status PosixFileSystem::writeOutDirectory(DirectoryHandle)
{
    return SystemError{ErrorClass::Unsupported, Call::WriteOutDirectory, {}};
}

Status PosixFileSystem::syncVolume(DirectoryHandle directory, std::int64_t most)
{
    const int descriptor = descriptorOf(directory);
    bool mayBeExt2 = false;
    const auto waiting = reportsThroughSyncfs() && isKnownToSync(descriptor, mayBeExt2)
        ? bytesWaiting()
        : std::nullopt;
    if (!waiting || *waiting > most)
        return SystemError{ErrorClass::Unsupported, Call::SyncVolume, {}};
    if (::syncfs(descriptor) == -1)
        return lastError(Call::SyncVolume);
    // The driver of ext2 writes everything and leaves it in the drive's cache; its fsync does not.
    return statusOf(Call::SyncVolume, mayBeExt2 ? ::fsync(descriptor) : 0);
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
