// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "options.h"
#include "outcome.h"
#include "unique_handle.h"

#include <functional>
#include <optional>

namespace atomicfile {

/// Where an operation takes place: an open directory and a name in it. Everything that follows is
/// done relative to that directory, wherever its path leads by then.
struct Place
{
    SharedDirectory directory;
    DirectoryAccess access = DirectoryAccess::Read;
    Path name;
    Path path; ///< for messages

    /// The path of another name in the same directory.
    Path sibling(const Path &other) const { return path.parent_path() / other; }
    /// Another name in the same open directory.
    Place beside(const Path &other) const { return {directory, access, other, sibling(other)}; }
};

/// A place and what stood there when it was looked at.
struct Target
{
    Place place;
    std::optional<FileInfo> existing;
};

/// Whether a target is put right that a crash has left half overwritten (recovery.h). By who reads what it
/// holds or may overwrite it; to others it makes no difference.
enum class Recover { No, Yes };

/// Told of every symbolic link that is followed on the way to a target.
using LinkFollowed = std::function<void(const Place &link)>;
inline void ignoreLink(const Place &) { }

/**
 * Opens the directory that holds path and looks at what stands there.
 *
 * Symbolic links in the last component are followed (also to where nothing stands yet), left alone
 * (the link is then the target) or refused, as the policy says. Fails with InvalidPath for paths that
 * can never name a file and for a cycle of links, and with whatever the system says. What a crash has
 * made of the target is mended.
 */
Result<Target, Failure> resolveTarget(FileSystem &system, const Path &path, Symlinks symlinks,
                                      Recover overwritten,
                                      const LinkFollowed &followed = ignoreLink);

/// The first half of it, which only looks: leaves alone what a crash may have made of the target.
Result<Target, Failure> followLinks(FileSystem &system, const Path &path, Symlinks symlinks,
                                    const LinkFollowed &followed);

/// Refuses a target that must not be replaced: by the options, by its kind, or because the caller may
/// not write to it (a rename would get past that protection). A target that has just gone is looked for
/// again.
Result<void, Failure> inspectTarget(FileSystem &system, Target &target, const Options &options);

/**
 * Looks once more at a place where nothing stands: an operation that a crash ended may have left the old
 * file under another name, from which it is brought back, and one of a living process may be about to
 * put the new file there, for which this waits.
 *
 * rest lets the thread rest, or says that the waiting is over. Costs nothing where replacing is one step.
 */
Result<std::optional<FileInfo>, Failure> recover(FileSystem &system, const Place &place, Step step,
                                                 const std::function<bool()> &rest);

/// Ok if what is there now may stand where the options expect it; Conflict, AlreadyExists or NotFound
/// otherwise. Asked when the target is inspected and again right before publishing.
Result<void, Failure> checkExpectations(const std::optional<FileInfo> &existing,
                                        const Options &options, Step step, const Path &path);

/// True where the options let the target be overwritten in place, as it cannot be replaced.
bool mayOverwrite(const std::optional<FileInfo> &existing, const Options &options);
/// True where they ask for that whether it can be replaced or not.
bool isToBeOverwritten(const std::optional<FileInfo> &existing, const Options &options);
/// What an operation on a target needs, by its options.
Recover recoverFor(const Options &options);

/// True where the new file takes over the metadata of the one that it replaces.
bool keepsTargetMetadata(const Target &target, const Options &options);

/// What stands at a place now; nothing if the name is free.
Result<std::optional<FileInfo>, Failure> lookAt(FileSystem &system, const Place &place, Step step);

} // namespace atomicfile
