// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "backup.h"
#include "displaced.h"
#include "remove_name.h"
#include "retry.h"
#include "staged_file.h"

#include <utility>

namespace atomicfile {

/// One attempt after the other, for as long as somebody is in the way and may soon be no more. What the
/// target has to be is looked at before each: it may be another one by then.
void StagedFile::publish(Monitor &monitor)
{
    const Path &path = m_target.place.path;
    Status published;
    do {
        const auto existing = lookWhatToReplace(monitor);
        if (monitor.isCancelled())
            return fail(refusal(ErrorClass::Cancelled, Step::Publish, path));
        if (!existing)
            return fail(existing.error());
        if (auto expected = checkExpectations(existing.value(), m_options, Step::Publish, path);
            !expected)
            return fail(expected.error());
        if (auto same = checkSecondName(existing.value()); !same)
            return fail(same.error());
        ++m_outcome.attempts;
        if (!isMove() && (m_overwrites || isToBeOverwritten(existing.value(), m_options)))
            return overwrite(monitor);
        published = publishOnce(existing.value());
        if (published && m_state == State::Discarded)
            return; // Another program's file has been put back.
        if (published || tookEffect(existing.value()))
            return notePublished();
    } while (m_state == State::Staged && published.error().mayPass && m_patience.rest(*m_system));
    if (m_state == State::Staged && isLastResort(published.error()))
        return overwrite(monitor);
    noteUnpublished(published.error());
}

/// What stands at the target. Where nothing does although something was to be replaced, what belongs to
/// the target may come back with the old file or with somebody else's new one.
Result<std::optional<FileInfo>, Failure> StagedFile::lookWhatToReplace(Monitor &monitor)
{
    auto existing = lookAt(*m_system, m_target.place, Step::Publish);
    if (!existing || existing.value() || !m_replaces)
        return existing;
    existing = recover(*m_system, m_target.place, Step::Publish,
                       [&] { return !monitor.isCancelled() && m_patience.rest(*m_system); });
    if (existing && !existing.value() && !monitor.isCancelled()) {
        m_replaces = false;
        m_outcome.losses = m_outcome.losses | Loss::AccessControlList | Loss::ExtendedAttributes;
    }
    return existing;
}

/// Not of what must not be replaced: then publishing says what is wrong.
void StagedFile::backUp(Monitor &monitor)
{
    if (m_options.backup.generations == 0 || m_origin == Origin::SecondName)
        return;
    const Place &place = m_target.place;
    const auto existing = lookAt(*m_system, place, Step::Backup);
    if (!existing)
        return fail(existing.error());
    if (!existing.value()
        || !checkExpectations(existing.value(), m_options, Step::Backup, place.path))
        return;
    const bool mayChange = isContentAlone() && mayOverwrite(existing.value(), m_options);
    const auto kind = mayChange ? BackupKind::Copy : BackupKind::LinkOrCopy;
    auto made = makeBackup(*m_system, place, *existing.value(), kind, m_options, monitor,
                           m_outcome);
    if (!made)
        fail(made.error());
}

void StagedFile::notePublished()
{
    m_state = State::Published;
    m_outcome.losses |= m_notCarried;
    if (m_outcome.state == TargetState::Unchanged)
        m_outcome.state = TargetState::Replaced;
}

void StagedFile::noteUnpublished(const SystemError &error)
{
    if (m_origin == Origin::SecondName) {
        // The target was this file before; only its other name could not be removed.
        m_outcome.state = TargetState::Replaced;
        return fail(failureOf(error, Step::RemoveSource, ownPath()));
    }
    Failure failure = failureOf(error, Step::Publish, m_target.place.path);
    // Somebody was quicker where the caller expected nothing.
    if (error.kind == ErrorClass::AlreadyExists && m_options.expectedVersion
        && m_options.existing != Existing::CreateNew)
        failure.kind = ErrorClass::Conflict;
    // A move learns from this that it has to copy.
    if (isMove() && error.kind == ErrorClass::NotSameDevice)
        failure.kind = ErrorClass::NotSameDevice;
    fail(std::move(failure));
}

/// Where the source is removed because the target is the same file, both have to be that still.
Result<void, Failure> StagedFile::checkSecondName(const std::optional<FileInfo> &existing)
{
    if (m_origin != Origin::SecondName)
        return {};
    const auto source = lookAt(*m_system, m_place, Step::Publish);
    if (!source)
        return source.error();
    const auto isSame = [this](const std::optional<FileInfo> &found) {
        return found && found->identity == m_identity;
    };
    if (!isSame(existing) || !isSame(source.value()))
        return refusal(ErrorClass::Conflict, Step::Publish, m_target.place.path);
    return {};
}

/**
 * True if what was said to have failed was done all the same: on a network file system the answer may
 * be lost, or the request be made twice. What stands at the target tells, unless it is this very file
 * under another spelling of its name.
 */
bool StagedFile::tookEffect(const std::optional<FileInfo> &before)
{
    if (m_state != State::Staged || m_origin == Origin::SecondName
        || (before && before->identity == m_identity))
        return false;
    const auto now = lookAt(*m_system, m_target.place, Step::Publish);
    return now && now.value() && now.value()->identity == m_identity;
}

/// What stands at the target is the new file, or nobody can say.
bool StagedFile::mayBeTarget()
{
    const auto now = lookAt(*m_system, m_target.place, Step::Publish);
    return !now || (now.value() && now.value()->identity == m_identity);
}

Status StagedFile::publishOnce(const std::optional<FileInfo> &existing)
{
    const Place &to = m_target.place;
    if (m_origin == Origin::SecondName) {
        if (!secureLink())
            return {};
        return removeName(*m_system, ownDirectory(), m_place.name, m_patience);
    }
    if (existing && m_replaces)
        return publishByReplacing(existing);
    if (m_options.existing == Existing::CreateNew)
        return publishWithoutReplacing();
    if (m_options.expectedVersion) {
        const auto published = publishExpecting(*m_options.expectedVersion);
        if (published || published.error().kind != ErrorClass::Unsupported)
            return published;
    }
    return retryInterrupted([&] {
        return m_system->rename(ownDirectory(), m_place.name, to.directory.get(), to.name);
    });
}

/// Without a window between the look at the target and its being replaced, where the system can.
Status StagedFile::publishExpecting(const Version &version)
{
    if (!version.exists)
        return publishWithoutReplacing();
    if (isMove())
        return SystemError{ErrorClass::Unsupported, Call::Exchange, {}};
    return publishByExchange();
}

/// Where somebody may have put a file at the target since it was looked at.
Status StagedFile::publishWithoutReplacing()
{
    const Place &to = m_target.place;
    const auto renamed = retryInterrupted([&] {
        return m_system->renameNoReplace(ownDirectory(), m_place.name, to.directory.get(), to.name);
    });
    if (renamed || renamed.error().kind != ErrorClass::Unsupported)
        return renamed;
    return publishByLink();
}

/**
 * Closes the window between the look at the version and publishing: the two files change places, and
 * what has come to the staged name shows which file was replaced. If it is not the expected one, they
 * change back.
 */
Status StagedFile::publishByExchange()
{
    const DirectoryHandle directory = ownDirectory();
    const Path &target = m_target.place.name;
    const auto exchange = [&] { return m_system->exchange(directory, m_place.name, target); };
    const auto exchanged = retryInterrupted(exchange);
    if (!exchanged && !tookEffect(std::nullopt)) {
        SystemError error = exchanged.error();
        const auto now = lookAt(*m_system, m_target.place, Step::Publish);
        if (error.kind == ErrorClass::NotFound && now && !now.value())
            error.kind = ErrorClass::Conflict; // It has gone since it was looked at.
        return error;
    }
    const auto replaced = lookAt(*m_system, m_place, Step::Publish);
    const bool isExpected = replaced && replaced.value()
        && Version::of(*replaced.value()) == *m_options.expectedVersion;
    if (isExpected) {
        if (!removeName(*m_system, directory, m_place.name, m_patience))
            m_outcome.retained.push_back(ownPath());
        return {};
    }
    m_outcome.fail(replaced ? refusal(ErrorClass::Conflict, Step::Publish, m_target.place.path)
                            : replaced.error());
    const bool isBack = retryInterrupted(exchange) || !mayBeTarget();
    if (isBack) {
        discard();
        return {};
    }
    // The other program's file cannot be put back: it stays where it can be found.
    m_outcome.retained.push_back(ownPath());
    return {};
}

/// For kernels and file systems without a rename that does not replace: a second name, then the first
/// one goes. A crash in between leaves both names of the one whole file.
Status StagedFile::publishByLink()
{
    const Place &to = m_target.place;
    const auto linked = retryInterrupted(
        [&] { return m_system->link(ownDirectory(), m_place.name, to.directory.get(), to.name); });
    if (!linked && !tookEffect(std::nullopt))
        return linked;
    if (isMove() && !secureLink())
        return {};
    const auto removed = removeName(*m_system, ownDirectory(), m_place.name, m_patience);
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

/// True where the system itself brings the target's metadata over when it publishes.
bool StagedFile::canReplace()
{
    const Capabilities can = m_system->capabilities();
    if (!can.replaceKeepsMetadata || m_metadataSource || !keepsTargetMetadata(m_target, m_options))
        return false;
    if (displacedName(m_target.place.name, m_place.name, can))
        return true;
    // With so long a name there is no other for the old file that would tell whose it is.
    m_outcome.losses = m_outcome.losses | Loss::AccessControlList | Loss::ExtendedAttributes;
    return false;
}

Status StagedFile::publishByReplacing(const std::optional<FileInfo> &existing)
{
    const DirectoryHandle directory = ownDirectory();
    const Path &target = m_target.place.name;
    const auto displaced = displacedName(target, m_place.name, m_system->capabilities());
    auto replaced = retryInterrupted(
        [&] { return m_system->replace(directory, m_place.name, target, *displaced); });
    if (!replaced)
        replaced = afterReplacing(replaced.error(), *displaced);
    if (!replaced && !tookEffect(existing))
        return replaced;
    m_displaced = *displaced;
    // The new file may have taken over the old one's identity as well.
    const auto now = lookAt(*m_system, m_target.place, Step::Publish);
    if (now && now.value())
        m_outcome.version = Version::of(*now.value());
    return {};
}

/// Whatever it says: where nothing stands at the target, and the old file does at its other name, it
/// stopped half-way. Where the old file is nowhere, another program is half-way, and not for long.
Status StagedFile::afterReplacing(SystemError error, const Path &displaced)
{
    const auto left = lookAt(*m_system, m_target.place, Step::Publish);
    const bool isGone = left && !left.value();
    const auto mayBeKept = [&] {
        const auto kept = m_patience.untilFree(
            *m_system, [&] { return m_system->stat(ownDirectory(), displaced); });
        return kept || kept.error().kind != ErrorClass::NotFound;
    };
    if (error.kind == ErrorClass::HalfReplaced || (isGone && mayBeKept()))
        return finishReplacing(displaced);
    error.mayPass = error.mayPass || isGone || error.kind == ErrorClass::NotFound;
    return error;
}

/// Nothing stands at the target: forward if that can be done, else back, and if neither can, then both
/// files stay where they are, and the outcome says where.
Status StagedFile::finishReplacing(const Path &displaced)
{
    const DirectoryHandle directory = ownDirectory();
    const Path &target = m_target.place.name;
    const auto forward = m_patience.untilFree(
        *m_system, [&] { return m_system->rename(directory, m_place.name, directory, target); });
    if (forward || tookEffect(std::nullopt))
        return {};
    // However little time is left, the old file has to get its name back.
    Patience last(m_options.busyTimeout);
    const auto back = last.untilFree(*m_system, [&] {
        return m_system->renameNoReplace(directory, displaced, directory, target);
    });
    const auto now = lookAt(*m_system, m_target.place, Step::Publish);
    if (back || (now && now.value()))
        return forward;
    m_state = State::Discarded;
    (void)m_lockHolder.close(); // Nothing was written through it.
    m_outcome.state = TargetState::Displaced;
    m_outcome.retained = {m_target.place.sibling(displaced), ownPath()};
    return forward;
}

} // namespace atomicfile
