// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "scenarios.h"

#include <array>
#include <string_view>

/// What the scenarios of all operations are made of.
namespace atomicfile::test {

inline constexpr std::string_view oldContent = "what was there before";

struct NamedDurability
{
    Durability durability;
    const char *name;
};

inline constexpr std::array durabilities{NamedDurability{Durability::None, "none"},
                                         NamedDurability{Durability::Consistent, "consistent"},
                                         NamedDurability{Durability::Durable, "durable"}};

using Build = std::function<void(MemoryFileSystem &)>;

void nothing(MemoryFileSystem &system);
void addTarget(MemoryFileSystem &system);
/// A list that gives one more user and one more group something.
AccessControl sharedList();
void addSharedTarget(MemoryFileSystem &system);
void addAttributesOf(MemoryFileSystem &system, const Path &path);
void addTargetWithAttributes(MemoryFileSystem &system);
/// Makes the file that long, by a hole if it was shorter.
void setSizeOf(MemoryFileSystem &system, const Path &path, std::int64_t size);

Scenario writing(std::string name, Build build, Durability durability = Durability::Durable);
/// The version of the target before the operation.
Version expectedIn(const Scenario &scenario);

} // namespace atomicfile::test
