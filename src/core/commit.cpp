// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "commit.h"

#include "patience.h"
#include "remove_name.h"
#include "retry.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace atomicfile {

void StagedFile::syncPublished()
{
    if (m_displaced)
        return syncReplaced();
    // btrfs shows a file that moved between directories under both names after a power cut unless
    // the file itself is synced first.
    if (isMove() && m_file.isOpen()) {
        const auto synced = retryInterrupted(
            [&] { return m_system->syncFile(file(), SyncScope::Everything); });
        if (!synced)
            noteNotDurable(failureOf(synced.error(), Step::SyncDirectory, m_target.place.path));
    }
}

/// Where renames are durable by themselves, replacing is not, until the new file is synced.
void StagedFile::syncReplaced()
{
    const Place &place = m_target.place;
    const auto opened = m_patience.untilFree(*m_system, [&] {
        return m_system->openFile(place.directory.get(), place.name, FileAccess::ReadWrite);
    });
    if (!opened)
        return noteNotDurable(failureOf(opened.error(), Step::SyncDirectory, place.path));
    const UniqueFile replaced(*m_system, opened.value());
    const auto synced = retryInterrupted(
        [&] { return m_system->syncFile(replaced.get(), SyncScope::Everything); });
    if (!synced)
        noteNotDurable(failureOf(synced.error(), Step::SyncDirectory, place.path));
}

/// The old file, which stands under another name since the new one took its place.
void StagedFile::removeDisplaced()
{
    const auto removed = removeName(*m_system, ownDirectory(), *m_displaced, m_patience);
    if (!removed)
        m_outcome.retained.push_back(m_target.place.sibling(*m_displaced));
}

void StagedFile::closePublished()
{
    if (m_displaced)
        removeDisplaced();
    (void)m_lockHolder.close(); // Nothing was written through it.
    const auto closed = m_file.close();
    if (!closed && !isMove())
        noteNotDurable(failureOf(closed.error(), Step::SyncDirectory, m_target.place.path));
}

void StagedFile::noteNotDurable(Failure failure)
{
    m_outcome.fail(std::move(failure));
    m_outcome.state = TargetState::ReplacedNotDurable;
}

