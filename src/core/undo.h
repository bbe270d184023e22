// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "monitor.h"
#include "options.h"
#include "outcome.h"
#include "source.h"
#include "target.h"
#include "unique_handle.h"

#include <utility>

/**
 * What makes overwriting a file in place safe: a synced copy of its old content, which is there for as long
 * as the file may be half old and half new. Whoever comes after a crash puts the old content back.
 *
 * The copy is private to the user and stands beside the file under a name made of the file's number, or,
 * where the directory takes no file or the file is a mount of its own, in the user's state directory under
 * one made of the number and the path. It is nobody's who has another number, is on another volume or came
 * into being after the copy; a copy whose file is gone is left alone.
 *
 * Whoever changes the file by other means between the crash and the next operation loses that.
 */
namespace atomicfile {

class Undo
{
public:
    /// Beside the file where staged files can be, unless it is on another volume than they are; where
    /// that is refused, in the state directory all the same.
    enum class Where { Beside, InStateDirectory };

    /// Keeps what old holds, the file that stands at target. Busy if somebody else is overwriting it or
    /// has just begun to put it back; Unsupported where files cannot be locked, since nobody could see
    /// that this process is alive. The outcome is told of losses and of what could not be removed.
    static Result<Undo, Failure> keep(FileSystem &system, const Place &target, const Source &old,
                                      Where where, const Options &options, Monitor &monitor,
                                      Outcome &outcome);

    /// One that was found: the open file is locked.
    Undo(FileSystem &system, Place place, UniqueFile file)
        : m_system(&system)
        , m_place(std::move(place))
        , m_file(std::move(file))
    {
    }

    /// Makes the old content that of an open file again, and syncs it.
    Result<void, Failure> putBack(FileHandle target);
    /// Removes the copy: from here on what the target holds is what it is to hold.
    Result<void, Failure> remove();
    /// Lets no power cut bring the copy back; Loss::Durability where the file system cannot.
    Result<Losses, Failure> makeRemovalDurable();

    const Path &path() const { return m_place.path; }

private:
    FileSystem *m_system;
    Place m_place;
    UniqueFile m_file; ///< locked
};

/// Makes the content of one open file that of another, in place, and syncs it.
Result<void, Failure> overwriteContent(FileSystem &system, FileHandle from, FileHandle target,
                                       Step step, const Path &path);

} // namespace atomicfile
