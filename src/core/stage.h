// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "staged_file.h"

namespace atomicfile {

/// Whether a new target's permissions are the system's choice or will be set before publishing.
enum class NewFileMode { Default, SetLater };

/// Resolves and inspects the target at path and creates the staged file beside it. What is written
/// to it becomes the target by commit() of commit.h.
Result<StagedFile, Outcome> stageFile(FileSystem &system, const Path &path, const Options &options);

/// The same for a target that was resolved already; path is what a failure to resolve concerned. What
/// is going to be a copy of an open file may begin as a clone of it: StagedFile::isClone() tells.
Result<StagedFile, Outcome> stageFor(FileSystem &system, Result<Target, Failure> target,
                                     const Path &path, const Options &options, NewFileMode newMode,
                                     FileHandle original = {});

} // namespace atomicfile
