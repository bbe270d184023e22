// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "undo.h"

#include "commit.h"
#include "copy_content.h"
#include "patience.h"
#include "remove_name.h"
#include "retry.h"
#include "stage.h"
#include "state_directory.h"
#include "undo_name.h"

#include <algorithm>
#include <utility>

namespace atomicfile {

namespace {

constexpr ModeBits onlyTheUser = 0600;
constexpr std::size_t chunkSize = std::size_t(1) << 20;

Failure atStep(Failure failure, Step step)
{
    failure.step = step;
    return failure;
}

} // namespace

Result<void, Failure> overwriteContent(FileSystem &system, FileHandle from, FileHandle target,
                                       Step step, const Path &path)
{
    const auto info = retryInterrupted([&] { return system.statFile(from); });
    if (!info)
        return failureOf(info.error(), step, path);
    const std::int64_t size = info.value().size;
    const auto reserved = retryInterrupted([&] { return system.reserve(target, size); });
    if (!reserved && reserved.error().kind != ErrorClass::Unsupported)
        return failureOf(reserved.error(), step, path);
    std::vector<std::byte> buffer(
        static_cast<std::size_t>(std::min(size, static_cast<std::int64_t>(chunkSize))));
    for (std::int64_t offset = 0; offset < size;) {
        const auto read = retryInterrupted([&] { return system.readAt(from, offset, buffer); });
        if (!read)
            return failureOf(read.error(), step, path);
        if (read.value() == 0)
            return refusal(ErrorClass::Conflict, step, path); // Somebody has cut it.
        std::span<const std::byte> rest(buffer.data(), read.value());
        while (!rest.empty()) {
            const auto written = retryInterrupted(
                [&] { return system.writeAt(target, offset, rest); });
            if (!written)
                return failureOf(written.error(), step, path);
            offset += static_cast<std::int64_t>(written.value());
            rest = rest.subspan(written.value());
        }
    }
    const auto sized = retryInterrupted([&] { return system.setSize(target, size); });
    if (!sized)
        return failureOf(sized.error(), step, path);
    const auto synced = retryInterrupted(
        [&] { return system.syncFile(target, SyncScope::Everything); });
    if (!synced)
        return failureOf(synced.error(), step, path);
    return {};
}

namespace {

/// Makes the copy at one place and takes its lock.
class UndoMaker
{
public:
    UndoMaker(FileSystem &system, const Source &old, const Path &oldPath, const Options &options,
              Monitor &monitor, Outcome &outcome)
        : m_system(system)
        , m_old(old)
        , m_oldPath(oldPath)
        , m_options(options)
        , m_monitor(monitor)
        , m_outcome(outcome)
    {
    }

    Result<UniqueFile, Failure> makeAt(const Place &place)
    {
        Options options;
        options.existing = Existing::CreateNew;
        options.symlinks = Symlinks::Replace;
        options.metadata = Metadata::Fresh;
        options.permissions = onlyTheUser;
        options.busyTimeout = m_options.busyTimeout;
        auto stage = stageFor(m_system, Target{place, std::nullopt}, place.path, options,
                              NewFileMode::SetLater);
        if (!stage)
            return failed(stage.error());
        StagedFile staged = std::move(stage).value();
        auto copied = copyContent(staged, m_old.file.get(), m_old.info, m_oldPath, m_monitor);
        if (!copied)
            staged.fail(copied.error());
        const Outcome made = commit(std::move(staged), m_monitor);
        if (made.state == TargetState::ReplacedNotDurable)
            (void)retryInterrupted([&] { return removed(place); }); // Worth nothing in a power cut.
        if (made.failure)
            return failed(made);
        m_outcome.losses |= made.losses & static_cast<unsigned>(Loss::Durability);
        auto locked = lock(place);
        if (!locked)
            (void)removed(place); // The failure is what matters; nothing depends on the copy.
        return locked;
    }

private:
    Status removed(const Place &place)
    {
        Patience patience(m_options.busyTimeout);
        const auto gone = removeName(m_system, place.directory.get(), place.name, patience);
        if (!gone)
            m_outcome.retained.push_back(place.path);
        return gone;
    }

    Failure failed(const Outcome &made)
    {
        m_outcome.retained.insert(m_outcome.retained.end(), made.retained.begin(),
                                  made.retained.end());
        Failure failure = atStep(*made.failure, Step::Publish);
        if (failure.kind == ErrorClass::AlreadyExists)
            failure.kind = ErrorClass::Busy;
        return failure;
    }

    Result<UniqueFile, Failure> lock(const Place &place)
    {
        const auto opened = retryInterrupted(
            [&] { return m_system.openFile(place.directory.get(), place.name, FileAccess::Read); });
        if (!opened)
            return failureOf(opened.error(), Step::Publish, place.path);
        UniqueFile file(m_system, opened.value());
        const auto locked = retryInterrupted(
            [&] { return m_system.lockFile(file.get(), place.name); });
        if (!locked)
            return failureOf(locked.error(), Step::Publish, place.path);
        const auto held = retryInterrupted([&] { return m_system.statFile(file.get()); });
        if (!held)
            return failureOf(held.error(), Step::Publish, place.path);
        const auto named = lookAt(m_system, place, Step::Publish);
        if (!named)
            return named.error();
        // Somebody took it for what a crash had left, and has put the same content back.
        if (!named.value() || named.value()->identity != held.value().identity)
            return refusal(ErrorClass::Busy, Step::Publish, place.path);
        return file;
    }

    FileSystem &m_system;
    const Source &m_old;
    const Path &m_oldPath;
    const Options &m_options;
    Monitor &m_monitor;
    Outcome &m_outcome;
};

} // namespace

Result<Undo, Failure> Undo::keep(FileSystem &system, const Place &target, const Source &old,
                                 Where where, const Options &options, Monitor &monitor,
                                 Outcome &outcome)
{
    UndoMaker maker(system, old, target.path, options, monitor, outcome);
    if (where == Where::Beside && system.capabilities().modesGuard) {
        Place place = target.beside(undoNameBeside(old.info.identity));
        auto made = maker.makeAt(place);
        if (made)
            return Undo(system, std::move(place), std::move(made).value());
        // There are directories that take files and give them no other name.
        if (made.error().kind != ErrorClass::PermissionDenied)
            return made.error();
    }
    const auto state = createStateDirectory(system, Step::Publish);
    if (!state)
        return state.error();
    Place place = state.value().beside(undoNameInState(old.info.identity, target.path));
    auto made = maker.makeAt(place);
    if (!made)
        return made.error();
    return Undo(system, std::move(place), std::move(made).value());
}

Result<void, Failure> Undo::putBack(FileHandle target)
{
    return overwriteContent(*m_system, m_file.get(), target, Step::Publish, m_place.path);
}

Result<void, Failure> Undo::remove()
{
    Patience patience{Options().busyTimeout};
    const auto removed = removeName(*m_system, m_place.directory.get(), m_place.name, patience);
    if (!removed)
        return failureOf(removed.error(), Step::Publish, m_place.path);
    return {};
}

Result<Losses, Failure> Undo::makeRemovalDurable()
{
    if (!m_system->capabilities().canSyncDirectory)
        return Losses();
    const auto synced = retryInterrupted(
        [&] { return m_system->syncDirectory(m_place.directory.get()); });
    if (synced)
        return Losses();
    if (synced.error().kind == ErrorClass::Unsupported)
        return Losses() | Loss::Durability;
    return failureOf(synced.error(), Step::SyncDirectory, m_place.path.parent_path());
}

} // namespace atomicfile
