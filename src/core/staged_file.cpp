// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "staged_file.h"

#include "remove_name.h"
#include "retry.h"
#include "staged_name.h"

#include <algorithm>
#include <utility>

namespace atomicfile {

namespace {

/// Between two chunks a cancel is noticed and progress is told: a few milliseconds on a slow disk.
constexpr std::size_t chunkSize = std::size_t(1) << 20;
/// How much may gather in memory before the system is asked to begin writing it out.
constexpr std::int64_t writebackStep = std::int64_t(8) << 20;
/// Names collide once in 2^50 directories; a sweep that takes the lock first is as rare.
constexpr int creationAttempts = 16;

} // namespace

StagedFile::StagedFile(FileSystem &system, Target target, const Options &options)
    : m_system(&system)
    , m_target(std::move(target))
    , m_options(options)
    , m_place(m_target.place)
    , m_patience(options.busyTimeout)
{
    m_outcome.target = m_target.place.path;
}

StagedFile::StagedFile(StagedFile &&other) noexcept
    : m_system(other.m_system)
    , m_target(std::move(other.m_target))
    , m_options(std::move(other.m_options))
    , m_origin(other.m_origin)
    , m_state(std::exchange(other.m_state, State::Discarded))
    , m_place(std::move(other.m_place))
    , m_file(std::move(other.m_file))
    , m_lockHolder(std::move(other.m_lockHolder))
    , m_isClone(other.m_isClone)
    , m_isSynced(other.m_isSynced)
    , m_overwrites(other.m_overwrites)
    , m_created(other.m_created)
    , m_identity(other.m_identity)
    , m_patience(other.m_patience)
    , m_replaces(other.m_replaces)
    , m_displaced(std::move(other.m_displaced))
    , m_metadataSource(std::move(other.m_metadataSource))
    , m_bringsEverything(other.m_bringsEverything)
    , m_notCarried(other.m_notCarried)
    , m_permissions(other.m_permissions)
    , m_end(other.m_end)
    , m_unwritten(other.m_unwritten)
    , m_outcome(std::move(other.m_outcome))
{
}

StagedFile::~StagedFile() { discard(); }

Result<StagedFile, Outcome> StagedFile::create(FileSystem &system, Target target,
                                               const Options &options, ModeBits mode,
                                               FileHandle original)
{
    StagedFile staged(system, std::move(target), options);
    staged.m_overwrites = isToBeOverwritten(staged.m_target.existing, options);
    for (int attempt = 0; attempt < creationAttempts; ++attempt) {
        auto created = staged.tryCreate(mode, original);
        if (!created) {
            const auto elsewhere = staged.stageElsewhere(created.error());
            if (!elsewhere)
                return staged.failedToStage(elsewhere.error());
            if (elsewhere.value())
                continue;
        }
        if (!created)
            return staged.failedToStage(created.error());
        if (created.value())
            return staged;
        staged.m_state = State::Discarded;
        // Whoever removed it has it: nothing of ours is in it.
        (void)staged.m_file.close();
        (void)staged.m_lockHolder.close();
    }
    return staged.failedToStage(refusal(ErrorClass::Busy, Step::Stage, staged.m_target.place.path));
}

/// Gives up before there is anything to commit; what could not be removed again is named.
Outcome StagedFile::failedToStage(Failure failure)
{
    fail(std::move(failure));
    return std::move(m_outcome);
}

/// One attempt; false if the name was taken or a sweep in another process was quicker with the lock.
Result<bool, Failure> StagedFile::tryCreate(ModeBits mode, FileHandle original)
{
    auto name = stagedName(*m_system);
    if (!name)
        return failureOf(name.error(), Step::Stage, m_target.place.path);
    m_place = m_place.beside(name.value());
    const auto created = createOrClone(mode, original);
    if (!created) {
        if (created.error().kind == ErrorClass::AlreadyExists)
            return false;
        return failureOf(created.error(), Step::Stage, ownPath().parent_path());
    }
    m_file = UniqueFile(*m_system, created.value());
    m_state = State::Staged;

    auto held = holdLock();
    if (!held || !held.value())
        return held;
    const auto info = retryInterrupted([&] { return m_system->statFile(file(), Times::LeftOut); });
    if (!info)
        return failureOf(info.error(), Step::Stage, ownPath());
    m_created = info.value();
    return m_created.linkCount > 0;
}

/// Only the system can say whether it clones this file to that place, so it is asked first.
Result<FileHandle> StagedFile::createOrClone(ModeBits mode, FileHandle original)
{
    if (original.isOpen()) {
        const auto cloned = retryInterrupted(
            [&] { return m_system->cloneFile(original, ownDirectory(), m_place.name, mode); });
        m_isClone = cloned.ok();
        // Whatever else bars the way, bars the longer one as well or has nothing to do with it.
        if (cloned || cloned.error().kind == ErrorClass::AlreadyExists)
            return cloned;
    }
    return m_patience.untilFree(
        *m_system, [&] { return m_system->createFile(ownDirectory(), m_place.name, mode); });
}

/// Takes the lock that keeps a sweep away until the file is published; false if a sweep has it.
///
/// Without syncs the written file is closed before publishing, because only closing it reports a late
/// write error, and elsewhere because an open file cannot be published. The lock would go with it: there
/// it is held through a second handle.
Result<bool, Failure> StagedFile::holdLock()
{
    FileHandle holder = file();
    if (m_options.durability == Durability::None || !m_system->capabilities().publishesOpenFiles) {
        const auto opened = retryInterrupted([&] {
            return m_system->openFile(ownDirectory(), m_place.name, FileAccess::Attributes);
        });
        if (!opened && opened.error().kind == ErrorClass::NotFound)
            return false;
        if (!opened)
            return failureOf(opened.error(), Step::Stage, ownPath());
        m_lockHolder = UniqueFile(*m_system, opened.value());
        holder = opened.value();
    }
    const auto locked = retryInterrupted(
        [&] { return m_system->lockFile(holder, stagedKey(m_place.name)); });
    if (!locked && locked.error().kind == ErrorClass::Busy)
        return false;
    // Without locks (some network file systems) a sweep leaves the file alone, as it cannot know.
    if (!locked && locked.error().kind != ErrorClass::Unsupported)
        return failureOf(locked.error(), Step::Stage, ownPath());
    return true;
}

Result<StagedFile, Outcome> StagedFile::createLink(FileSystem &system, Target target,
                                                   const Options &options, const Path &destination)
{
    StagedFile staged(system, std::move(target), options);
    for (int attempt = 0; attempt < creationAttempts; ++attempt) {
        auto name = stagedName(system);
        if (!name)
            return staged.failedToStage(
                failureOf(name.error(), Step::Stage, staged.m_target.place.path));
        staged.m_place = staged.m_place.beside(name.value());
        const auto created = retryInterrupted([&] {
            return system.createSymlink(staged.ownDirectory(), staged.m_place.name, destination);
        });
        // A server may make the link and its answer be lost: nobody else has a link of this name.
        const auto made = created ? Result<Path>(destination) : retryInterrupted([&] {
            return system.readLink(staged.ownDirectory(), staged.m_place.name);
        });
        // The system may have put its own separators.
        if (made && made.value().standard() == destination.standard()) {
            staged.m_state = State::Staged;
            return staged;
        }
        if (created.error().kind != ErrorClass::AlreadyExists)
            return staged.failedToStage(
                failureOf(created.error(), Step::Stage, staged.m_target.place.path.parent_path()));
    }
    return staged.failedToStage(refusal(ErrorClass::Busy, Step::Stage, staged.m_target.place.path));
}

StagedFile StagedFile::adopt(FileSystem &system, Target target, const Options &options,
                             Target source, UniqueFile file)
{
    StagedFile staged(system, std::move(target), options);
    staged.m_origin = Origin::Source;
    staged.m_place = std::move(source.place);
    staged.m_identity = source.existing->identity;
    staged.m_outcome.version = Version::of(*source.existing);
    staged.m_file = std::move(file);
    staged.m_state = State::Staged;
    return staged;
}

StagedFile StagedFile::adoptSecondName(FileSystem &system, Target target, const Options &options,
                                       Target source, UniqueFile file)
{
    StagedFile staged = adopt(system, std::move(target), options, std::move(source),
                              std::move(file));
    staged.m_origin = Origin::SecondName;
    return staged;
}

Result<void, Failure> StagedFile::reserve(std::int64_t size)
{
    const auto reserved = retryInterrupted([&] { return m_system->reserve(file(), size); });
    // Not every file system can; then a full disk is found while writing, as ever.
    if (!reserved && reserved.error().kind != ErrorClass::Unsupported)
        return failureOf(reserved.error(), Step::Write, m_target.place.path);
    return {};
}

Result<void, Failure> StagedFile::write(std::int64_t offset, std::span<const std::byte> bytes,
                                        std::int64_t total, Monitor &monitor)
{
    while (!bytes.empty()) {
        if (monitor.isCancelled())
            return refusal(ErrorClass::Cancelled, Step::Write, m_target.place.path);
        const auto chunk = bytes.first(std::min(bytes.size(), chunkSize));
        const auto written = retryInterrupted(
            [&] { return m_system->writeAt(file(), offset, chunk); });
        if (!written)
            return failureOf(written.error(), Step::Write, m_target.place.path);
        const auto length = static_cast<std::int64_t>(written.value());
        noteWritten(offset, length);
        monitor.progress(m_outcome.bytesWritten, total);
        offset += length;
        bytes = bytes.subspan(written.value());
    }
    return {};
}

void StagedFile::noteWritten(std::int64_t offset, std::int64_t length)
{
    m_outcome.bytesWritten += length;
    m_end = std::max(m_end, offset + length);
    Unwritten &range = m_unwritten;
    range.begin = range.bytes == 0 ? offset : std::min(range.begin, offset);
    range.end = range.bytes == 0 ? offset + length : std::max(range.end, offset + length);
    range.bytes += length;
    if (m_options.durability == Durability::None || range.bytes < writebackStep)
        return;
    // A hint that makes the sync at the end short; the sync is what counts, and what reports errors.
    (void)m_system->startWriteback(file(), range.begin, range.end - range.begin);
    range = Unwritten();
}

Result<std::size_t, Failure> StagedFile::read(std::int64_t offset, std::span<std::byte> buffer)
{
    std::size_t done = 0;
    while (done < buffer.size()) {
        const auto rest = buffer.subspan(done);
        const auto chunk = rest.first(std::min(rest.size(), chunkSize));
        const auto read = retryInterrupted([&] {
            return m_system->readAt(file(), offset + static_cast<std::int64_t>(done), chunk);
        });
        if (!read)
            return failureOf(read.error(), Step::Write, ownPath());
        if (read.value() == 0)
            break;
        done += read.value();
    }
    return done;
}

Result<void, Failure> StagedFile::resize(std::int64_t size)
{
    const auto sized = retryInterrupted([&] { return m_system->setSize(file(), size); });
    if (!sized)
        return failureOf(sized.error(), Step::Write, m_target.place.path);
    m_end = size;
    return {};
}

Result<void, Failure> StagedFile::setPermissions(ModeBits permissions)
{
    m_permissions = permissions;
    const ModeBits narrowed = m_created.mode & permissions;
    if (!m_system->capabilities().modesGuard || narrowed == m_created.mode)
        return {};
    const auto set = retryInterrupted([&] { return m_system->setMode(file(), narrowed); });
    if (!set)
        return failureOf(set.error(), Step::CarryMetadata, m_target.place.path);
    m_created.mode = narrowed;
    return {};
}

ModeBits StagedFile::permissions() const
{
    if (m_permissions)
        return *m_permissions;
    if (keepsTargetMetadata(m_target, m_options))
        return m_target.existing->mode;
    return m_options.permissions.value_or(m_created.mode);
}

void StagedFile::fail(Failure failure)
{
    m_outcome.fail(std::move(failure));
    discard();
}

void StagedFile::discard()
{
    if (m_state != State::Staged)
        return;
    m_state = State::Discarded;
    // The content is being thrown away, so an error of its writing no longer matters.
    (void)m_file.close();
    (void)m_lockHolder.close();
    if (isMove())
        return;
    const auto removed = removeName(*m_system, ownDirectory(), m_place.name, m_patience);
    if (!removed)
        m_outcome.retained.push_back(ownPath());
}

} // namespace atomicfile
