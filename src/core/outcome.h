// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "platform/error.h"
#include "platform/filesystem.h"
#include "version.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace atomicfile {

enum class Step {
    None,
    Resolve,
    Inspect,
    Stage,
    Write,
    CarryMetadata,
    SyncContent,
    Backup,
    Publish,
    SyncDirectory,
    RemoveSource,
};

enum class TargetState { Unchanged, Replaced, ReplacedNotDurable, Displaced };

/// What could not be kept, as bits of Losses.
enum class Loss : unsigned {
    Owner = 1,
    Permissions = 2,
    AccessControlList = 4,
    ExtendedAttributes = 8,
    Timestamps = 16,
    Atomicity = 32,
    Durability = 64, ///< the file system cannot sync a directory
};

using Losses = unsigned;

constexpr Losses operator|(Losses losses, Loss loss)
{
    return losses | static_cast<unsigned>(loss);
}

/// The first thing that went wrong; what cleaning up met later never takes its place.
struct Failure
{
    ErrorClass kind = ErrorClass::Unknown;
    Step step = Step::None;
    NativeCode native; ///< {None, 0} where the refusal is this library's own
    Path path;         ///< the file or directory that the failed step concerned
};

/// What happened to one target.
struct Outcome
{
    std::optional<Failure> failure;
    /// It is that of a sync for many files: what is written once more by itself may succeed.
    bool failedWithOthers = false;
    TargetState state = TargetState::Unchanged;
    Losses losses = 0;
    Path target;                   ///< after symbolic links; as it was given if resolving failed
    std::int64_t bytesWritten = 0; ///< content that reached the staged file; 0 for a rename
    int attempts = 0;              ///< how often publishing was tried
    Version version;               ///< of the new file, if the target was replaced
    Path backup;
    std::vector<Path> retained; ///< staged files that could not be removed, displaced files

    bool ok() const noexcept { return !failure; }
    /// Notes what went wrong, unless something went wrong before it.
    void fail(Failure cause);
};

/// What a failed call means for the step that made it; path is what the call concerned.
Failure failureOf(const SystemError &error, Step step, Path path);
/// A failure that no system call reported: this library refuses.
Failure refusal(ErrorClass kind, Step step, Path path);
/// An operation that failed before anything was staged.
Outcome failedOutcome(Failure failure, Path target);

} // namespace atomicfile
