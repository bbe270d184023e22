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

/// Whose the error of a sync is. A device tells of one in its cache once, and not whose; who asks again hears that
/// all is well.
enum class Blame { ItsOwn, Shared };

/**
 * Syncs all, which are on one volume: each is handed over to the device, whose cache is then emptied once. sync
 * takes one of them and how far it goes, fail one of them and why.
 *
 * False, and nothing is done, where there is one only or the system cannot hand over.
 */
template<typename Item, typename Sync, typename Fail>
bool syncByOneFlush(std::vector<Item> &items, Sync sync, Fail fail)
{
    if (items.size() < 2)
        return false;
    std::vector<Item *> handedOver;
    std::vector<Item *> others;
    for (Item &item : items) {
        const Status synced = sync(item, Reach::Device);
        if (synced)
            handedOver.push_back(&item);
        else if (synced.error().kind != ErrorClass::Unsupported)
            fail(item, synced.error(), Blame::ItsOwn);
        else if (&item == &items.front())
            return false;
        else
            others.push_back(&item);
    }
    if (!handedOver.empty()) {
        const Status emptied = sync(*handedOver.front(), Reach::Medium);
        for (Item *item : handedOver) {
            if (!emptied)
                fail(*item, emptied.error(), Blame::Shared);
        }
    }
    for (Item *item : others) { // Only now, or one of these might hear of an error of the cache.
        const Status synced = sync(*item, Reach::Medium);
        if (!synced)
            fail(*item, synced.error(), Blame::ItsOwn);
    }
    return true;
}

/// The same for any system.
template<typename Item, typename Sync, typename Fail>
void syncAll(std::vector<Item> &items, Sync sync, Fail fail)
{
    if (syncByOneFlush(items, sync, fail))
        return;
    for (Item &item : items) {
        const Status synced = sync(item, Reach::Medium);
        if (!synced)
            fail(item, synced.error(), Blame::ItsOwn);
    }
}

/// What are taken for one device. Copies of a volume have one number on Windows, but not one drive.
using Volume = std::pair<std::uint64_t, Path::string_type>;

Volume volumeOf(const FileIdentity &identity, const Place &place)
{
    return {identity.volume, place.path.root_name().native()};
}

Volume volumeOf(const StagedFile &file) { return volumeOf(file.identity(), file.target().place); }

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

/// Unsupported means that the file system cannot sync directories, which is a loss and no failure.
void noteUnsynced(const ChangedDirectory &directory, const SystemError &error)
{
    const Path path = directory.place->path.parent_path();
    for (StagedFile *file : directory.files) {
        if (error.kind == ErrorClass::Unsupported)
            file->outcome().losses = file->outcome().losses | Loss::Durability;
        else
            file->noteNotDurable(failureOf(error, Step::SyncDirectory, path));
    }
}

void syncOne(FileSystem &system, const ChangedDirectory &directory)
{
    const Place &place = *directory.place;
    Status synced;
    if (place.access == DirectoryAccess::SearchOnly)
        synced = SystemError{ErrorClass::PermissionDenied, Call::SyncDirectory, {}};
    else
        synced = syncDirectory(system, place.directory.get(), Reach::Medium);
    if (!synced)
        noteUnsynced(directory, synced.error());
}

