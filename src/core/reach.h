// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "platform/filesystem.h"
#include "retry.h"

namespace atomicfile {

/// How far a sync goes.
enum class Reach {
    Device, ///< handed over to it: its cache may still hold it
    Medium, ///< and with it all that was handed over to the device before
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

} // namespace atomicfile
