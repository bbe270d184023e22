// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "outcome.h"
#include "platform/filesystem.h"

namespace atomicfile {

/// Whether the staged file has the source's own content, so that what is said of that holds for it too.
enum class SameContent { No, Yes };

/**
 * Gives an open staged file the extended attributes of another open file, and looks whether it got them.
 *
 * What the file system or the system refuses, or has no room for, is a loss, and so is what says
 * something of another content. Nothing is taken away: what a new file has without anybody's doing, a
 * security label for example, it has by the system's will.
 *
 * A source without attributes costs one call.
 */
Result<Losses, SystemError> carryAttributes(FileSystem &system, FileHandle staged,
                                            FileHandle source, SameContent content);

/// For a staged file that is not to get them: what the source has of which it has not got even the name.
Result<Losses, SystemError> lostAttributes(FileSystem &system, FileHandle staged,
                                           FileHandle source);

/// Answers that mean "not here" or "not you": the thing is lost, the operation goes on.
bool isLoss(const SystemError &error);

} // namespace atomicfile
