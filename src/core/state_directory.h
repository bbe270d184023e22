// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "target.h"

#include <optional>

namespace atomicfile {

/// A place in the user's private directory, from which Place::beside() leads to the files in it. Nothing
/// if there is no such directory yet, or none that only this user may write to.
Result<std::optional<Place>, Failure> openStateDirectory(FileSystem &system, Step step);

/// The same, but what is missing is created, and durable. Unsupported if the system tells of no place for
/// it, PermissionDenied if others may write to it.
Result<Place, Failure> createStateDirectory(FileSystem &system, Step step);

} // namespace atomicfile
