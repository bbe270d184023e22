// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "group_sync.h"

#include "retry.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace atomicfile {

namespace {

/**
 * Syncs all, which are on one volume, while the device empties its cache once: for the last. The others are
 * handed to the device before that. sync takes one of them and how far it goes.
 *
 * False, and nothing is done, where there is one only or the system cannot hand over.
 */
template<typename Item, typename Sync>
bool syncByOneFlush(const std::vector<Item> &items, Sync sync)
{
    if (items.size() < 2)
        return false;
    std::vector<Item> handedOver;
    for (std::size_t i = 0; i + 1 < items.size(); ++i) {
        const Synced synced = sync(items[i], Reach::Device);
        if (synced == Synced::Unsupported && i == 0)
            return false;
        if (synced == Synced::Unsupported)
            sync(items[i], Reach::Medium);
        else if (synced == Synced::Done)
            handedOver.push_back(items[i]);
    }
    if (sync(items.back(), Reach::Medium) == Synced::Done)
        return true;
    // Nobody knows what of the cache that has emptied. Whose the error is each finds out by itself.
    for (const Item &item : handedOver)
        sync(item, Reach::Medium);
    return true;
}

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

Synced syncOne(FileSystem &system, const ChangedDirectory &directory, Reach reach)
{
    const Place &place = *directory.place;
    std::optional<Failure> failure;
    bool unsupported = false;
    if (place.access == DirectoryAccess::SearchOnly) {
        failure = refusal(ErrorClass::PermissionDenied, Step::SyncDirectory,
                          place.path.parent_path());
    } else {
        const Status synced = syncDirectory(system, place.directory.get(), reach);
        if (goesNoShorter(synced, reach))
            return Synced::Unsupported;
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
    return failure || unsupported ? Synced::Failed : Synced::Done;
}

/// All of them, each once, where it can be with one emptying of each device's cache.
void syncEach(FileSystem &system, const std::vector<const ChangedDirectory *> &directories)
{
    const auto sync = [&](const ChangedDirectory *directory, Reach reach) {
        return syncOne(system, *directory, reach);
    };
    if (directories.size() == 1) {
        sync(directories.front(), Reach::Medium);
        return;
    }
    std::map<std::optional<std::uint64_t>, std::vector<const ChangedDirectory *>> volumes;
    for (const ChangedDirectory *directory : directories) {
        const auto &identity = directory->identity;
        volumes[identity ? std::optional(identity->volume) : std::nullopt].push_back(directory);
    }
    for (const auto &[volume, members] : volumes) {
        if (volume && syncByOneFlush(members, sync))
            continue;
        for (const ChangedDirectory *directory : members)
            sync(directory, Reach::Medium);
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

/// Those that lost names, but for such where one of these is not sure to be found elsewhere: then the removal
/// must not become durable either, or a power cut would leave no name at all.
std::vector<const ChangedDirectory *> thatMayLose(const std::vector<ChangedDirectory> &directories)
{
    std::vector<const ChangedDirectory *> found;
    for (const ChangedDirectory &directory : directories) {
        if (directory.change != Change::Lost)
            continue;
        const StagedFile *unsure = notDurable(directory);
        if (!unsure) {
            found.push_back(&directory);
            continue;
        }
        const Failure failure = *unsure->failure();
        for (StagedFile *file : directory.files)
            file->noteNotDurable(failure);
    }
    return found;
}

std::vector<const ChangedDirectory *> thatGained(const std::vector<ChangedDirectory> &directories)
{
    std::vector<const ChangedDirectory *> found;
    for (const ChangedDirectory &directory : directories) {
        if (directory.change == Change::Gained)
            found.push_back(&directory);
    }
    return found;
}

/// Where renames are durable by themselves, replacing is not, until the new file is synced.
void syncReplaced(std::span<StagedFile> files)
{
    std::map<std::uint64_t, std::vector<StagedFile *>> volumes;
    for (StagedFile &file : files) {
        if (file.needsDurableName() && file.hasReplaced())
            volumes[file.volume()].push_back(&file);
    }
    const auto sync = [](StagedFile *file, Reach reach) { return file->syncReplaced(reach); };
    for (const auto &[volume, members] : volumes) {
        if (syncByOneFlush(members, sync))
            continue;
        for (StagedFile *file : members)
            sync(file, Reach::Medium);
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
void syncInOneGo(const std::vector<StagedFile *> &all)
{
    const std::span<StagedFile *const> files = all;
    if (files.size() >= fewestOnVolume && syncVolumeOf(files, worthOneSync))
        return;
    if (syncByOneFlush(all,
                       [](StagedFile *file, Reach reach) { return file->syncContent(reach); })) {
        for (StagedFile *file : files) {
            if (file->isPending())
                file->noteSynced();
        }
        return;
    }
    if (files.size() < fewestOnVolume)
        return;
    // Much may be waiting. What a sync takes here is seen from the second one: the first waits for what
    // all the files have brought about.
    const FileSystem &system = files.front()->system();
    (void)files[0]->syncContent(Reach::Medium);
    const std::chrono::nanoseconds begin = system.steadyTime();
    (void)files[1]->syncContent(Reach::Medium);
    const std::chrono::duration<double> took = system.steadyTime() - begin;
    const auto worth = static_cast<std::int64_t>(took.count() * double(bytesPerSecond));
    const auto rest = files.subspan(2);
    // Where it fails again, each will be synced by itself.
    if (rest.size() >= fewestOnVolume && worth > worthOneSync)
        (void)syncVolumeOf(rest, worth);
}

} // namespace

void syncTogether(std::span<StagedFile> files)
{
    if (files.size() == 1) // The usual save.
        return;
    std::map<std::uint64_t, std::vector<StagedFile *>> volumes;
    for (StagedFile &file : files) {
        if (file.placeToSync())
            volumes[file.volume()].push_back(&file);
    }
    for (const auto &[volume, members] : volumes)
        syncInOneGo(members);
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
        if (file.needsDurableName() && !file.hasReplaced())
            file.syncMoved();
    }
    syncReplaced(files);
    FileSystem &system = files.front().system();
    if (!system.capabilities().canSyncDirectory)
        return;
    syncEach(system, thatGained(directories));
    syncEach(system, thatMayLose(directories));
}

} // namespace atomicfile
