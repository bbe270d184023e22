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

/**
 * The same, but the staged file begins with what the target holds: a clone where the file system makes
 * such, else a copy on the calling thread; holes stay holes. Where nothing stands, it begins empty.
 *
 * The content is that of one version: Conflict if a program writes into the target while it is copied.
 * That version, or that there was no target, is what commit() expects to replace, unless the options
 * name another: what others put there meanwhile is not overwritten unseen. A symbolic link that is to be
 * replaced itself (Symlinks::Replace) has no content to begin with: NotRegularFile.
 */
Result<StagedFile, Outcome> stageUpdate(FileSystem &system, const Path &path,
                                        const Options &options, Monitor &monitor);

/// A target that was resolved, if the options let it be replaced; path is what a failure to resolve
/// concerned.
Result<Target, Outcome> findTarget(FileSystem &system, Result<Target, Failure> target,
                                   const Path &path, const Options &options);

/// An open file of which the staged one is going to be a copy: the target itself or another.
struct Original
{
    FileHandle file;
    enum class Of { AnotherFile, Target } of = Of::AnotherFile;
};

/// The same for a target that was resolved already; path is what a failure to resolve concerned. What
/// is going to be a copy of an open file may begin as a clone of it: StagedFile::isClone() tells.
Result<StagedFile, Outcome> stageFor(FileSystem &system, Result<Target, Failure> target,
                                     const Path &path, const Options &options, NewFileMode newMode,
                                     Original original = {});

/// Makes bytes the whole content of a file that has just been staged; a failure is in its outcome.
void writeContent(StagedFile &staged, std::span<const std::byte> bytes, Monitor &monitor);

} // namespace atomicfile
