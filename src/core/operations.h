// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "monitor.h"
#include "options.h"
#include "outcome.h"

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

/**
 * The operations that the layers above ask for. Each runs to its end on the calling thread, touches
 * nothing but the FileSystem it is given, and never throws but for std::bad_alloc. Paths should be
 * absolute: a relative one means whatever the process's current directory is when it is opened.
 *
 * Every one ends in commit() of commit.h.
 */
namespace atomicfile {

struct Place;

/// Makes bytes the content of target.
Outcome writeFile(FileSystem &system, const Path &target, std::span<const std::byte> bytes,
                  const Options &options, Monitor &monitor);

/// One file to be written by writeFiles(). The bytes are the caller's and stay as they are meanwhile.
struct WriteRequest
{
    Path target;
    std::span<const std::byte> bytes;
    Options options;
};

/// Gives equal texts for all names that some file system takes for spellings of one.
using FoldName = std::function<std::u16string(const Path &name)>;

/**
 * Does what writeFile() does for each request, and gives the outcomes in the order of the requests. No
 * failure concerns its neighbours.
 *
 * The files are committed in groups, each of which has a target only once: requests for one target
 * happen in their order, and each meets what the one before it made of the target. A group is also
 * bounded by how many files may be open and by how much may be staged; where space or handles run out
 * all the same, what has been staged is committed first and the rest is tried again.
 *
 * Each request has its own monitor. A cancel is heeded by every file that it concerns and that is not yet
 * published; those that were published stay.
 */
std::vector<Outcome> writeFiles(FileSystem &system, std::span<const WriteRequest> requests,
                                std::span<Monitor *const> monitors, const FoldName &fold);

/// The same with one monitor for all: the progress is that of all bytes together.
std::vector<Outcome> writeFiles(FileSystem &system, std::span<const WriteRequest> requests,
                                const FoldName &fold, Monitor &monitor);

/// How many files writeFiles() commits together wherever they are; of one directory it may be more.
std::size_t mostInGroup(const FileSystem &system);

/// Makes target a copy of source: holes stay holes, storage is shared where the file system can. A
/// new target gets the source's permissions, less what they would give to others than they were meant
/// for, as its owner and group are the caller's. A symbolic link as source is followed.
Outcome copyFile(FileSystem &system, const Path &source, const Path &target, const Options &options,
                 Monitor &monitor);

/// Gives source the name target; across volumes by a durable copy with times and permissions and
/// then removal of the source. A symbolic link as source is moved as a link.
Outcome moveFile(FileSystem &system, const Path &source, const Path &target, const Options &options,
                 Monitor &monitor);

/// The version of the file at path, symbolic links followed; a null version if there is none.
Result<Version, Failure> versionOf(FileSystem &system, const Path &path);

/// Makes room for so many bytes, keeping those that are there, and says where they are; the last call
/// gives the final length.
using Resize = std::function<std::span<std::byte>(std::size_t size)>;

/// Reads all bytes of a file; returns the version that they belong to, also while others replace or
/// change the file. Busy if it keeps changing.
Result<Version, Failure> readFile(FileSystem &system, const Path &path, const Resize &resize,
                                  Monitor &monitor);

struct SweepOutcome
{
    std::vector<Path> removed;
    std::optional<Failure> failure; ///< the first one; the others were tried all the same
};

/// Removes from directory the staged files that no living process holds, and puts targets in it right that
/// a crash has left half done. What was staged in the user's state directory goes as well.
SweepOutcome sweep(FileSystem &system, const Path &directory);

/**
 * One name that an operation on a path reads or changes: equal keys for every spelling of one name. Two
 * different names may have equal keys too (letter case is folded everywhere), which costs parallelism
 * and nothing else.
 */
struct TargetKey
{
    FileIdentity directory;
    Path name;       ///< as the directory holds it, or as found in the path; not folded
    Path unresolved; ///< set instead of the others where the directory cannot be opened
};

/// The target's, and that of every symbolic link on the way to it: another operation may be about to
/// replace the link itself.
std::vector<TargetKey> targetKeys(FileSystem &system, const Path &path, Symlinks symlinks);
/// Of a target that has been resolved, by who goes by that, and no more by the links on the way.
std::vector<TargetKey> targetKeys(FileSystem &system, const Place &place);

} // namespace atomicfile
