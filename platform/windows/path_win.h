// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "platform/filesystem.h"

#include <optional>
#include <string>
#include <string_view>

namespace atomicfile::windows {

/// See FileSystem::judgePath. Asks nobody, and says nothing of an empty path.
std::optional<ErrorClass> judge(std::wstring_view path);

/// True for a character that no name may hold, on whatever file system; the colon is not one of
/// them, for it separates a file from its stream.
bool isForbidden(wchar_t character) noexcept;

/// The path in the form that the system takes as it is: absolute, with backslashes, "." and ".."
/// resolved, and marked by a prefix. The one form in which a path may be longer than 260
/// characters.
Result<std::wstring> verbatim(const Path &path, Call call);

} // namespace atomicfile::windows
