// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace atomicfile {

enum class FileKind {
    Regular,
    Directory,
    Symlink,
    Fifo,
    Socket,
    CharacterDevice,
    BlockDevice,
    Other
};

/// Identifies a file or directory on a volume as long as it exists. Two names with equal identity
/// are one file. The file part is wide enough for ReFS; POSIX fills the lower half.
struct FileIdentity
{
    std::uint64_t volume = 0;
    std::array<std::uint64_t, 2> file = {0, 0};

    bool operator==(const FileIdentity &) const = default;
};

/// Nanoseconds since 1970-01-01 UTC; negative before it.
using Nanoseconds = std::int64_t;

/// The permission bits of a file: rwx for owner, group and others, and the set-id and sticky bits.
using ModeBits = std::uint32_t;

namespace mode {
inline constexpr ModeBits setUserId = 04000;
inline constexpr ModeBits setGroupId = 02000;
inline constexpr ModeBits sticky = 01000;
inline constexpr ModeBits ownerAll = 0700;
inline constexpr ModeBits groupAll = 0070;
inline constexpr ModeBits othersAll = 0007;
inline constexpr ModeBits othersWrite = 0002;
inline constexpr ModeBits everything = 07777;
} // namespace mode

/// What an owner says of a file by flags, and what goes with it: on macOS that it is hidden, or not to be
/// backed up. Flags that keep a file from being changed are none of these.
using FileFlags = std::uint32_t;

/// What the system says of one file at one moment.
struct FileInfo
{
    FileKind kind = FileKind::Other;
    FileIdentity identity;
    std::int64_t size = 0;      ///< bytes
    std::int64_t allocated = 0; ///< bytes of storage; less than size where the file has holes
    std::uint64_t linkCount = 1;
    ModeBits mode = 0; ///< without the file type
    std::uint32_t owner = 0;
    std::uint32_t group = 0;
    Nanoseconds accessed = 0;
    Nanoseconds modified = 0;
    FileFlags flags = 0; ///< 0 where there are none

    bool operator==(const FileInfo &) const = default;
};

} // namespace atomicfile
