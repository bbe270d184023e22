// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "commit.h"

#include "group_sync.h"
#include "patience.h"
#include "remove_name.h"
#include "retry.h"

#include <utility>

namespace atomicfile {

/// btrfs shows a file that moved between directories under both names after a power cut unless the file itself
/// is synced first.
void StagedFile::syncMoved()
{
    if (!isMove() || !m_file.isOpen())
        return;
    const auto synced = retryInterrupted(
        [&] { return m_system->syncFile(file(), SyncScope::Everything); });
    if (!synced)
        noteNotDurable(failureOf(synced.error(), Step::SyncDirectory, m_target.place.path));
}

Result<UniqueFile, Failure> StagedFile::openReplaced()
{
    const Place &place = m_target.place;
    const auto opened = m_patience.untilFree(*m_system, [&] {
        return m_system->openFile(place.directory.get(), place.name, FileAccess::ReadWrite);
    });
    if (!opened)
        return failureOf(opened.error(), Step::SyncDirectory, place.path);
    return UniqueFile(*m_system, opened.value());
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
