// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "outcome.h"
#include "patience.h"
#include "target.h"

#include <vector>

namespace atomicfile {

/**
 * Looks whether a crash interrupted the overwriting of the file that stands at a place, and puts the old
 * content back. Waits for a living process that is at it, and then says Busy.
 *
 * True if there was anything of that kind: what was seen of the target before no longer holds. Costs one
 * call for users for whom nothing was ever overwritten.
 */
Result<bool, Failure> recoverOverwritten(FileSystem &system, const Place &place,
                                         const FileInfo &existing, Patience &patience);

struct Recovered
{
    std::vector<Path> undone;       ///< the copies that are gone
    std::optional<Failure> failure; ///< the first one; the others were tried all the same
};

/// Does that for every file in a directory that nobody is at work on.
Recovered recoverAll(FileSystem &system, const Place &directory);

} // namespace atomicfile
