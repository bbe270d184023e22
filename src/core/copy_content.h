// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "staged_file.h"

namespace atomicfile {

/**
 * Makes an empty staged file's content that of an open source: by sharing its storage, else by copying
 * inside the system, else through memory. Holes stay holes. info is what statFile() said of the source.
 * What goes wrong with the source fails at Step::Inspect, a source that changed meanwhile as a Conflict.
 */
Result<void, Failure> copyContent(StagedFile &staged, FileHandle source, const FileInfo &info,
                                  const Path &sourcePath, Monitor &monitor);

} // namespace atomicfile
