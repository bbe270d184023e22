// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

namespace atomicfile::posix {

/**
 * Takes the result of a call that opens something; every such call of this folder goes through here.
 *
 * A program that was started without standard streams (some daemons, children of a careless parent)
 * prints all the same, and the system gives the lowest free number to whatever is opened: a line of
 * a log would end up in the middle of a file, and success would be reported for it. So a descriptor
 * below 3 moves up. Another thread may still print in the instant before that; nothing short of
 * occupying the numbers for good, which the program may be about to use, could prevent it.
 *
 * Returns -1 with errno if the opening failed, or if there is no number to move to: then the
 * descriptor is closed, and a file that was created with it is still there. The new descriptor has
 * FD_CLOEXEC and shares everything else with the one that it replaces.
 */
int clearOfStandardStreams(int opened) noexcept;

/// Another descriptor for the same open file, with FD_CLOEXEC and clear of the standard streams;
/// -1 with errno on failure.
int duplicateOf(int descriptor) noexcept;

} // namespace atomicfile::posix
