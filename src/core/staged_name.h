// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "platform/filesystem.h"

#include <cstddef>
#include <string_view>

namespace atomicfile {

/// What the names of this library's files are made of. Lower case only: where a file system folds case, no
/// bit is lost.
inline constexpr std::string_view nameLetters = "abcdefghijklmnopqrstuvwxyz234567";

/// The name of a new staged file: ".af-" and 100 random bits, so that it neither contains the
/// target's name nor can be foreseen.
Result<Path> stagedName(FileSystem &system);
/// True for exactly the names that stagedName() gives.
bool isStagedName(const Path &name);
/// What those names begin with.
Path stagedPrefix();

/// The random letters of a staged file's name, which no other operation has.
Path stagedKey(const Path &name);
bool isStagedKey(const Path &key);
inline constexpr std::size_t stagedKeyLength = 20;

} // namespace atomicfile
