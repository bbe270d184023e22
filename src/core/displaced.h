// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "outcome.h"
#include "target.h"

#include <optional>

/**
 * Where replacing a file takes two steps (ReplaceFileW), the old file stands under another name from
 * the first step until the new one is safe. That name tells which file it belongs to, so that whoever
 * comes after a crash between the two can put it back.
 */
namespace atomicfile {

/// What the name of a displaced file tells.
struct DisplacedName
{
    Path target;
    Path key; ///< as stagedKey() gives it, of the operation that displaced the file
};

/// The name under which the file at target stands while the staged file takes its place: ".af-old-",
/// the target's name, a dot and the staged file's key. Its end is not the target's, so that nobody who
/// looks for files of a kind takes it for one. Nothing if it would be longer than names may be.
std::optional<Path> displacedName(const Path &target, const Path &staged,
                                  const Capabilities &capabilities);
std::optional<DisplacedName> parseDisplacedName(const Path &name);

enum class Settled {
    Nothing,  ///< there was nothing to do
    Restored, ///< the old file is back at its name
    Removed,  ///< the target is there, and the old file, superseded, is gone
    Alive,    ///< a living process is at it
    Unknown,  ///< one may be: without locks nobody can say
};

/// What is to be done where there are no locks, as on most servers.
enum class WithoutLocks { Leave, Settle };

/// Puts one displaced file right, unless a living process is at it. Where the target is missing and crashes
/// have left several old files of it, it is put right with the last.
Result<Settled> settleDisplaced(FileSystem &system, DirectoryHandle directory, const Path &name,
                                WithoutLocks withoutLocks);

/**
 * Looks for what a crash, or another program this very moment, has made of a target that is not there,
 * and puts the old file back.
 *
 * Restored: the target is there again. Alive: it is about to be. Not to be asked where replacing is one
 * step: it reads the directory.
 */
Result<Settled> recoverTarget(FileSystem &system, const Place &place, WithoutLocks withoutLocks);

} // namespace atomicfile
