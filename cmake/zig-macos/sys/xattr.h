// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Zig lacks this header of macOS. What the project calls is declared here as in flistxattr(2); that
// the function exists is known from linking. For scripts/macos alone.
#pragma once

#include <sys/types.h>

extern "C" ssize_t flistxattr(int fd, char *namebuff, size_t size, int options);
