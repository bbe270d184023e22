// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "platform/filesystem.h"

namespace atomicfile {

/// The name in the user's state directory of the copy of a file's old content: ".af-undo-" and letters that
/// tell the file's number and when it came into being. The volume's number is not in it, as that may be
/// another one after the next start of the system; nor is the path, of which there may be many.
Path undoName(const FileIdentity &file, Nanoseconds born);
/// What these names begin with.
Path undoPrefix();

} // namespace atomicfile
