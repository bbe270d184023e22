// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "commit.h"
#include "copy_content.h"
#include "operations.h"
#include "remove_name.h"
#include "retry.h"
#include "source.h"
#include "stage.h"

#include <algorithm>
#include <utility>

namespace atomicfile {

namespace {

/// One move, and what its parts share.
class Move
{
public:
    Move(FileSystem &system, const Path &source, const Path &target, const Options &options,
         Monitor &monitor)
        : m_system(system)
        , m_sourcePath(source)
        , m_targetPath(target)
        , m_options(options)
        , m_monitor(monitor)
    {
    }

    Outcome run()
    {
        if (m_monitor.isCancelled()) {
            return failedOutcome(refusal(ErrorClass::Cancelled, Step::Resolve, m_targetPath),
                                 m_targetPath);
        }
        auto source = findSource();
        if (!source)
            return failedOutcome(source.error(), m_targetPath);
        auto target = findTarget();
        if (!target)
            return target.error();
        return within(std::move(source).value(), std::move(target).value());
    }

private:
    Result<Target, Failure> findSource()
    {
        auto source = resolveTarget(m_system, m_sourcePath, Symlinks::Replace, Recover::Yes);
        if (!source)
            return source.error();
        if (auto usable = checkSource(source.value(), Symlinks::Replace); !usable)
            return usable.error();
        return source;
    }

    Result<Target, Outcome> findTarget()
    {
        return atomicfile::findTarget(
            m_system,
            resolveTarget(m_system, m_targetPath, m_options.symlinks, recoverFor(m_options)),
            m_targetPath, m_options);
    }

    /// Within a volume the source is renamed, or loses its name if the target is the same file.
    Outcome within(Target source, Target target)
    {
        const Path resolved = target.place.path;
        auto names = namesOf(source, target);
        if (!names)
            return failedOutcome(names.error(), resolved);
        // What belongs to the source would not come along.
        if (names.value() == Names::OfTwoFiles && isToBeOverwritten(target.existing, m_options))
            return failedOutcome(refusal(ErrorClass::Unsupported, Step::Inspect, resolved),
                                 resolved);
        if (names.value() == Names::Equal) {
            Outcome outcome;
            outcome.target = resolved;
            outcome.state = TargetState::Replaced;
            outcome.version = Version::of(*source.existing);
            return outcome;
        }
        UniqueFile file;
        Losses losses = 0;
        const bool isLink = source.existing->kind == FileKind::Symlink;
        if (m_options.durability != Durability::None && !isLink) {
            const auto access = m_system.capabilities().syncsReadHandles ? FileAccess::Read
                                                                         : FileAccess::ReadWrite;
            auto opened = openSource(m_system, source, access, m_options.busyTimeout);
            if (opened)
                file = std::move(std::move(opened).value().file);
            else if (opened.error().kind != ErrorClass::PermissionDenied)
                return failedOutcome(opened.error(), resolved);
            else // It may be moved all the same, but nobody can say whether its content is safe.
                losses = losses | Loss::Durability;
        }
        const auto adopt = names.value() == Names::TwoOfOneFile ? &StagedFile::adoptSecondName
                                                                : &StagedFile::adopt;
        StagedFile moved = adopt(m_system, std::move(target), m_options, std::move(source),
                                 std::move(file));
        moved.outcome().losses = losses;
        Outcome outcome = commit(std::move(moved), m_monitor);
        if (outcome.failure && outcome.failure->kind == ErrorClass::NotSameDevice)
            return across();
        return outcome;
    }

    enum class Names { OfTwoFiles, TwoOfOneFile, Equal };

    /// How the two names relate. Where the file system folds case, two spellings of one name look
    /// like two links to one file, and removing one would remove the file: so the directory is asked
    /// what it holds.
    Result<Names, Failure> namesOf(const Target &source, const Target &target)
    {
        if (!target.existing || target.existing->identity != source.existing->identity)
            return Names::OfTwoFiles;
        const auto from = retryInterrupted(
            [&] { return m_system.statDirectory(source.place.directory.get()); });
        if (!from)
            return failureOf(from.error(), Step::Inspect, source.place.path);
        const auto to = retryInterrupted(
            [&] { return m_system.statDirectory(target.place.directory.get()); });
        if (!to)
            return failureOf(to.error(), Step::Inspect, target.place.path);
        if (from.value().identity != to.value().identity) {
            // A bind mount of the file, or a file system that gives one number twice: removing the
            // source would remove the only name there is.
            if (source.existing->linkCount < 2)
                return refusal(ErrorClass::Unsupported, Step::Inspect, target.place.path);
            return Names::TwoOfOneFile;
        }
        if (source.place.name == target.place.name)
            return Names::Equal;
        const auto entries = retryInterrupted(
            [&] { return m_system.readDirectory(source.place.directory.get(), {}); });
        if (!entries)
            return failureOf(entries.error(), Step::Inspect, source.place.path.parent_path());
        const auto holds = [&](const Path &name) {
            return std::find(entries.value().begin(), entries.value().end(), name)
                != entries.value().end();
        };
        return holds(source.place.name) && holds(target.place.name) ? Names::TwoOfOneFile
                                                                    : Names::OfTwoFiles;
    }

