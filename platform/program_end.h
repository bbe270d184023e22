// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

namespace atomicfile {

/**
 * Has a function called when the program ends by exit() or by returning from main(), while its other
 * threads still run.
 *
 * Where a library that is unloaded can have it called then, it is; elsewhere this keeps the library in
 * the process for good. False if neither is possible.
 */
[[nodiscard]] bool callAtProgramEnd(void (*function)()) noexcept;

/// The process is ending and has no other threads any more, nor can it start one. Only where libraries
/// still run code then.
bool threadsHaveEnded() noexcept;

} // namespace atomicfile
