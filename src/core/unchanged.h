// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "monitor.h"
#include "options.h"
#include "outcome.h"
#include "target.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <span>

namespace atomicfile {

/// The new content: its length, and whether it has these bytes at an offset.
struct Comparison
{
    std::int64_t size = 0;
    std::function<bool(std::int64_t offset, std::span<const std::byte> bytes)> matches;
};

/**
 * What a save comes to that Unchanged::Skip spares: nothing if the target has to be written.
 *
 * The target holds the content already, is in the expected version, and is made as durable as the
 * options ask. Whatever keeps this from being seen or done leads to writing.
 */
std::optional<Outcome> skipUnchanged(FileSystem &system, const Target &target,
                                     const Options &options, const Comparison &content,
                                     Monitor &monitor);

} // namespace atomicfile
