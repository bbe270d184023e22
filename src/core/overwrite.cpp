// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Publishing where the target cannot be replaced: its content is overwritten, which is not atomic for
// readers, and safe in a crash by the old content that is kept meanwhile (undo.h).
#include "metadata.h"
#include "remove_name.h"
#include "retry.h"
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

/// A move brings more than content along, and a symbolic link has none.
bool StagedFile::isContentAlone() const
{
    return !isMove() && !m_bringsEverything && (m_file.isOpen() || m_lockHolder.isOpen());
}

/// A mount of its own is busy, or seems to be on another device; a sticky directory gives away nobody's
/// file but the owner's. A program that has the target open may soon close it, and is no such reason.
bool StagedFile::isLastResort(const SystemError &error) const
{
    const bool isMount = error.kind == ErrorClass::Busy || error.kind == ErrorClass::NotSameDevice;
    return !error.mayPass && (isMount || refusesFiles(error.kind)) && isContentAlone()
        && mayOverwrite(m_target.existing, m_options);
}

/// The staged file goes to the user's private directory where the target's takes none, as its content has
/// to be whole before the target's is touched. False if that is not to be.
Result<bool, Failure> StagedFile::stageElsewhere(const Failure &refused)
{
    const bool isElsewhere = ownDirectory().value != m_target.place.directory.get().value;
    if (m_state == State::Staged || isElsewhere || !refusesFiles(refused.kind)
        || !mayOverwrite(m_target.existing, m_options) || !m_system->stateDirectory())
        return false;
    auto state = createStateDirectory(*m_system, Step::Stage);
    if (!state)
        return state.error();
    m_place = std::move(state).value();
    m_overwrites = true;
    return true;
}

/// Before anything is written: what stands there now, if it may still be overwritten.
Result<LockedTarget, Failure> StagedFile::lockTargetToOverwrite()
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
    if (!isContentAlone())
        return refusal(ErrorClass::Unsupported, Step::Publish, place.path);
    if (!mayOverwrite(existing.value(), m_options)) // The other names have gone meanwhile.
        return refusal(ErrorClass::Conflict, Step::Publish, place.path);
    if (existing.value()->linkCount > 1 && m_options.hardLinks != HardLinks::WriteInPlace)
        return refusal(ErrorClass::TooManyLinks, Step::Publish, place.path);
    auto opened = openSource(*m_system, Target{place, existing.value()}, FileAccess::ReadWrite,
                             m_options.busyTimeout);
    if (!opened) {
        Failure failure = opened.error();
        failure.step = Step::Publish;
        return failure;
    }
    auto locked = lockTarget(*m_system, std::move(opened).value(), m_patience, Step::Publish,
                             place.path);
    if (!locked)
        return locked;
    // Others may have had the lock before.
    if (auto same = checkIsStill(locked.value().source, Version::of(*existing.value())); !same)
        return same.error();
    return locked;
}

/// Conflict if the target is another file than the open one, or the open one has changed.
Result<void, Failure> StagedFile::checkIsStill(const Source &source, const Version &version)
{
    const Place &place = m_target.place;
    const auto open = retryInterrupted(
        [&] { return m_system->statFile(source.file.get(), Times::Asked); });
    if (!open)
        return failureOf(open.error(), Step::Publish, place.path);
    const auto named = lookAt(*m_system, place, Step::Publish);
    if (!named)
        return named.error();
    const bool isStill = Version::of(open.value()) == version && named.value()
        && named.value()->identity == open.value().identity;
    if (!isStill)
        return refusal(ErrorClass::Conflict, Step::Publish, place.path);
    return {};
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
    auto target = lockTargetToOverwrite();
    if (!target)
        return fail(target.error());
    const Source &source = target.value().source;
    if (auto opened = openContent(); !opened)
        return fail(opened.error());
    auto undo = Undo::keep(*m_system, target.value(), m_target.place.path, m_options, monitor,
                           m_outcome);
    if (!undo)
        return fail(undo.error());
    auto done = checkIsStill(source, Version::of(source.info));
    if (!done) {
        if (!undo.value().remove())
            m_outcome.retained.push_back(undo.value().path());
        return fail(done.error());
    }
    done = writeInto(source);
    if (done)
        done = undo.value().remove();
    if (!done)
        return putBack(undo.value(), source, done.error());
    m_state = State::Published;
    m_outcome.state = TargetState::Replaced;
    m_outcome.losses = m_outcome.losses | Loss::Atomicity;
    const auto durable = undo.value().makeRemovalDurable();
    if (!durable)
        noteNotDurable(durable.error());
    else
        m_outcome.losses |= durable.value();
    (void)m_file.close(); // It was only read since it was synced.
    (void)m_lockHolder.close();
    if (!removeName(*m_system, ownDirectory(), m_place.name, m_patience))
        m_outcome.retained.push_back(ownPath());
}

/// What is forbidden from now on is forbidden before the content is there.
Result<void, Failure> StagedFile::writeInto(const Source &target)
{
    const FileHandle file = target.file.get();
    const Path &path = m_target.place.path;
    const auto wanted = permissionsToGive();
    if (wanted && m_system->capabilities().modesGuard) {
        const auto narrowed = retryInterrupted(
            [&] { return m_system->setMode(file, target.info.mode & *wanted); });
        if (!narrowed)
            return failureOf(narrowed.error(), Step::Publish, path);
    }
    auto written = overwriteContent(*m_system, m_file.get(), file, Step::Publish, path);
    if (!written)
        return written;
    if (wanted) {
        const auto applied = applyPermissions(*m_system, file, *wanted);
        if (!applied)
            return failureOf(applied.error(), Step::Publish, path);
        m_outcome.losses |= applied.value().losses;
    }
    const auto synced = retryInterrupted(
        [&] { return m_system->syncFile(file, SyncScope::Everything); });
    if (!synced)
        return failureOf(synced.error(), Step::Publish, path);
    const auto info = retryInterrupted([&] { return m_system->statFile(file, Times::Asked); });
    if (!info)
        return failureOf(info.error(), Step::Publish, path);
    // Writing takes set-id bits away, but for root's.
    if (!wanted && info.value().mode != target.info.mode)
        m_outcome.losses = m_outcome.losses | Loss::Permissions;
    const Version version = Version::of(info.value());
    if (auto same = checkIsStill(target, version); !same)
        return same;
    m_outcome.version = version;
    return {};
}

/// Those that the caller asked for where the target would have got them by being replaced.
std::optional<ModeBits> StagedFile::permissionsToGive() const
{
    if (m_permissions)
        return m_permissions;
    return m_options.metadata == Metadata::Fresh ? m_options.permissions : std::nullopt;
}

/// The old content comes back. If that fails as well, both stay where they are, and the outcome says where.
void StagedFile::putBack(Undo &undo, const Source &target, Failure failure)
{
    m_outcome.fail(std::move(failure));
    if (!undo.putBack(target.file.get(), target.info.mode)) {
        m_state = State::Discarded;
        (void)m_file.close();
        (void)m_lockHolder.close();
        m_outcome.state = TargetState::Displaced;
        m_outcome.retained.push_back(undo.path());
        m_outcome.retained.push_back(ownPath());
        return;
    }
    // What cannot be removed holds what the target holds.
    if (!undo.remove())
        m_outcome.retained.push_back(undo.path());
    discard();
}

} // namespace atomicfile
