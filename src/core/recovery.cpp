// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "recovery.h"

#include "retry.h"
#include "source.h"
#include "state_directory.h"
#include "undo.h"
#include "undo_name.h"

#include <chrono>
#include <utility>

namespace atomicfile {

namespace {

Failure atResolve(Failure failure)
{
    failure.step = Step::Resolve;
    return failure;
}

/// Where the copy of a file's old content would be; nothing if there cannot be one.
std::optional<Place> undoPlace(FileSystem &system, const Place &state, const Place &place,
                               const FileInfo &existing)
{
    const auto opened = retryInterrupted(
        [&] { return system.openFile(place.directory.get(), place.name, FileAccess::Attributes); });
    if (!opened)
        return std::nullopt;
    const UniqueFile file(system, opened.value());
    const auto born = retryInterrupted([&] { return system.birthTime(file.get()); });
    return born ? std::optional(state.beside(undoName(existing.identity, born.value())))
                : std::nullopt;
}

/// Nothing else in that directory is this user's business.
Result<bool, Failure> isThere(FileSystem &system, const Place &undo)
{
    const auto found = lookAt(system, undo, Step::Resolve);
    if (!found)
        return found.error();
    return found.value() && found.value()->kind == FileKind::Regular;
}

/// Puts back what the copy holds, once nobody is at work on the file.
Result<bool, Failure> recoverFrom(FileSystem &system, const Place &undoPlace, const Place &place,
                                  const FileInfo &existing, Patience &patience)
{
    auto there = isThere(system, undoPlace);
    if (!there || !there.value())
        return there;
    auto source = openSource(system, Target{place, existing}, FileAccess::ReadWrite,
                             std::chrono::milliseconds(0));
    if (!source)
        return atResolve(source.error());
    if (source.value().info.identity != existing.identity)
        return true; // It was replaced meanwhile.
    auto locked = lockTarget(system, std::move(source).value(), patience, Step::Resolve,
                             place.path);
    if (!locked)
        return locked.error();
    // Who had the lock may have finished.
    const auto still = isThere(system, undoPlace);
    if (!still)
        return still.error();
    if (!still.value())
        return true;
    Undo undo(system, undoPlace);
    // What mode it had before nobody has written down; what was narrowed stays so.
    const Source &target = locked.value().source;
    if (auto back = undo.putBack(target.file.get(), target.info.mode); !back)
        return atResolve(back.error());
    if (auto removed = undo.remove(); !removed)
        return atResolve(removed.error());
    if (auto durable = undo.makeRemovalDurable(); !durable)
        return atResolve(durable.error());
    return true;
}

} // namespace

Result<bool, Failure> recoverOverwritten(FileSystem &system, const Place &place,
                                         const FileInfo &existing, Patience &patience)
{
    if (existing.kind != FileKind::Regular)
        return false;
    const auto state = openStateDirectory(system);
    const auto undo = state ? undoPlace(system, *state, place, existing) : std::nullopt;
    return undo ? recoverFrom(system, *undo, place, existing, patience) : false;
}

Recovered recoverAll(FileSystem &system, const Place &directory)
{
    Recovered recovered;
    const auto note = [&](Failure failure) {
        if (!recovered.failure)
            recovered.failure = std::move(failure);
    };
    const auto state = openStateDirectory(system);
    if (!state)
        return recovered;
    const auto undos = retryInterrupted(
        [&] { return system.readDirectory(state->directory.get(), undoPrefix()); });
    if (!undos)
        note(failureOf(undos.error(), Step::Inspect, state->path.parent_path()));
    if (!undos || undos.value().empty())
        return recovered;
    const auto entries = retryInterrupted(
        [&] { return system.readDirectory(directory.directory.get(), {}); });
    if (!entries) {
        note(failureOf(entries.error(), Step::Inspect, directory.path.parent_path()));
        return recovered;
    }
    for (const Path &name : entries.value()) {
        const Place place = directory.beside(name);
        const auto info = lookAt(system, place, Step::Inspect);
        if (!info)
            note(info.error());
        if (!info || !info.value() || info.value()->kind != FileKind::Regular)
            continue;
        const auto undo = undoPlace(system, *state, place, *info.value());
        const auto there = undo ? isThere(system, *undo) : false;
        if (there && !there.value())
            continue;
        Patience none(std::chrono::milliseconds(0));
        const auto done = there ? recoverFrom(system, *undo, place, *info.value(), none) : there;
        if (done)
            recovered.undone.push_back(undo->path);
        else if (done.error().kind != ErrorClass::Busy) // A living process is at it.
            note(done.error());
    }
    return recovered;
}

} // namespace atomicfile
