// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "platform/filesystem.h"

#include <string>

namespace atomicfile {

/// Equal for all names that some file system takes for spellings of one: in letter case and in Unicode
/// normal form.
std::u16string foldedName(const Path &name);

} // namespace atomicfile
