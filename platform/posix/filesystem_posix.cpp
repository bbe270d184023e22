// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "filesystem_posix.h"

#include <algorithm>

#include <sys/resource.h>

namespace atomicfile {

PosixFileSystem::~PosixFileSystem() = default;

Capabilities PosixFileSystem::capabilities() const
{
    // Directories can be synced in principle; a file system that cannot says so at the call. Names
    // are 255 bytes nearly everywhere, and shorter limits are reported at the call as well.
    return {.canSyncDirectory = true,
            .replaceKeepsMetadata = false,
            .publishesOpenFiles = true,
            .longestName = 255};
}

/// Any byte but NUL and the slash may stand in a name here. A file system that takes fewer says so
/// at the call.
std::optional<ErrorClass> PosixFileSystem::judgePath(const Path &) const { return {}; }

/// The process may raise it, and lower it, at any time.
std::size_t PosixFileSystem::mostOpenFiles() const
{
    rlimit limit = {};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == -1)
        return FileSystem::mostOpenFiles();
    constexpr rlim_t enough = 1 << 16;
    return static_cast<std::size_t>(std::min(limit.rlim_cur, enough));
}

FileSystem &systemFileSystem()
{
    // Never destroyed: a thread that still works while the process ends must find it whole.
    static FileSystem &system = *new PosixFileSystem;
    return system;
}

} // namespace atomicfile
