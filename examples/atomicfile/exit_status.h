// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

/// What the program tells its caller. Where several files were asked for, the gravest one counts.
enum class ExitStatus {
    Done = 0,
    Failed = 1, ///< and the target is what it was
    Usage = 2,
    Conflict = 3,
    Incomplete = 4, ///< replaced but not durable, or moved but the source is still there
    Displaced = 5,
    Interrupted = 130,
};
