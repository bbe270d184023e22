// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "monitor.h"
#include "options.h"
#include "outcome.h"
#include "target.h"

namespace atomicfile {

/// Refuses a number of generations or a suffix with which no names can be made.
Result<void, Failure> checkBackup(const FileSystem &system, const Place &target,
                                  const Backup &backup);

/// A second name for a file that may be overwritten would keep nothing.
enum class BackupKind { LinkOrCopy, Copy };

/**
 * Keeps what stands at the target under the name of the youngest generation, after the older ones have
 * moved on by one. The name is given in one step, and the target is not touched.
 *
 * It is a second name for the old file, or, where there are no hard links, a copy with all metadata and
 * durable as the options ask. After a failure no generation but the oldest is lost. Linked twice, for
 * one attempt after another, the same file takes one generation. The outcome is told the backup's path, what the copy
 * lost, and what could not be removed.
 */
Result<void, Failure> makeBackup(FileSystem &system, const Place &target, const FileInfo &existing,
                                 BackupKind kind, const Options &options, Monitor &monitor,
                                 Outcome &outcome);

} // namespace atomicfile
