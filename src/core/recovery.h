// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "outcome.h"
#include "target.h"

#include <vector>

namespace atomicfile {

/**
 * Looks whether a crash interrupted the overwriting of the file that stands at a place, and puts the old
 * content back; true if it did. Waits for a living process that is at it, and then says Busy.
 */
Result<bool, Failure> recoverOverwritten(FileSystem &system, const Place &place,
                                         const FileInfo &existing, LookForUndo where);

/// Does that for every file in a directory that was being overwritten; the paths of the copies that are
/// gone afterwards. undoNames are those in it of which isUndoName() is true.
Result<std::vector<Path>, Failure> recoverAll(FileSystem &system, const Place &directory,
                                              const std::vector<Path> &undoNames);

} // namespace atomicfile
