// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "bare_sync.h"

#include <fcntl.h>

/// fsync leaves the bytes in the drive's cache here, and there is no fdatasync.
int syncContent(int file) { return ::fcntl(file, F_FULLFSYNC); }

int syncNames(int directory) { return ::fcntl(directory, F_FULLFSYNC); }
