// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/operations.h"
#include "support/access_control_model.h"
#include "support/memory_filesystem.h"

#include <string>
#include <utility>
#include <vector>

namespace atomicfile::test {

/// What the target is, who writes, and what the directory would like to add.
struct Situation
{
    ModeBits mode = 0644;
    std::uint32_t owner = 1001;
    std::uint32_t group = 2001;
    std::vector<AccessEntry> list;
    std::vector<AccessEntry> defaultList;
    std::uint32_t writer = 0;
    std::uint32_t writersGroup = 0;
};

/// A list that also names one user and one group, which the mask cuts.
std::vector<AccessEntry> listWith(std::uint16_t group, std::uint16_t mask, std::uint16_t others);

/// By name.
std::vector<std::pair<std::string, Situation>> situations();
const Situation &situation(const std::string &name);
/// /there/target in the situation, and /there/source; the caller is who writes.
void build(MemoryFileSystem &system, const Situation &one);

/// Writes "new" to /there/target.
Outcome write(FileSystem &system, const Options &options = {});
Outcome copy(FileSystem &system, const Path &source = "/there/source",
             const Path &target = "/there/target");
bool has(const Outcome &outcome, Loss loss);

} // namespace atomicfile::test