namespace {

enum class Change { Gained, Lost };

/// A directory that gained or lost names, and by which files.
struct ChangedDirectory
{
    const Place *place;
    Change change;
    std::optional<FileIdentity> identity;
    std::vector<StagedFile *> files;
};

/// Which directory a place is in; asked only where there may be two names for one.
std::optional<FileIdentity> identityOf(FileSystem &system, const Place &place)
{
    const auto info = retryInterrupted([&] { return system.statDirectory(place.directory.get()); });
    // Not knowing it costs one sync more, nothing else.
    return info ? std::optional(info.value().identity) : std::nullopt;
}

void addDirectory(std::vector<ChangedDirectory> &directories, StagedFile &file, const Place &place,
                  Change change, bool alone)
{
    ChangedDirectory changed{&place, change, std::nullopt, {&file}};
    if (!alone)
        changed.identity = identityOf(file.system(), place);
    for (ChangedDirectory &known : directories) {
        if (known.identity && known.identity == changed.identity) {
            known.files.push_back(&file);
            // It may have been opened for one file with less than for another; only one can sync it.
            if (known.place->access == DirectoryAccess::SearchOnly)
                known.place = &place;
            return;
        }
    }
    directories.push_back(std::move(changed));
}

void syncDirectory(FileSystem &system, const ChangedDirectory &directory)
{
    const Place &place = *directory.place;
    std::optional<Failure> failure;
    bool unsupported = false;
    if (place.access == DirectoryAccess::SearchOnly) {
        failure = refusal(ErrorClass::PermissionDenied, Step::SyncDirectory,
                          place.path.parent_path());
    } else {
        const auto synced = retryInterrupted(
            [&] { return system.syncDirectory(place.directory.get()); });
        unsupported = !synced && synced.error().kind == ErrorClass::Unsupported;
        if (!synced && !unsupported)
            failure = failureOf(synced.error(), Step::SyncDirectory, place.path.parent_path());
    }
    for (StagedFile *file : directory.files) {
        if (failure)
            file->noteNotDurable(*failure);
        else if (unsupported)
            file->outcome().losses = file->outcome().losses | Loss::Durability;
    }
}

/// The file, if any, whose new name is not sure to be on the medium.
StagedFile *notDurable(const ChangedDirectory &directory)
{
    for (StagedFile *file : directory.files) {
        if (file->outcome().state == TargetState::ReplacedNotDurable)
            return file;
    }
    return nullptr;
}

/// Syncs a directory that lost names, unless one of them is not sure to be found elsewhere: then the
/// removal must not become durable either, or a power cut would leave no name at all.
void syncLosingDirectory(FileSystem &system, const ChangedDirectory &directory)
{
    const StagedFile *unsure = notDurable(directory);
    if (!unsure)
        return syncDirectory(system, directory);
    const Failure failure = *unsure->failure();
    for (StagedFile *file : directory.files)
        file->noteNotDurable(failure);
}

/// The order matters: a moved file, then the directory that gained the name, then the one that lost
/// it. ext2 shows neither name after a power cut if the last comes first.
void makeNamesDurable(std::span<StagedFile> files)
{
    std::vector<ChangedDirectory> directories;
    bool alone = files.size() == 1 && !files.front().sourceDirectory();
    for (StagedFile &file : files) {
        if (file.needsDurableName())
            addDirectory(directories, file, file.target().place, Change::Gained, alone);
    }
    for (StagedFile &file : files) {
        if (file.needsDurableName() && file.sourceDirectory())
            addDirectory(directories, file, *file.sourceDirectory(), Change::Lost, alone);
    }
    if (directories.empty())
        return;
    for (StagedFile &file : files) {
        if (file.needsDurableName())
            file.syncPublished();
    }
    FileSystem &system = files.front().system();
    if (!system.capabilities().canSyncDirectory)
        return;
    for (const ChangedDirectory &directory : directories) {
        if (directory.change == Change::Gained)
            syncDirectory(system, directory);
        else
            syncLosingDirectory(system, directory);
    }
}

/// From here on one sync of the volume, which also has to note what belongs to no content, is the quicker.
constexpr std::size_t fewestOnVolume = 3;
/// What a disk writes, or nearly, in the time that it takes to empty its cache for one more file. So much
/// of what others have written may be waited for, for each file that needs no sync of its own.
constexpr std::int64_t worthOneSync = std::int64_t(256) << 10;

/// The same where it is known how long a sync takes, and nothing of how fast the disk is: a slow one.
constexpr std::int64_t bytesPerSecond = std::int64_t(256) << 20;

/// worth is how much of what others have written may be waited for, for each file. False if the content was
/// not synced: each file's own sync then also tells whose the error is.
bool syncVolumeOf(std::span<StagedFile *const> files, std::int64_t worth)
{
    std::int64_t most = static_cast<std::int64_t>(files.size()) * worth;
    for (const StagedFile *file : files)
        most += file->size();
    FileSystem &system = files.front()->system();
    const DirectoryHandle directory = files.front()->placeToSync()->directory.get();
    if (!retryInterrupted([&] { return system.syncVolume(directory, most); }))
        return false;
    for (StagedFile *file : files)
        file->noteSynced();
    return true;
}

/// All on one volume.
void syncInOneGo(std::span<StagedFile *const> files)
{
    if (files.size() < fewestOnVolume || syncVolumeOf(files, worthOneSync))
        return;
    // Much may be waiting. What a sync takes here is seen from the second one: the first waits for what
    // all the files have brought about.
    const FileSystem &system = files.front()->system();
    files[0]->syncContent();
    const std::chrono::nanoseconds begin = system.steadyTime();
    files[1]->syncContent();
    const std::chrono::duration<double> took = system.steadyTime() - begin;
    const auto worth = static_cast<std::int64_t>(took.count() * double(bytesPerSecond));
    const auto rest = files.subspan(2);
    // Where it fails again, each will be synced by itself.
    if (rest.size() >= fewestOnVolume && worth > worthOneSync)
        (void)syncVolumeOf(rest, worth);
}

/// Syncs the content of many files in one go, where that can be and is the quicker.
void syncTogether(std::span<StagedFile> files)
{
    if (files.size() < fewestOnVolume)
        return;
    std::map<std::uint64_t, std::vector<StagedFile *>> volumes;
    for (StagedFile &file : files) {
        if (file.placeToSync())
            volumes[file.volume()].push_back(&file);
    }
    for (const auto &[volume, members] : volumes)
        syncInOneGo(members);
}

} // namespace

void commit(std::span<StagedFile> files, std::span<Monitor *const> monitors)
{
    for (std::size_t i = 0; i < files.size(); ++i) {
        StagedFile &file = files[i];
        if (file.isPending())
            file.skipUnchanged(*monitors[i]);
        if (!file.isPending())
            continue;
        // Alone it is asked right before publishing; here there may be many syncs before that.
        if (files.size() > 1 && monitors[i]->isCancelled())
            file.fail(refusal(ErrorClass::Cancelled, Step::SyncContent, file.target().place.path));
        else
            file.finishMetadata();
    }
    syncTogether(files);
    for (StagedFile &file : files) {
        if (file.isPending())
            file.finishContent();
    }
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (files[i].isPending())
            files[i].backUp(*monitors[i]);
    }
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (files[i].isPending())
            files[i].publish(*monitors[i]);
    }
    makeNamesDurable(files);
    for (StagedFile &file : files) {
        if (file.isPublished())
            file.closePublished();
        else if (file.failure() && file.outcome().state == TargetState::Unchanged)
            file.outcome().version = Version{};
    }
}

Outcome commit(StagedFile file, Monitor &monitor)
{
    Monitor *const watching = &monitor;
    commit(std::span(&file, 1), std::span(&watching, 1));
    return std::move(file.outcome());
}

} // namespace atomicfile
