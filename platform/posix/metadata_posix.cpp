// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "error_posix.h"
#include "filesystem_posix.h"
#include "native_posix.h"

#include <limits>

#include <sys/stat.h>
#include <unistd.h>

namespace atomicfile {

using namespace posix;

namespace {

constexpr Nanoseconds perSecond = 1'000'000'000;

FileKind kindOf(mode_t mode) noexcept
{
    switch (mode & S_IFMT) {
    case S_IFREG:
        return FileKind::Regular;
    case S_IFDIR:
        return FileKind::Directory;
    case S_IFLNK:
        return FileKind::Symlink;
    case S_IFIFO:
        return FileKind::Fifo;
    case S_IFSOCK:
        return FileKind::Socket;
    case S_IFCHR:
        return FileKind::CharacterDevice;
    case S_IFBLK:
        return FileKind::BlockDevice;
    default: // A number of the system's, not an enumeration of ours.
        return FileKind::Other;
    }
}

/// Times outside the years 1678 to 2261, which only a broken clock writes, become the nearest
/// that can be told.
Nanoseconds nanosecondsOf(const timespec &time) noexcept
{
    constexpr Nanoseconds lastSecond = std::numeric_limits<Nanoseconds>::max() / perSecond - 1;
    const auto seconds = static_cast<Nanoseconds>(time.tv_sec);
    if (seconds > lastSecond)
        return std::numeric_limits<Nanoseconds>::max();
    if (seconds < -lastSecond)
        return std::numeric_limits<Nanoseconds>::min();
    return seconds * perSecond + static_cast<Nanoseconds>(time.tv_nsec);
}

/// The part below a second counts forward from it, also before 1970.
timespec timeOf(Nanoseconds nanoseconds) noexcept
{
    Nanoseconds seconds = nanoseconds / perSecond;
    Nanoseconds rest = nanoseconds % perSecond;
    if (rest < 0) {
        rest += perSecond;
        --seconds;
    }
    timespec time = {};
    time.tv_sec = static_cast<decltype(time.tv_sec)>(seconds);
    time.tv_nsec = static_cast<decltype(time.tv_nsec)>(rest);
    return time;
}

} // namespace

FileInfo posix::infoOf(const struct stat &status) noexcept
{
    FileInfo info;
    info.kind = kindOf(status.st_mode);
    info.identity = {static_cast<std::uint64_t>(status.st_dev),
                     {static_cast<std::uint64_t>(status.st_ino), 0}};
    info.size = status.st_size;
    info.allocated = std::int64_t{status.st_blocks} * 512; // In this unit whatever st_blksize says.
    info.linkCount = static_cast<std::uint64_t>(status.st_nlink);
    info.mode = static_cast<ModeBits>(status.st_mode) & mode::everything;
    info.owner = status.st_uid;
    info.group = status.st_gid;
    info.accessed = nanosecondsOf(accessTimeOf(status));
    info.modified = nanosecondsOf(modificationTimeOf(status));
    info.flags = flagsOf(status);
    return info;
}

std::uint32_t PosixFileSystem::effectiveUser() const { return ::geteuid(); }

Result<Nanoseconds> PosixFileSystem::birthTime(FileHandle file)
{
    const auto time = birthTimeOf(descriptorOf(file));
    if (!time)
        return time.error();
    return nanosecondsOf(time.value());
}

Status PosixFileSystem::setOwner(FileHandle file, std::uint32_t owner, std::uint32_t group)
{
    return statusOf(Call::SetOwner, ::fchown(descriptorOf(file), owner, group));
}

Status PosixFileSystem::setMode(FileHandle file, ModeBits mode)
{
    const auto bits = static_cast<mode_t>(mode & mode::everything);
    return statusOf(Call::SetMode, ::fchmod(descriptorOf(file), bits));
}

Status PosixFileSystem::setTimes(FileHandle file, Nanoseconds accessed, Nanoseconds modified)
{
    const timespec times[2] = {timeOf(accessed), timeOf(modified)};
    return statusOf(Call::SetTimes, ::futimens(descriptorOf(file), times));
}

} // namespace atomicfile
