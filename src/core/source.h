// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "target.h"

#include <chrono>

namespace atomicfile {

/// A file that is being read, and what it was when it was opened.
struct Source
{
    UniqueFile file;
    FileInfo info;
};

/// NotFound, IsDirectory or NotRegularFile for what cannot be a source. Symlinks::Replace allows a
/// symbolic link itself.
Result<void, Failure> checkSource(const Target &found, Symlinks symlinks);
/// Opens what resolveTarget() found, waiting so long for another program that holds it.
Result<Source, Failure> openSource(FileSystem &system, const Target &found, FileAccess access,
                                   std::chrono::milliseconds busyTimeout);

} // namespace atomicfile
