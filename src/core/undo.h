// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "monitor.h"
#include "options.h"
#include "outcome.h"
#include "patience.h"
#include "source.h"
#include "target.h"
#include "unique_handle.h"

#include <utility>

/**
 * What makes overwriting a file in place safe: a synced copy of its old content, which is there for as long
 * as the file may be half old and half new. Whoever comes after a crash puts the old content back
 * (recovery.h).
 *
 * The copy is in the user's state directory and nobody else's to read or write: beside the file, who may
 * rename files there could decide what the file is put back to. It is found by the file's number and the
 * time of its birth, whatever the name that it is looked for under; where the file has gone it stays, for
 * it may be all that is left. Who overwrites a file or puts it back holds its lock, so that there is one at
 * a time.
 */
namespace atomicfile {

/// A file that may be overwritten: open for reading and writing, and locked.
struct LockedTarget
{
    Source source;
    Nanoseconds born = 0;
};

/// Takes the lock of what openSource() has opened for both, waiting for others that have it. Busy if they
/// keep it; Unsupported where files cannot be locked or nobody knows when they came into being.
Result<LockedTarget, Failure> lockTarget(FileSystem &system, Source source, Patience &patience,
                                         Step step, const Path &path);

class Undo
{
public:
    /// Keeps what the target holds. Conflict if somebody writes into it meanwhile all the same. The
    /// outcome is told of what could not be removed.
    static Result<Undo, Failure> keep(FileSystem &system, const LockedTarget &target,
                                      const Path &targetPath, const Options &options,
                                      Monitor &monitor, Outcome &outcome);

    /// One that a crash has left.
    Undo(FileSystem &system, Place place) : m_system(&system), m_place(std::move(place)) { }

    /// Makes the old content that of the target again, then gives it that mode and its time, and syncs it.
    Result<void, Failure> putBack(FileHandle target, ModeBits mode);
    /// Removes the copy: from here on what the target holds is what it is to hold.
    Result<void, Failure> remove();
    /// Lets no power cut bring the copy back; Loss::Durability where the file system cannot.
    Result<Losses, Failure> makeRemovalDurable();

    const Path &path() const { return m_place.path; }

private:
    FileSystem *m_system;
    Place m_place;
};

/// Makes the content of one open file that of another, in place; nothing is synced.
Result<void, Failure> overwriteContent(FileSystem &system, FileHandle from, FileHandle target,
                                       Step step, const Path &path);

} // namespace atomicfile