/// All of them, each once, where it can be with one emptying of each device's cache.
void syncEach(FileSystem &system, const std::vector<const ChangedDirectory *> &directories)
{
    std::map<Volume, std::vector<const ChangedDirectory *>> volumes;
    for (const ChangedDirectory *directory : directories) {
        const Place &place = *directory->place;
        if (directories.size() == 1 || !directory->identity
            || place.access == DirectoryAccess::SearchOnly)
            syncOne(system, *directory);
        else
            volumes[volumeOf(*directory->identity, place)].push_back(directory);
    }
    const auto sync = [&](const ChangedDirectory *directory, Reach reach) {
        return syncDirectory(system, directory->place->directory.get(), reach);
    };
    const auto fail = [](const ChangedDirectory *directory, const SystemError &error, Blame) {
        noteUnsynced(*directory, error);
    };
    for (auto &[volume, members] : volumes)
        syncAll(members, sync, fail);
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

/// A file that has taken the place of another.
struct Replaced
{
    StagedFile *file;
    UniqueFile open;
};

/// Where renames are durable by themselves, replacing is not, until the new file is synced.
void syncReplaced(std::span<StagedFile> files)
{
    std::map<Volume, std::vector<Replaced>> volumes;
    for (StagedFile &file : files) {
        if (!file.needsDurableName() || !file.hasReplaced())
            continue;
        auto opened = file.openReplaced();
        if (opened)
            volumes[volumeOf(file)].push_back({&file, std::move(opened).value()});
        else
            file.noteNotDurable(opened.error());
    }
    const auto sync = [](const Replaced &replaced, Reach reach) {
        return syncFile(replaced.file->system(), replaced.open.get(), SyncScope::Everything, reach);
    };
    const auto fail = [](const Replaced &replaced, const SystemError &error, Blame) {
        replaced.file->noteNotDurable(
            failureOf(error, Step::SyncDirectory, replaced.file->target().place.path));
    };
    for (auto &[volume, members] : volumes)
        syncAll(members, sync, fail);
}

/// From here on one sync of the volume, which also has to note what belongs to no content, is the quicker.
constexpr std::size_t fewestOnVolume = 3;
/// What a disk writes, or nearly, in the time that it takes to empty its cache for one more file. So much
/// of what others have written may be waited for, for each file that needs no sync of its own.
constexpr std::int64_t worthOneSync = std::int64_t(256) << 10;

/// The same where it is known how long a sync takes, and nothing of how fast the disk is: a slow one.
constexpr std::int64_t bytesPerSecond = std::int64_t(256) << 20;

/// worth is how much of what others have written may be waited for, for each file. False if it was not tried.
bool syncVolumeOf(std::span<StagedFile *const> files, std::int64_t worth)
{
    std::int64_t most = static_cast<std::int64_t>(files.size()) * worth;
    for (const StagedFile *file : files)
        most += file->size();
    FileSystem &system = files.front()->system();
    const DirectoryHandle directory = files.front()->placeToSync()->directory.get();
    const Status synced = retryInterrupted([&] { return system.syncVolume(directory, most); });
    if (!synced && synced.error().kind == ErrorClass::Unsupported)
        return false;
    for (StagedFile *file : files) {
        if (synced)
            file->noteSynced();
        else
            file->failToSyncWithOthers(synced.error());
    }
    return true;
}

/// All on one volume.
void syncInOneGo(std::vector<StagedFile *> &all)
{
    const std::span<StagedFile *const> files = all;
    if (files.size() >= fewestOnVolume && syncVolumeOf(files, worthOneSync))
        return;
    const auto sync = [](StagedFile *file, Reach reach) { return file->syncContent(reach); };
    const auto fail = [](StagedFile *file, const SystemError &error, Blame blame) {
        if (blame == Blame::Shared)
            file->failToSyncWithOthers(error);
        else
            file->failToSync(error);
    };
    if (syncByOneFlush(all, sync, fail)) {
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
    files[0]->syncContent();
    const std::chrono::nanoseconds begin = system.steadyTime();
    files[1]->syncContent();
    const std::chrono::duration<double> took = system.steadyTime() - begin;
    const auto worth = static_cast<std::int64_t>(took.count() * double(bytesPerSecond));
    const auto rest = files.subspan(2);
    // Where it is not tried again, each will be synced by itself.
    if (rest.size() >= fewestOnVolume && worth > worthOneSync)
        (void)syncVolumeOf(rest, worth);
}

} // namespace

void syncTogether(std::span<StagedFile> files)
{
    if (files.size() == 1) // The usual save.
        return;
    std::map<Volume, std::vector<StagedFile *>> volumes;
    for (StagedFile &file : files) {
        if (file.placeToSync())
            volumes[volumeOf(file)].push_back(&file);
    }
    for (auto &[volume, members] : volumes)
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