    /// To another volume: a durable copy, and only then is the source removed.
    Outcome across()
    {
        auto source = findSource();
        if (!source)
            return failedOutcome(source.error(), m_targetPath);
        auto target = findTarget();
        if (!target)
            return target.error();
        // Not even an order holds between two volumes: without this a power cut could lose both.
        if (m_options.durability == Durability::Consistent)
            m_options.durability = Durability::Durable;
        Version copied = Version::of(*source.value().existing);
        auto stage = source.value().existing->kind == FileKind::Symlink
            ? stageLink(source.value(), std::move(target).value())
            : stageCopy(source.value(), std::move(target).value(), copied);
        if (!stage)
            return stage.error();
        Outcome outcome = commit(std::move(stage).value(), m_monitor);
        if (outcome.ok())
            removeSource(source.value().place, copied, outcome);
        return outcome;
    }

    Result<StagedFile, Outcome> stageLink(const Target &source, Target target)
    {
        const Path resolved = target.place.path;
        const Place &place = source.place;
        const auto link = retryInterrupted(
            [&] { return m_system.readLink(place.directory.get(), place.name); });
        if (!link)
            return failedOutcome(failureOf(link.error(), Step::Inspect, place.path), resolved);
        return StagedFile::createLink(m_system, std::move(target), m_options, link.value());
    }

    Result<StagedFile, Outcome> stageCopy(const Target &source, Target target, Version &copied)
    {
        auto opened = openSource(m_system, source, FileAccess::Read, m_options.busyTimeout);
        if (!opened)
            return failedOutcome(opened.error(), target.place.path);
        Source from = std::move(opened).value();
        copied = Version::of(from.info);
        const Path path = target.place.path;
        auto stage = stageFor(m_system, std::move(target), path, m_options, NewFileMode::SetLater);
        if (!stage)
            return stage;
        StagedFile staged = std::move(stage).value();
        auto done = copyContent(staged, from.file.get(), from.info, source.place.path, m_monitor);
        if (!done) {
            staged.fail(done.error());
            return std::move(staged.outcome());
        }
        staged.carryFrom(
            MetadataSource{std::move(from.file), from.info, MetadataSource::Extent::Everything});
        return staged;
    }

    /// The target is in place by now: whatever goes wrong here leaves both, and nothing is lost.
    void removeSource(const Place &place, const Version &copied, Outcome &outcome)
    {
        const auto found = lookAt(m_system, place, Step::RemoveSource);
        if (!found)
            return outcome.fail(found.error());
        if (!found.value())
            return outcome.fail(refusal(ErrorClass::NotFound, Step::RemoveSource, place.path));
        if (Version::of(*found.value()) != copied)
            return outcome.fail(refusal(ErrorClass::Conflict, Step::RemoveSource, place.path));
        Patience patience(m_options.busyTimeout);
        const auto removed = removeName(m_system, place.directory.get(), place.name, patience);
        if (!removed)
            return outcome.fail(failureOf(removed.error(), Step::RemoveSource, place.path));
        if (m_options.durability == Durability::Durable && m_system.capabilities().canSyncDirectory)
            syncRemoval(place, outcome);
    }

    /// Until then a power cut may bring the source back, beside the target.
    void syncRemoval(const Place &place, Outcome &outcome)
    {
        if (place.access == DirectoryAccess::SearchOnly) {
            outcome.losses = outcome.losses | Loss::Durability;
            return;
        }
        const auto synced = retryInterrupted(
            [&] { return m_system.syncDirectory(place.directory.get()); });
        if (!synced && synced.error().kind == ErrorClass::Unsupported)
            outcome.losses = outcome.losses | Loss::Durability;
        else if (!synced)
            outcome.fail(failureOf(synced.error(), Step::RemoveSource, place.path.parent_path()));
    }

    FileSystem &m_system;
    const Path &m_sourcePath;
    const Path &m_targetPath;
    Options m_options;
    Monitor &m_monitor;
};

} // namespace

Outcome moveFile(FileSystem &system, const Path &source, const Path &target, const Options &options,
                 Monitor &monitor)
{
    return Move(system, source, target, options, monitor).run();
}

} // namespace atomicfile
