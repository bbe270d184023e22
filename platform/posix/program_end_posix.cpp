// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "platform/program_end.h"

#include <cstdlib>

namespace atomicfile {

/// The C library calls what a shared library registers also when that is unloaded (glibc, macOS), or
/// never unloads one (musl).
bool callAtProgramEnd(void (*function)()) noexcept { return std::atexit(function) == 0; }

bool threadsHaveEnded() noexcept { return false; }

} // namespace atomicfile
