// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Publishing where the target cannot be replaced: its content is overwritten, which is not atomic for
// readers, and safe in a crash by the old content that is kept meanwhile (undo.h).
#include "metadata.h"
#include "remove_name.h"
#include "retry.h"
#include "source.h"
#include "staged_file.h"
#include "state_directory.h"
#include "undo.h"

#include <utility>

namespace atomicfile {

namespace {

/// What the directory says that takes no file.
bool refusesFiles(ErrorClass kind)
{
    return kind == ErrorClass::PermissionDenied || kind == ErrorClass::ReadOnlyFileSystem;
}

} // namespace

bool StagedFile::canOverwrite(const std::optional<FileInfo> &existing) const
{
    const bool hasContent = m_file.isOpen() || m_lockHolder.isOpen();
    return !isMove() && hasContent && mayOverwrite(existing, m_options);
}

/// A mount of its own is busy, or seems to be on another device; a sticky directory gives away nobody's
/// file but the owner's.
bool StagedFile::cannotBeReplaced(const SystemError &error) const
{
    return refusesFiles(error.kind) || error.kind == ErrorClass::Busy
        || error.kind == ErrorClass::NotSameDevice;
}

/// The staged file goes to the user's private directory where the target's takes none, as its content has
/// to be whole before the target's is touched. False if that is not to be.
Result<bool, Failure> StagedFile::stageElsewhere(const Failure &refused)
{
    if (m_state == State::Staged || m_isElsewhere || !refusesFiles(refused.kind)
        || !mayOverwrite(m_target.existing, m_options))
        return false;
    auto state = createStateDirectory(*m_system, Step::Stage);
    if (!state)
        return state.error();
    m_place = std::move(state).value();
    m_isElsewhere = true;
    m_overwrites = true;
    return true;
}

/// Before anything is written: what stands there now, if it may still be overwritten.
Result<Source, Failure> StagedFile::openTargetToOverwrite()
{
    const Place &place = m_target.place;
    const auto existing = lookAt(*m_system, place, Step::Publish);
    if (!existing)
        return existing.error();
    if (auto expected = checkExpectations(existing.value(), m_options, Step::Publish, place.path);
        !expected)
        return expected.error();
    if (!existing.value())
        return refusal(ErrorClass::Conflict, Step::Publish, place.path);
    if (!canOverwrite(existing.value())) // A symbolic link has no content to write.
        return refusal(ErrorClass::Unsupported, Step::Publish, place.path);
    auto opened = openSource(*m_system, Target{place, existing.value()}, FileAccess::ReadWrite,
                             m_options.busyTimeout);
    if (!opened) {
        Failure failure = opened.error();
        failure.step = Step::Publish;
        return failure;
    }
    if (opened.value().info.identity != existing.value()->identity)
        return refusal(ErrorClass::Conflict, Step::Publish, place.path);
    return opened;
}

/// The handle that the content was written through may be closed by now.
Result<void, Failure> StagedFile::openContent()
{
    if (m_file.isOpen())
        return {};
    auto opened = m_patience.untilFree(*m_system, [&] {
        return m_system->openFile(ownDirectory(), m_place.name, FileAccess::Read);
    });
    if (!opened)
        return failureOf(opened.error(), Step::Publish, ownPath());
    m_file = UniqueFile(*m_system, opened.value());
    return {};
}

/// Whatever the durability: the last resort is synced before the old content is given up.
void StagedFile::overwrite(Monitor &monitor)
{
    m_overwrites = true;
    auto target = openTargetToOverwrite();
    if (!target)
        return fail(target.error());
    if (auto opened = openContent(); !opened)
        return fail(opened.error());
    const bool beside = !m_isElsewhere && m_identity.volume == target.value().info.identity.volume;
    auto undo = Undo::keep(*m_system, m_target.place, target.value(),
                           beside ? Undo::Where::Beside : Undo::Where::InStateDirectory, m_options,
                           monitor, m_outcome);
    if (!undo)
        return fail(undo.error());
    // What belongs to the file beside its content stays as it is.
    m_outcome.losses = (m_outcome.losses & static_cast<unsigned>(Loss::Durability))
        | Loss::Atomicity;
    const FileHandle file = target.value().file.get();
    auto done = overwriteContent(*m_system, m_file.get(), file, Step::Publish, m_target.place.path);
    if (done)
        done = undo.value().remove();
    if (!done)
        return putBack(undo.value(), file, done.error());
    m_state = State::Published;
    m_outcome.state = TargetState::Replaced;
    const auto durable = undo.value().makeRemovalDurable();
    if (!durable)
        noteNotDurable(durable.error());
    else
        m_outcome.losses |= durable.value();
    finishOverwritten(target.value());
    (void)m_file.close(); // It was only read since it was synced.
    (void)m_lockHolder.close();
    if (!removeName(*m_system, ownDirectory(), m_place.name, m_patience))
        m_outcome.retained.push_back(ownPath());
}

/// The old content comes back. If that fails as well, both stay where they are, and the outcome says where.
void StagedFile::putBack(Undo &undo, FileHandle target, Failure failure)
{
    m_outcome.fail(std::move(failure));
    if (!undo.putBack(target)) {
        m_state = State::Discarded;
        (void)m_file.close();
        (void)m_lockHolder.close();
        m_outcome.state = TargetState::Displaced;
        m_outcome.retained.push_back(undo.path());
        m_outcome.retained.push_back(ownPath());
        return;
    }
    m_outcome.losses = 0;
    // What cannot be removed holds what the target holds.
    if (!undo.remove())
        m_outcome.retained.push_back(undo.path());
    discard();
}

void StagedFile::finishOverwritten(const Source &target)
{
    const FileHandle file = target.file.get();
    if (m_permissions) {
        const auto applied = applyPermissions(*m_system, file, *m_permissions);
        m_outcome.losses = applied ? m_outcome.losses | applied.value().losses
                                   : m_outcome.losses | Loss::Permissions;
    }
    const auto info = retryInterrupted([&] { return m_system->statFile(file); });
    if (!info)
        return noteNotDurable(failureOf(info.error(), Step::SyncDirectory, m_target.place.path));
    // Writing takes set-id bits away, but for root's.
    if (!m_permissions && info.value().mode != target.info.mode)
        m_outcome.losses = m_outcome.losses | Loss::Permissions;
    m_outcome.version = Version::of(info.value());
}

} // namespace atomicfile
