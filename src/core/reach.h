// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "retry.h"

#include "platform/filesystem.h"

namespace atomicfile {

/// How far a sync goes.
enum class Reach {
    Device, ///< whose cache may still hold it, until the next sync that goes further empties that
    Medium,
};

/// What became of a sync. Who failed has noted why.
enum class Synced {
    Done,
    Failed,
    Unsupported, ///< it cannot go just so far
};

inline Status syncFile(FileSystem &system, FileHandle file, SyncScope scope, Reach reach)
{
    return retryInterrupted([&] {
        return reach == Reach::Device ? system.writeOutFile(file) : system.syncFile(file, scope);
    });
}

inline Status syncDirectory(FileSystem &system, DirectoryHandle directory, Reach reach)
{
    return retryInterrupted([&] {
        return reach == Reach::Device ? system.writeOutDirectory(directory)
                                      : system.syncDirectory(directory);
    });
}

inline bool goesNoShorter(const Status &status, Reach reach)
{
    return reach == Reach::Device && !status && status.error().kind == ErrorClass::Unsupported;
}

} // namespace atomicfile
