// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "filesystem.h"

namespace atomicfile {

FileSystem::~FileSystem() = default;

} // namespace atomicfile
