// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QStringList>

/**
 * Hears the warnings of the library instead of letting them be printed: that is where it tells what a
 * result has no room for. One object at a time, used by one thread; the warnings come from any.
 */
class LibraryWarnings
{
public:
    LibraryWarnings();
    ~LibraryWarnings();
    LibraryWarnings(const LibraryWarnings &) = delete;
    LibraryWarnings &operator=(const LibraryWarnings &) = delete;

    /// What was warned of since this object was made.
    QStringList heard() const;
};
