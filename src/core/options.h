// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "platform/file_info.h"
#include "platform/filesystem.h"
#include "version.h"

#include <chrono>
#include <optional>

namespace atomicfile {

enum class Durability { None, Consistent, Durable };
enum class Existing { Replace, CreateNew, MustExist };
enum class Symlinks { Follow, Replace, Refuse };
enum class HardLinks { Break, Refuse, WriteInPlace };
enum class Metadata { Preserve, Fresh };
enum class InPlace { Never, WhenReplaceImpossible };
enum class Unchanged { Rewrite, Skip };

/// Keeping the replaced file: how many of them, and under which names.
struct Backup
{
    int generations = 0;
    Path suffix; ///< nothing for "~"
};

/// How one operation is to be done; the public AtomicFileOptions documents each member.
struct Options
{
    Durability durability = Durability::Durable;
    Existing existing = Existing::Replace;
    Symlinks symlinks = Symlinks::Follow;
    HardLinks hardLinks = HardLinks::Break;
    Metadata metadata = Metadata::Preserve;
    InPlace inPlace = InPlace::Never;
    Unchanged unchanged = Unchanged::Rewrite;
    Backup backup;
    std::optional<Version> expectedVersion;
    std::optional<ModeBits> permissions;
    std::chrono::milliseconds busyTimeout{2000};
};

} // namespace atomicfile
