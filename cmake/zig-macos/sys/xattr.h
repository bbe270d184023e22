// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Zig lacks this header of macOS. What the project calls is declared here as in getxattr(2); that
// they exist is known from linking. For scripts/macos alone.
#pragma once

#include <sys/types.h>

extern "C" ssize_t flistxattr(int fd, char *namebuff, size_t size, int options);
extern "C" ssize_t fgetxattr(int fd, const char *name, void *value, size_t size, unsigned position,
                             int options);
extern "C" int fsetxattr(int fd, const char *name, const void *value, size_t size,
                         unsigned position, int options);
