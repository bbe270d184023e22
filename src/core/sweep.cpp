// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "displaced.h"
#include "operations.h"
#include "recovery.h"
#include "retry.h"
#include "staged_name.h"
#include "state_directory.h"
#include "unique_handle.h"

#include <utility>

namespace atomicfile {

namespace {

/// Alive: a living process is at work on it, or it is not ours, or it has its own name again.
enum class Swept { Removed, Alive };

/// Removes one staged file if its lock says that nobody is at work on it any more.
Result<Swept> sweepOne(FileSystem &system, DirectoryHandle directory, const Path &name)
{
    const auto seen = retryInterrupted([&] { return system.stat(directory, name); });
    if (!seen)
        return seen.error();
    if (seen.value().kind == FileKind::Symlink) {
        // The link of a move between volumes has nothing to lock and stands for an instant only, so
        // a living one cannot be told from a dead one. Losing it would fail that move, unharmed.
        const auto removed = retryInterrupted([&] { return system.unlink(directory, name); });
        if (!removed)
            return removed.error();
        return Swept::Removed;
    }
    if (seen.value().kind != FileKind::Regular)
        return Swept::Alive; // Not ours, whatever its name.
    const auto opened = retryInterrupted(
        [&] { return system.openFile(directory, name, FileAccess::Attributes); });
    if (!opened)
        return opened.error();
    const UniqueFile file(system, opened.value());
    const auto locked = retryInterrupted(
        [&] { return system.lockFile(file.get(), stagedKey(name)); });
    if (!locked && locked.error().kind == ErrorClass::Busy)
        return Swept::Alive;
    if (!locked)
        return locked.error();
    // The name may have gone to the target, or to another file, while the lock was being taken.
    const auto held = retryInterrupted([&] { return system.statFile(file.get(), Times::LeftOut); });
    if (!held)
        return held.error();
    const auto named = retryInterrupted([&] { return system.stat(directory, name); });
    if (!named)
        return named.error();
    if (named.value().identity != held.value().identity)
        return Swept::Alive;
    const auto removed = retryInterrupted([&] { return system.unlink(directory, name); });
    if (!removed)
        return removed.error();
    return Swept::Removed;
}

/// An old file that a crash left beside its name gets it back, unless the new one has it.
Result<Swept> settle(FileSystem &system, DirectoryHandle directory, const Path &name)
{
    const auto settled = settleDisplaced(system, directory, name, WithoutLocks::Leave);
    if (!settled)
        return settled.error();
    if (settled.value() == Settled::Unknown)
        return SystemError{ErrorClass::Unsupported, Call::LockFile, {}};
    return settled.value() == Settled::Removed ? Swept::Removed : Swept::Alive;
}

/// Notes the first failure; what is gone anyway is none.
void note(SweepOutcome &outcome, const Result<Swept> &swept, const Path &path)
{
    if (swept && swept.value() == Swept::Removed)
        outcome.removed.push_back(path);
    else if (!swept && swept.error().kind != ErrorClass::NotFound && !outcome.failure)
        outcome.failure = failureOf(swept.error(), Step::None, path);
}

Result<std::vector<Path>, Failure> ourNames(FileSystem &system, const Place &place)
{
    auto names = retryInterrupted(
        [&] { return system.readDirectory(place.directory.get(), stagedPrefix()); });
    if (!names)
        return failureOf(names.error(), Step::Inspect, place.path.parent_path());
    return std::move(names).value();
}

void sweepTargets(FileSystem &system, const Place &place, SweepOutcome &outcome)
{
    const auto names = ourNames(system, place);
    if (!names) {
        outcome.failure = names.error();
        return;
    }
    const DirectoryHandle directory = place.directory.get();
    for (const Path &name : names.value()) {
        note(outcome,
             isStagedName(name) ? sweepOne(system, directory, name)
                                : settle(system, directory, name),
             place.sibling(name));
    }
    const Recovered recovered = recoverAll(system, place);
    outcome.removed.insert(outcome.removed.end(), recovered.undone.begin(), recovered.undone.end());
    if (!outcome.failure)
        outcome.failure = recovered.failure;
}

/// What was staged for targets whose directories take no file, whichever they are.
void sweepStateDirectory(FileSystem &system, SweepOutcome &outcome)
{
    const auto state = openStateDirectory(system);
    if (!state)
        return;
    const auto names = ourNames(system, *state);
    if (!names) {
        if (!outcome.failure)
            outcome.failure = names.error();
        return;
    }
    for (const Path &name : names.value()) {
        if (isStagedName(name))
            note(outcome, sweepOne(system, state->directory.get(), name), state->sibling(name));
    }
}

} // namespace

SweepOutcome sweep(FileSystem &system, const Path &path)
{
    SweepOutcome outcome;
    if (path.empty() || path.native().find(Path::value_type{}) != Path::string_type::npos) {
        outcome.failure = refusal(ErrorClass::InvalidPath, Step::Resolve, path);
        return outcome;
    }
    const auto opened = retryInterrupted(
        [&] { return system.openDirectory(path, DirectoryAccess::Read); });
    if (!opened) {
        outcome.failure = failureOf(opened.error(), Step::Resolve, path);
        return outcome;
    }
    const Place place{SharedDirectory(system, opened.value()), DirectoryAccess::Read, ".",
                      path / "."};
    sweepTargets(system, place, outcome);
    sweepStateDirectory(system, outcome);
    return outcome;
}

} // namespace atomicfile
