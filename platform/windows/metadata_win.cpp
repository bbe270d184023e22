// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "error_win.h"
#include "filesystem_win.h"
#include "native_win.h"

#include <cstring>
#include <limits>

namespace atomicfile {

using namespace windows;

namespace {

// The kinds of reparse points that the headers do not name everywhere; the last four are what the
// Linux subsystem stores.
constexpr DWORD socketTag = 0x80000023;
constexpr DWORD linuxLinkTag = 0xA000001D;
constexpr DWORD linuxFifoTag = 0x80000024;
constexpr DWORD linuxCharacterDeviceTag = 0x80000025;
constexpr DWORD linuxBlockDeviceTag = 0x80000026;

constexpr ModeBits readBits = 0444;
constexpr ModeBits writeBits = 0222;
constexpr ModeBits searchBits = 0111;
constexpr ModeBits ownerWrites = 0200;

/// The system counts in 100 ns from the year 1601.
constexpr Nanoseconds perTick = 100;
constexpr std::int64_t ticksBefore1970 = 116'444'736'000'000'000;

/// Times after the year 2262, which only a broken clock writes, become the last that can be told;
/// so do those before 1678.
Nanoseconds nanosecondsOf(LARGE_INTEGER time) noexcept
{
    constexpr std::int64_t lastTick = std::numeric_limits<Nanoseconds>::max() / perTick;
    const std::int64_t ticks = time.QuadPart - ticksBefore1970;
    if (ticks > lastTick)
        return std::numeric_limits<Nanoseconds>::max();
    if (ticks < -lastTick)
        return std::numeric_limits<Nanoseconds>::min();
    return ticks * perTick;
}

/// Never 0, which would mean that the time is to be left alone: that is in the year 1601.
LARGE_INTEGER timeOf(Nanoseconds nanoseconds) noexcept
{
    std::int64_t ticks = nanoseconds / perTick;
    if (nanoseconds % perTick < 0) // Down to the tick, also before 1970.
        --ticks;
    LARGE_INTEGER time = {};
    time.QuadPart = ticks + ticksBefore1970;
    return time;
}

/**
 * The read-only attribute is all that there is of a mode; who may do what is in an access control
 * list. On a directory the attribute means something else: the shell marks folders by it that look
 * special, and anybody may write to them.
 */
ModeBits modeOf(FileKind kind, DWORD attributes) noexcept
{
    if (kind == FileKind::Directory)
        return readBits | writeBits | searchBits;
    return (attributes & FILE_ATTRIBUTE_READONLY) != 0 ? readBits : readBits | writeBits;
}

template<typename Information>
bool query(HANDLE handle, FILE_INFO_BY_HANDLE_CLASS kind, Information &information) noexcept
{
    return ::GetFileInformationByHandleEx(handle, kind, &information, sizeof information) != 0;
}

/// File systems without 128-bit numbers (FAT, and servers before SMB 3) know the older question
/// only. One volume always answers in the same way.
Result<FileIdentity> identityOf(HANDLE handle, Call call) noexcept
{
    FILE_ID_INFO identifier = {};
    if (query(handle, FileIdInfo, identifier)) {
        FileIdentity identity;
        identity.volume = identifier.VolumeSerialNumber;
        static_assert(sizeof identity.file == sizeof identifier.FileId);
        std::memcpy(identity.file.data(), &identifier.FileId, sizeof identifier.FileId);
        return identity;
    }
    BY_HANDLE_FILE_INFORMATION older = {};
    if (!::GetFileInformationByHandle(handle, &older))
        return lastError(call);
    const auto high = std::uint64_t{older.nFileIndexHigh} << 32;
    return FileIdentity{older.dwVolumeSerialNumber, {high | older.nFileIndexLow, 0}};
}

} // namespace

/// Only what leads elsewhere is a link: a junction to a directory as much as a symbolic link. Other
/// reparse points are how a file system stores a file that is a file like any other.
FileKind windows::kindOf(const FILE_ATTRIBUTE_TAG_INFO &attributes) noexcept
{
    if ((attributes.FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0) {
        switch (attributes.ReparseTag) {
        case IO_REPARSE_TAG_SYMLINK:
        case IO_REPARSE_TAG_MOUNT_POINT:
            return FileKind::Symlink;
        case socketTag:
            return FileKind::Socket;
        case linuxFifoTag:
            return FileKind::Fifo;
        case linuxCharacterDeviceTag:
            return FileKind::CharacterDevice;
        case linuxBlockDeviceTag:
            return FileKind::BlockDevice;
        case linuxLinkTag: // Nobody but that subsystem follows it.
            return FileKind::Other;
        default: // A number of the system's, not an enumeration of ours.
            break;
        }
    }
    return (attributes.FileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0 ? FileKind::Directory
                                                                       : FileKind::Regular;
}

/// The attributes alone where a file system does not know the question: it has no reparse points.
Result<FILE_ATTRIBUTE_TAG_INFO> windows::attributesOf(HANDLE handle, Call call) noexcept
{
    FILE_ATTRIBUTE_TAG_INFO attributes = {};
    if (query(handle, FileAttributeTagInfo, attributes))
        return attributes;
    if (!isLack(::GetLastError()))
        return lastError(call);
    FILE_BASIC_INFO basic = {};
    if (!query(handle, FileBasicInfo, basic))
        return lastError(call);
    attributes.FileAttributes = basic.FileAttributes;
    return attributes;
}

Result<FileInfo> windows::infoOf(HANDLE handle, Call call)
{
    const auto attributes = attributesOf(handle, call);
    if (!attributes)
        return attributes.error();
    FILE_BASIC_INFO basic = {};
    if (!query(handle, FileBasicInfo, basic))
        return lastError(call);
    FILE_STANDARD_INFO standard = {};
    if (!query(handle, FileStandardInfo, standard))
        return lastError(call);
    const auto identity = identityOf(handle, call);
    if (!identity)
        return identity.error();

    FileInfo info;
    info.kind = kindOf(attributes.value());
    info.identity = identity.value();
    info.size = standard.EndOfFile.QuadPart;
    info.allocated = standard.AllocationSize.QuadPart;
    info.linkCount = standard.NumberOfLinks;
    info.mode = modeOf(info.kind, basic.FileAttributes);
    info.accessed = nanosecondsOf(basic.LastAccessTime);
    info.modified = nanosecondsOf(basic.LastWriteTime);
    return info;
}

Result<Nanoseconds> WindowsFileSystem::birthTime(FileHandle file)
{
    FILE_BASIC_INFO basic = {};
    if (!query(nativeOf(file), FileBasicInfo, basic))
        return lastError(Call::BirthTime);
    return nanosecondsOf(basic.CreationTime);
}

/// Owners have no numbers here: every file answers with 0 for both, and can keep that.
Status WindowsFileSystem::setOwner(FileHandle, std::uint32_t owner, std::uint32_t group)
{
    if (owner == 0 && group == 0)
        return {};
    return SystemError{ErrorClass::Unsupported, Call::SetOwner, {}};
}

/// Zero in the times means that they stay, and zero in the attributes means that they stay, hence
/// FILE_ATTRIBUTE_NORMAL for none.
Status WindowsFileSystem::setMode(FileHandle file, ModeBits mode)
{
    FILE_BASIC_INFO basic = {};
    if (!query(nativeOf(file), FileBasicInfo, basic))
        return lastError(Call::SetMode);
    FILE_BASIC_INFO change = {};
    change.FileAttributes = (mode & ownerWrites) != 0
        ? basic.FileAttributes & ~DWORD{FILE_ATTRIBUTE_READONLY}
        : basic.FileAttributes | FILE_ATTRIBUTE_READONLY;
    if (change.FileAttributes == 0)
        change.FileAttributes = FILE_ATTRIBUTE_NORMAL;
    return statusOf(
        Call::SetMode,
        ::SetFileInformationByHandle(nativeOf(file), FileBasicInfo, &change, sizeof change));
}

/// From now on writing through this handle, though not through others, leaves the times alone: the
/// system takes what was set for what is wanted.
Status WindowsFileSystem::setTimes(FileHandle file, Nanoseconds accessed, Nanoseconds modified)
{
    FILE_BASIC_INFO change = {};
    change.LastAccessTime = timeOf(accessed);
    change.LastWriteTime = timeOf(modified);
    return statusOf(
        Call::SetTimes,
        ::SetFileInformationByHandle(nativeOf(file), FileBasicInfo, &change, sizeof change));
}

/// Lists are kept by replace; nothing carries them from one file to another yet.
Result<AccessControl> WindowsFileSystem::readAccessControl(FileHandle)
{
    return SystemError{ErrorClass::Unsupported, Call::ReadAccessControl, {}};
}

Status WindowsFileSystem::writeAccessControl(FileHandle, const AccessControl &)
{
    return SystemError{ErrorClass::Unsupported, Call::WriteAccessControl, {}};
}

/// Windows itself brings all streams and attributes along where it replaces a file.
Status WindowsFileSystem::setFlags(FileHandle, FileFlags)
{
    return SystemError{ErrorClass::Unsupported, Call::SetFlags, {}};
}

} // namespace atomicfile
