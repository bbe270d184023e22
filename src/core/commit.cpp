// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "commit.h"

#include "metadata.h"
#include "retry.h"

#include <utility>
#include <vector>

namespace atomicfile {

namespace {

/// The file whose metadata the new one takes over when nothing else was said: the target, as it is
/// now. Nothing if it is new, is a symbolic link, or is not to be kept.
Result<std::optional<MetadataSource>, Failure> targetMetadata(FileSystem &system,
                                                              const Target &target,
                                                              const Options &options)
{
    if (!keepsTargetMetadata(target, options))
        return std::optional<MetadataSource>();
    const Place &place = target.place;
    MetadataSource source{{}, *target.existing, MetadataSource::Extent::OwnerAndPermissions};
    auto opened = retryInterrupted(
        [&] { return system.openFile(place.directory.get(), place.name, FileAccess::Read); });
    if (opened) {
        source.file = UniqueFile(system, opened.value());
        const auto info = retryInterrupted([&] { return system.statFile(opened.value()); });
        if (!info)
            return failureOf(info.error(), Step::CarryMetadata, place.path);
        source.info = info.value();
    } else if (opened.error().kind != ErrorClass::PermissionDenied
               && opened.error().kind != ErrorClass::NotFound) {
        return failureOf(opened.error(), Step::CarryMetadata, place.path);
    }
    // A target that may be written but not read (mode 0200), or that has just gone, keeps what was
    // seen of it when it was inspected.
    return std::optional<MetadataSource>(std::move(source));
}

} // namespace

void StagedFile::finishContent()
{
    if (!m_file.isOpen() && isMove())
        return; // Nothing is to be synced for it.
    if (!m_file.isOpen())
        return finishLink();
    const bool sync = m_options.durability != Durability::None;
    if (!isMove()) {
        if (auto carried = carry(); !carried)
            return fail(carried.error());
    }
    if (sync) {
        const auto synced = retryInterrupted(
            [&] { return m_system->syncFile(file(), SyncScope::Content); });
        if (!synced)
            return fail(failureOf(synced.error(), Step::SyncContent, m_target.place.path));
    }
    const auto info = retryInterrupted([&] { return m_system->statFile(file()); });
    if (!info)
        return fail(failureOf(info.error(), Step::SyncContent, ownPath()));
    m_outcome.version = Version::of(info.value());
    if (sync)
        return;
    // Unsynced, a late write error (NFS, quota) shows only here. A synced file stays open, and with
    // it the lock, until it is published.
    const auto closed = m_file.close();
    if (!closed)
        fail(failureOf(closed.error(), Step::SyncContent, m_target.place.path));
}

/// A symbolic link has nothing but itself.
void StagedFile::finishLink()
{
    const auto info = retryInterrupted(
        [&] { return m_system->stat(ownDirectory(), m_place.name); });
    if (!info)
        return fail(failureOf(info.error(), Step::SyncContent, ownPath()));
    m_outcome.version = Version::of(info.value());
}

Result<void, Failure> StagedFile::carry()
{
    if (!m_metadataSource) {
        auto source = targetMetadata(*m_system, m_target, m_options);
        if (!source)
            return source.error();
        m_metadataSource = std::move(source).value();
    }
    Result<Carried> carried = Carried{};
    // The caller's permissions are for a new file; a move brings its own.
    const bool isOwn = m_metadataSource
        && m_metadataSource->extent == MetadataSource::Extent::Everything;
    if (m_options.permissions && !isOwn && !keepsTargetMetadata(m_target, m_options))
        carried = applyPermissions(*m_system, file(), *m_options.permissions);
    else if (m_metadataSource)
        carried = carryMetadata(*m_system, file(), m_created, *m_metadataSource);
    m_metadataSource.reset();
    if (!carried)
        return failureOf(carried.error(), Step::CarryMetadata, m_target.place.path);
    m_outcome.losses |= carried.value().losses;
    return {};
}

void StagedFile::publish(Monitor &monitor)
{
    const Path &path = m_target.place.path;
    if (monitor.isCancelled())
        return fail(refusal(ErrorClass::Cancelled, Step::Publish, path));
    const auto existing = lookAt(*m_system, m_target.place, Step::Publish);
    if (!existing)
        return fail(existing.error());
    if (auto expected = checkExpectations(existing.value(), m_options, Step::Publish, path);
        !expected)
        return fail(expected.error());
    // The source is removed because the target is the same file: it has to be that still.
    if (m_origin == Origin::SecondName
        && (!existing.value() || existing.value()->identity != m_target.existing->identity))
        return fail(refusal(ErrorClass::Conflict, Step::Publish, path));
    ++m_outcome.attempts;
    const auto published = publishOnce();
    if (!published && m_origin == Origin::SecondName) {
        // The target was this file before; only its other name could not be removed.
        m_outcome.state = TargetState::Replaced;
        return fail(failureOf(published.error(), Step::RemoveSource, ownPath()));
    }
    if (!published) {
        Failure failure = failureOf(published.error(), Step::Publish, path);
        // A move learns from this that it has to copy.
        if (isMove() && published.error().kind == ErrorClass::NotSameDevice)
            failure.kind = ErrorClass::NotSameDevice;
        return fail(std::move(failure));
    }
    m_state = State::Published;
    if (m_outcome.state == TargetState::Unchanged)
        m_outcome.state = TargetState::Replaced;
}

Status StagedFile::publishOnce()
{
    const Place &to = m_target.place;
    if (m_origin == Origin::SecondName) {
        if (!secureLink())
            return {};
        return retryInterrupted([&] { return m_system->unlink(ownDirectory(), m_place.name); });
    }
    if (m_options.existing != Existing::CreateNew) {
        return retryInterrupted([&] {
            return m_system->rename(ownDirectory(), m_place.name, to.directory.get(), to.name);
        });
    }
    const auto renamed = retryInterrupted([&] {
        return m_system->renameNoReplace(ownDirectory(), m_place.name, to.directory.get(), to.name);
    });
    if (renamed || renamed.error().kind != ErrorClass::Unsupported)
        return renamed;
    return publishByLink();
}

/// For kernels and file systems without a rename that does not replace: a second name, then the first
/// one goes. A crash in between leaves both names of the one whole file.
Status StagedFile::publishByLink()
{
    const Place &to = m_target.place;
    const auto linked = retryInterrupted(
        [&] { return m_system->link(ownDirectory(), m_place.name, to.directory.get(), to.name); });
    if (!linked)
        return linked;
    if (isMove() && !secureLink())
        return {};
    const auto removed = retryInterrupted(
        [&] { return m_system->unlink(ownDirectory(), m_place.name); });
    if (!removed && isMove())
        m_outcome.fail(failureOf(removed.error(), Step::RemoveSource, ownPath()));
    else if (!removed)
        m_outcome.retained.push_back(ownPath());
    return {};
}

/// Two steps are not one: a power cut may keep the removal of the source's name and lose the target's,
/// which may be new, unless that is made durable before. False if that failed; then the source stays.
bool StagedFile::secureLink()
{
    if (m_options.durability == Durability::None || !m_system->capabilities().canSyncDirectory)
        return true;
    const Place &to = m_target.place;
    const auto synced = retryInterrupted(
        [&] { return m_system->syncDirectory(to.directory.get()); });
    if (synced || synced.error().kind == ErrorClass::Unsupported)
        return true;
    noteNotDurable(failureOf(synced.error(), Step::SyncDirectory, to.path.parent_path()));
    return false;
}

void StagedFile::syncMoved()
{
    // btrfs shows a file that moved between directories under both names after a power cut unless
    // the file itself is synced first.
    if (isMove() && m_file.isOpen()) {
        const auto synced = retryInterrupted(
            [&] { return m_system->syncFile(file(), SyncScope::Everything); });
        if (!synced)
            noteNotDurable(failureOf(synced.error(), Step::SyncDirectory, m_target.place.path));
    }
}

void StagedFile::closePublished()
{
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
            file.syncMoved();
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

} // namespace

void commit(std::span<StagedFile> files, Monitor &monitor)
{
    for (StagedFile &file : files) {
        if (file.isPending())
            file.finishContent();
    }
    for (StagedFile &file : files) {
        if (file.isPending())
            file.publish(monitor);
    }
    makeNamesDurable(files);
    for (StagedFile &file : files) {
        if (file.isPublished())
            file.closePublished();
        else if (file.outcome().state == TargetState::Unchanged)
            file.outcome().version = Version{};
    }
}

Outcome commit(StagedFile file, Monitor &monitor)
{
    commit(std::span(&file, 1), monitor);
    return std::move(file.outcome());
}

} // namespace atomicfile
