// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "target.h"

#include <optional>

namespace atomicfile {

/// A place in the user's private directory, from which Place::beside() leads to the files in it. Nothing
/// if there is no such directory yet, or none that this user gets at and nobody else may write to.
std::optional<Place> openStateDirectory(FileSystem &system);

/// The same, but what is missing is created, and durable. Unsupported if the system tells of no place for
/// it, PermissionDenied if others may write to it or the directory that it is to be in is not the user's.
Result<Place, Failure> createStateDirectory(FileSystem &system, Step step);

} // namespace atomicfile
