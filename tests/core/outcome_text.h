// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/operations.h"

#include <span>
#include <string>
#include <string_view>

namespace atomicfile::test {

std::string_view nameOf(ErrorClass kind);
std::string_view nameOf(Step step);
std::string_view nameOf(TargetState state);

/// "ok, Replaced" or "NoSpace at Write, Unchanged": what tests compare outcomes by.
std::string summary(const Outcome &outcome);
/// "NotFound at Resolve".
std::string summary(const Failure &failure);

std::span<const std::byte> bytesOf(std::string_view text);

struct Text
{
    std::string content;
    Version version;
};

/// readFile() into a string.
Result<Text, Failure> readText(FileSystem &system, const Path &path);

} // namespace atomicfile::test
