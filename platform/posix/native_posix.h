// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "platform/error.h"
#include "platform/filesystem.h"

#include <algorithm>
#include <cstddef>

#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>

/// What the files of this folder share, and the small things in which the systems differ.
namespace atomicfile::posix {

static_assert(sizeof(off_t) == 8, "Compile with _FILE_OFFSET_BITS=64: files grow beyond 2 GiB.");

/**
 * The most that one read, write or copy moves. Systems differ in what they do above 2 GiB (Linux
 * stops short, macOS answers EINVAL); all of them take this, and no caller can tell.
 */
inline constexpr std::size_t largestTransfer = std::size_t{1} << 30;

inline std::size_t transferSize(std::size_t wanted) noexcept
{
    return std::min(wanted, largestTransfer);
}

template<typename Handle>
int descriptorOf(Handle handle) noexcept
{
    return static_cast<int>(handle.value);
}

/// FileInfo in the words of this library; see metadata_posix.cpp.
FileInfo infoOf(const struct stat &status) noexcept;

// --- Answered by native_linux.cpp or native_darwin.cpp ---

/// The open flags for a directory that may be entered and not read.
int searchOnlyFlags() noexcept;

/// As fstat(2), also in its result and errno.
int statDescriptor(int descriptor, Times times, struct stat &status) noexcept;
timespec accessTimeOf(const struct stat &status) noexcept;
timespec modificationTimeOf(const struct stat &status) noexcept;
FileFlags flagsOf(const struct stat &status) noexcept;
/// Unsupported where the file system does not know.
Result<timespec> birthTimeOf(int descriptor) noexcept;

/// What an errno value means that other systems lack; Unknown for every other number.
ErrorClass classifyNative(int code) noexcept;

} // namespace atomicfile::posix
