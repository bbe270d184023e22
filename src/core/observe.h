// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "outcome.h"

#include <optional>
#include <vector>

namespace atomicfile {

/// A file or directory that a watcher of a path has to be told about: by its path, and by which one
/// stood there, because what the system watches is not the path.
struct Watched
{
    Path path;
    FileIdentity identity;
};

/// What was found at a path, and where to look for changes.
struct Observation
{
    /// Why there is no telling what stands there. That it cannot be a file (a directory stands there)
    /// is no failure: then there is no such file.
    std::optional<Failure> failure;
    Version version;
    Path target; ///< after symbolic links, as in Outcome; empty if it could not be resolved
    std::optional<Watched> file;
    /// Those in which the target and the symbolic links on the way to it stand and those that hold these,
    /// in turn; for a directory that does not exist the nearest above it that does.
    std::vector<Watched> directories;
};

/// Looks at a path for whoever watches it, symbolic links followed. Leaves everything as it is, but for
/// what a crash may have made of the target, which is put right as by any operation.
Observation observe(FileSystem &system, const Path &path);

} // namespace atomicfile
