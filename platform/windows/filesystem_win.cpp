// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "filesystem_win.h"

#include "path_win.h"

namespace atomicfile {

WindowsFileSystem::~WindowsFileSystem() = default;

Capabilities WindowsFileSystem::capabilities() const
{
    // No documented call syncs a directory; a write-through rename and FlushFileBuffers of the
    // renamed file do its work. ReplaceFileW carries the metadata and wants the staged file to
    // itself.
    return {.canSyncDirectory = false,
            .replaceKeepsMetadata = true,
            .publishesOpenFiles = false,
            .syncsReadHandles = false,
            .modesGuard = false,
            .longestName = 255};
}

std::optional<ErrorClass> WindowsFileSystem::judgePath(const Path &path) const
{
    return windows::judge(path.native());
}

FileSystem &systemFileSystem()
{
    // Never destroyed: a thread that still works while the process ends must find it whole.
    static FileSystem &system = *new WindowsFileSystem;
    return system;
}

} // namespace atomicfile
