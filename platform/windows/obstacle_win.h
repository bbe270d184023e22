// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "error_win.h"

#include <string>

namespace atomicfile::windows {

/// What stands at a path that a call was not let near.
enum class Obstacle { Nothing, Directory, ReadOnlyFile, OtherFile, BeingDeleted };

Obstacle obstacleAt(const std::wstring &path) noexcept;

/**
 * The error of a call that would have changed the name at path, for a code that was read right
 * after the call.
 *
 * ERROR_ACCESS_DENIED has many reasons here, and the system tells none. A directory stands there.
 * The file is read-only. The caller lacks a right. Somebody has deleted the file and somebody still
 * has it open, so that its name is neither there nor free. Somebody has it open and does not share
 * it, or is running it: some calls say ERROR_SHARING_VIOLATION of that and some say this, but whoever
 * asks to delete it is told. The last two are over in a moment as a rule, so those that certainly are
 * not are looked for, and the rest may pass.
 */
SystemError errorAt(ErrorCode code, Call call, const std::wstring &path) noexcept;

} // namespace atomicfile::windows
