// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "recovery.h"

#include "patience.h"
#include "retry.h"
#include "state_directory.h"
#include "undo.h"
#include "undo_name.h"

#include <algorithm>
#include <utility>

namespace atomicfile {

namespace {

constexpr ModeBits others = mode::groupAll | mode::othersAll;

Failure atResolve(Failure failure)
{
    failure.step = Step::Resolve;
    return failure;
}

/// One file that may have been left half old and half new.
class Recovery
{
public:
    Recovery(FileSystem &system, const Place &target, const FileInfo &existing)
        : m_system(system)
        , m_target(target)
        , m_existing(existing)
    {
    }

    /// From the copy at one place, if there is one.
    Result<bool, Failure> from(const Place &place)
    {
        const bool beside = place.directory.get().value == m_target.directory.get().value;
        for (;;) {
            const auto found = lookAt(m_system, place, Step::Resolve);
            if (!found)
                return found.error();
            if (!found.value() || !mayBeOurs(*found.value(), beside))
                return false;
            auto held = hold(place, found.value()->identity);
            if (!held)
                return held.error();
            switch (held.value()) {
            case Hold::Held:
                return putBack(place, found.value()->modified);
            case Hold::Nobodys:
                return false;
            case Hold::Gone:
                break;
            case Hold::Busy:
                if (!m_patience.rest(m_system))
                    return refusal(ErrorClass::Busy, Step::Resolve, m_target.path);
                break;
            }
        }
    }

private:
    enum class Hold { Held, Busy, Gone, Nobodys };

    bool mayBeOurs(const FileInfo &undo, bool beside) const
    {
        if (undo.kind != FileKind::Regular || undo.linkCount != 1)
            return false;
        if (beside && undo.identity.volume != m_existing.identity.volume)
            return false; // The file is a mount of its own.
        return !m_system.capabilities().modesGuard
            || (undo.owner == m_system.effectiveUser() && (undo.mode & others) == 0);
    }

    Result<Hold, Failure> hold(const Place &place, const FileIdentity &identity)
    {
        const auto opened = retryInterrupted(
            [&] { return m_system.openFile(place.directory.get(), place.name, FileAccess::Read); });
        if (!opened && opened.error().kind == ErrorClass::NotFound)
            return Hold::Gone;
        if (!opened)
            return failureOf(opened.error(), Step::Resolve, place.path);
        m_undo = UniqueFile(m_system, opened.value());
        const auto locked = retryInterrupted(
            [&] { return m_system.lockFile(m_undo.get(), place.name); });
        if (!locked && locked.error().kind == ErrorClass::Busy)
            return Hold::Busy;
        if (!locked && locked.error().kind == ErrorClass::Unsupported)
            return Hold::Nobodys; // Copies are made only where there are locks.
        if (!locked)
            return failureOf(locked.error(), Step::Resolve, place.path);
        // Its process may have removed it while the lock was being taken.
        const auto named = lookAt(m_system, place, Step::Resolve);
        if (!named)
            return named.error();
        const bool isThere = named.value() && named.value()->identity == identity;
        return isThere ? Hold::Held : Hold::Gone;
    }

    Result<bool, Failure> putBack(const Place &place, Nanoseconds kept)
    {
        const auto opened = retryInterrupted([&] {
            return m_system.openFile(m_target.directory.get(), m_target.name,
                                     FileAccess::ReadWrite);
        });
        if (!opened && opened.error().kind == ErrorClass::NotFound)
            return false;
        if (!opened)
            return failureOf(opened.error(), Step::Resolve, m_target.path);
        UniqueFile target(m_system, opened.value());
        const auto info = retryInterrupted([&] { return m_system.statFile(target.get()); });
        if (!info)
            return failureOf(info.error(), Step::Resolve, m_target.path);
        if (info.value().identity != m_existing.identity)
            return false;
        const auto born = retryInterrupted([&] { return m_system.birthTime(target.get()); });
        if (!born && born.error().kind != ErrorClass::Unsupported)
            return failureOf(born.error(), Step::Resolve, m_target.path);
        Undo undo(m_system, place, std::move(m_undo));
        const bool isAnother = born && born.value() > kept;
        if (!isAnother) {
            if (auto back = undo.putBack(target.get()); !back)
                return atResolve(back.error());
        }
        if (auto removed = undo.remove(); !removed)
            return atResolve(removed.error());
        if (auto durable = undo.makeRemovalDurable(); !durable)
            return atResolve(durable.error());
        return !isAnother;
    }

    FileSystem &m_system;
    const Place &m_target;
    const FileInfo &m_existing;
    Patience m_patience{Options().busyTimeout};
    UniqueFile m_undo;
};

} // namespace

Result<bool, Failure> recoverOverwritten(FileSystem &system, const Place &place,
                                         const FileInfo &existing, LookForUndo where)
{
    if (existing.kind != FileKind::Regular)
        return false;
    Recovery recovery(system, place, existing);
    if (system.capabilities().modesGuard) {
        auto beside = recovery.from(place.beside(undoNameBeside(existing.identity)));
        if (!beside || beside.value())
            return beside;
    }
    if (where == LookForUndo::Beside)
        return false;
    const auto state = openStateDirectory(system, Step::Resolve);
    if (!state)
        return state.error();
    if (!state.value())
        return false;
    return recovery.from(state.value()->beside(undoNameInState(existing.identity, place.path)));
}

Result<std::vector<Path>, Failure> recoverAll(FileSystem &system, const Place &directory,
                                              const std::vector<Path> &undoNames)
{
    std::vector<Path> gone;
    std::vector<Path> elsewhere;
    const auto state = openStateDirectory(system, Step::Resolve);
    if (!state)
        return state.error();
    if (state.value()) {
        auto names = retryInterrupted(
            [&] { return system.readDirectory(state.value()->directory.get(), undoPrefix()); });
        if (!names)
            return failureOf(names.error(), Step::Inspect, state.value()->path.parent_path());
        elsewhere = std::move(names).value();
    }
    if (undoNames.empty() && elsewhere.empty())
        return gone;
    const auto entries = retryInterrupted(
        [&] { return system.readDirectory(directory.directory.get(), {}); });
    if (!entries)
        return failureOf(entries.error(), Step::Inspect, directory.path.parent_path());
    const auto has = [](const std::vector<Path> &names, const Path &name) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    for (const Path &name : entries.value()) {
        const Place place = directory.beside(name);
        const auto info = lookAt(system, place, Step::Inspect);
        if (!info)
            return info.error();
        if (!info.value() || info.value()->kind != FileKind::Regular)
            continue;
        const Path beside = undoNameBeside(info.value()->identity);
        const Path inState = undoNameInState(info.value()->identity, place.path);
        Recovery recovery(system, place, *info.value());
        for (const auto &[known, undo] :
             {std::pair(has(undoNames, beside), directory.beside(beside)),
              std::pair(has(elsewhere, inState),
                        state.value().value_or(directory).beside(inState))}) {
            const auto recovered = known ? recovery.from(undo) : false;
            if (!recovered)
                return recovered.error();
            if (recovered.value())
                gone.push_back(undo.path);
        }
    }
    return gone;
}

} // namespace atomicfile
