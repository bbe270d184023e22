// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "undo.h"

#include "commit.h"
#include "copy_content.h"
#include "remove_name.h"
#include "retry.h"
#include "stage.h"
#include "state_directory.h"
#include "undo_name.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace atomicfile {

namespace {

constexpr ModeBits onlyTheUser = 0600;
constexpr std::size_t chunkSize = std::size_t(1) << 20;

} // namespace

Result<LockedTarget, Failure> lockTarget(FileSystem &system, Source source, Patience &patience,
                                         Step step, const Path &path)
{
    const FileHandle file = source.file.get();
    const auto born = retryInterrupted([&] { return system.birthTime(file); });
    if (!born)
        return failureOf(born.error(), step, path);
    const Path key = undoName(source.info.identity, born.value());
    for (;;) {
        const auto locked = retryInterrupted([&] { return system.lockFile(file, key); });
        if (locked)
            return LockedTarget{std::move(source), born.value()};
        if (locked.error().kind != ErrorClass::Busy || !patience.rest(system))
            return failureOf(locked.error(), step, path);
    }
}

Result<void, Failure> overwriteContent(FileSystem &system, FileHandle from, FileHandle target,
                                       Step step, const Path &path)
{
    const auto info = retryInterrupted([&] { return system.statFile(from, Times::LeftOut); });
    if (!info)
        return failureOf(info.error(), step, path);
    const std::int64_t size = info.value().size;
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
    return {};
}

Result<Undo, Failure> Undo::keep(FileSystem &system, const LockedTarget &target,
                                 const Path &targetPath, const Options &options, Monitor &monitor,
                                 Outcome &outcome)
{
    const auto state = createStateDirectory(system, Step::Publish);
    if (!state)
        return state.error();
    const FileInfo &old = target.source.info;
    const Place place = state.value().beside(undoName(old.identity, target.born));
    Options wanted;
    wanted.existing = Existing::CreateNew;
    wanted.symlinks = Symlinks::Replace;
    wanted.metadata = Metadata::Fresh;
    wanted.permissions = onlyTheUser;
    wanted.busyTimeout = options.busyTimeout;
    Outcome made;
    auto stage = stageFor(system, Target{place, std::nullopt}, place.path, wanted,
                          NewFileMode::SetLater);
    if (stage) {
        StagedFile staged = std::move(stage).value();
        auto copied = copyContent(staged, target.source.file.get(), old, targetPath, monitor);
        if (!copied)
            staged.fail(copied.error());
        else // Whoever expects the old version finds it again; without its time it is as good to have.
            (void)system.setTimes(staged.file(), old.accessed, old.modified);
        made = commit(std::move(staged), monitor);
    } else {
        made = stage.error();
    }
    outcome.retained.insert(outcome.retained.end(), made.retained.begin(), made.retained.end());
    if (made.ok())
        return Undo(system, place);
    if (made.state == TargetState::ReplacedNotDurable && !Undo(system, place).remove())
        outcome.retained.push_back(place.path); // A power cut might take it away when it is needed.
    Failure failure = *made.failure;
    failure.step = Step::Publish;
    if (failure.kind == ErrorClass::AlreadyExists)
        failure.kind = ErrorClass::Busy; // What a crash has left since the target was looked at.
    return failure;
}

Result<void, Failure> Undo::putBack(FileHandle target, ModeBits mode)
{
    const auto failed = [this](const SystemError &error) {
        return failureOf(error, Step::Publish, m_place.path);
    };
    const auto opened = retryInterrupted([&] {
        return m_system->openFile(m_place.directory.get(), m_place.name, FileAccess::Read);
    });
    if (!opened)
        return failed(opened.error());
    const UniqueFile file(*m_system, opened.value());
    const auto old = retryInterrupted([&] { return m_system->statFile(file.get(), Times::Asked); });
    if (!old)
        return failed(old.error());
    auto done = overwriteContent(*m_system, file.get(), target, Step::Publish, m_place.path);
    if (!done)
        return done;
    // Only now: what the mode lets others read must not be there any more, and writing has taken set-id
    // bits away.
    const auto info = retryInterrupted([&] { return m_system->statFile(target, Times::LeftOut); });
    if (!info)
        return failed(info.error());
    if (info.value().mode != mode) {
        const auto set = retryInterrupted([&] { return m_system->setMode(target, mode); });
        if (!set)
            return failed(set.error());
    }
    // The version is the old one again; with another time it is the old content all the same.
    (void)m_system->setTimes(target, old.value().accessed, old.value().modified);
    const auto synced = retryInterrupted(
        [&] { return m_system->syncFile(target, SyncScope::Everything); });
    if (!synced)
        return failed(synced.error());
    return {};
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
