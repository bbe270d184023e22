// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "platform/filesystem.h"

namespace atomicfile {

/// The name of the copy of a file's old content beside it: ".af-undo-" and letters that tell the file's
/// number. Neither name has the volume in it, whose number may be another one after the next start.
Path undoNameBeside(const FileIdentity &file);
/// The same in the user's state directory, where there are files of many volumes, which may have equal
/// numbers: with letters of the file's path.
Path undoNameInState(const FileIdentity &file, const Path &path);
/// What these names begin with.
Path undoPrefix();
bool isUndoName(const Path &name);

} // namespace atomicfile
