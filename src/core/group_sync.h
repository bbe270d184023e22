// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "staged_file.h"

#include <span>

namespace atomicfile {

/// Syncs the content of many files in one go, where that can be and is the quicker. Those for which it is not
/// are left to be synced one by one.
void syncTogether(std::span<StagedFile> files);

/// Makes the new names of all that were published durable, and that the old ones of what was moved are gone.
void makeNamesDurable(std::span<StagedFile> files);

} // namespace atomicfile
