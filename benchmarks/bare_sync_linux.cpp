// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "bare_sync.h"

#include <unistd.h>

int syncContent(int file) { return ::fdatasync(file); }

int syncNames(int directory) { return ::fsync(directory); }
