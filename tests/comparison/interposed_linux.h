// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <semaphore>

/// What this program does with calls of the system that the libraries make: it defines them itself, and
/// the libraries find these before the system's, since a program comes before what it loads.
struct Interposed
{
    /// The errno with which the sync of a file fails; 0 lets the system do it.
    std::atomic<int> syncError = 0;
    /// Stops the sync of a file until it is released.
    std::atomic<bool> stopSync = false;
    std::binary_semaphore syncEntered{0};
    std::binary_semaphore syncReleased{0};

    std::atomic<int> directorySyncs = 0;
    /// Calls that write, whatever they achieve.
    std::atomic<int> writes = 0;
};

Interposed &interposed();
