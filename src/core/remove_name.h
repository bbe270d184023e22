// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "patience.h"

namespace atomicfile {

/// Removes a name from a directory, waiting for whoever holds the file. Ok if the name is gone, whatever
/// was said about removing it: a server may do what it is asked and its answer may be lost.
Status removeName(FileSystem &system, DirectoryHandle directory, const Path &name,
                  Patience &patience);

} // namespace atomicfile
