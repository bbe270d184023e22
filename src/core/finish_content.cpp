// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "displaced.h"
#include "metadata.h"
#include "retry.h"
#include "staged_file.h"
#include "unchanged.h"

#include <algorithm>
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
        const auto info = retryInterrupted(
            [&] { return system.statFile(opened.value(), Times::LeftOut); });
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

/// Not for a move, which has to take the source's name away in any case.
void StagedFile::skipUnchanged(Monitor &monitor)
{
    if (m_options.unchanged != Unchanged::Skip || isMove() || !m_file.isOpen())
        return;
    const auto info = retryInterrupted([&] { return m_system->statFile(file(), Times::LeftOut); });
    if (!info)
        return fail(failureOf(info.error(), Step::Write, ownPath()));
    std::vector<std::byte> buffer;
    const Comparison content{info.value().size, [&](std::int64_t offset, const auto &there) {
                                 buffer.resize(there.size());
                                 const auto length = read(offset, buffer);
                                 return length && length.value() == there.size()
                                     && std::equal(there.begin(), there.end(), buffer.begin());
                             }};
    auto skipped = atomicfile::skipUnchanged(*m_system, m_target, m_options, content, monitor);
    if (!skipped)
        return;
    discard();
    skipped->bytesWritten = m_outcome.bytesWritten;
    skipped->retained = std::move(m_outcome.retained);
    m_outcome = *std::move(skipped);
}

void StagedFile::finishMetadata()
{
    if (!m_file.isOpen() || isMove() || m_overwrites)
        return;
    if (auto carried = carry(); !carried)
        return fail(carried.error());
    if (auto applied = applyOwnPermissions(); !applied)
        return fail(applied.error());
}

const Place *StagedFile::placeToSync() const
{
    const bool isSynced = isPending() && m_file.isOpen() && !isMove()
        && m_options.durability != Durability::None
        && m_place.access != DirectoryAccess::SearchOnly;
    return isSynced ? &m_place : nullptr;
}

void StagedFile::syncContent()
{
    const Status synced = syncContent(Reach::Medium);
    if (!synced)
        return failToSync(synced.error());
    m_isSynced = true;
}

/// Never once more: the system tells of an error once, and then says that all is well.
void StagedFile::failToSync(const SystemError &error)
{
    fail(failureOf(error, Step::SyncContent, m_target.place.path));
}

void StagedFile::failToSyncWithOthers(const SystemError &error)
{
    failToSync(error);
    m_outcome.failedWithOthers = true;
}

void StagedFile::finishContent()
{
    if (!m_file.isOpen() && isMove())
        return; // Nothing is to be synced for it.
    if (!m_file.isOpen())
        return noteVersion(); // A symbolic link has nothing but itself.
    const bool sync = m_options.durability != Durability::None;
    if (sync && !m_isSynced)
        syncContent();
    if (!isPending())
        return;
    // Unsynced, a late write error (NFS, quota) shows only here. A synced file stays open, and with
    // it the lock, until it is published, where that can be.
    if (!sync || !m_system->capabilities().publishesOpenFiles) {
        const auto closed = m_file.close();
        if (!closed && !isMove())
            return fail(failureOf(closed.error(), Step::SyncContent, m_target.place.path));
    }
    noteVersion();
}

/// After the target's were carried over: who asked for these means them, whoever had the target.
Result<void, Failure> StagedFile::applyOwnPermissions()
{
    if (!m_permissions || m_replaces)
        return {};
    const auto applied = applyPermissions(*m_system, file(), *m_permissions);
    if (!applied)
        return failureOf(applied.error(), Step::CarryMetadata, m_target.place.path);
    m_notCarried |= applied.value().losses;
    return {};
}

/// After the last change: systems may set the time of the last one only when the file is closed.
void StagedFile::noteVersion()
{
    const FileHandle open = m_file.isOpen() ? m_file.get() : m_lockHolder.get();
    const auto info = retryInterrupted([&] {
        return open.isOpen() ? m_system->statFile(open, Times::Asked)
                             : m_system->stat(ownDirectory(), m_place.name);
    });
    if (!info)
        return fail(failureOf(info.error(), Step::SyncContent, ownPath()));
    m_identity = info.value().identity;
    m_outcome.version = Version::of(info.value());
}

Result<void, Failure> StagedFile::carry()
{
    m_replaces = canReplace();
    if (m_replaces)
        return {};
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
    m_notCarried |= carried.value().losses;
    return {};
}

} // namespace atomicfile
