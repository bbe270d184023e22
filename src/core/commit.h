// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "staged_file.h"

#include <span>

namespace atomicfile {

/**
 * The one commit that every operation ends in: makes the content of all the files durable, publishes
 * them one by one, then makes each distinct directory durable once. Each file has its own monitor.
 *
 * Each file's outcome() says what happened to it. A failure of one never touches its neighbours; a sync for many
 * that fails is everybody's, and what was not published for that says Outcome::failedWithOthers.
 * Afterwards no file is pending: every one is published or discarded.
 */
void commit(std::span<StagedFile> files, std::span<Monitor *const> monitors);

/// A save is a batch of one.
Outcome commit(StagedFile file, Monitor &monitor);

} // namespace atomicfile
