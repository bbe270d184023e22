// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "backup.h"

#include "commit.h"
#include "copy_content.h"
#include "remove_name.h"
#include "retry.h"
#include "source.h"
#include "stage.h"
#include "staged_name.h"

#include <string>
#include <utility>
#include <vector>

namespace atomicfile {

namespace {

/// Staged names collide once in 2^50 directories; a sweep may take one away, which is as rare.
constexpr int linkAttempts = 16;

Path backupName(const Path &target, const Backup &backup, int generation)
{
    Path name = target;
    const std::string number = std::to_string(generation);
    if (backup.suffix.empty()) {
        name += backup.generations == 1 ? std::string("~") : ".~" + number + "~";
    } else {
        name += backup.suffix;
        if (backup.generations > 1)
            name += "." + number;
    }
    return name;
}

class BackupMaker
{
public:
    BackupMaker(FileSystem &system, const Place &target, const FileInfo &existing,
                const Options &options, Monitor &monitor, Outcome &outcome)
        : m_system(system)
        , m_target(target)
        , m_old(existing)
        , m_options(options)
        , m_monitor(monitor)
        , m_outcome(outcome)
        , m_patience(options.busyTimeout)
    {
    }

    Result<void, Failure> run(BackupKind kind)
    {
        auto youngest = lookAt(m_system, placeOf(1), Step::Backup);
        if (!youngest)
            return youngest.error();
        const bool isMade = kind == BackupKind::LinkOrCopy && youngest.value()
            && youngest.value()->identity == m_old.identity;
        if (!isMade && youngest.value() && m_options.backup.generations > 1) {
            if (auto moved = moveOnFrom(*youngest.value()); !moved)
                return moved.error();
            youngest = std::optional<FileInfo>();
        }
        if (isMade || (kind == BackupKind::LinkOrCopy && link(youngest.value())))
            return noteBackup();
        return copy(youngest.value());
    }

private:
    Place placeOf(int generation) const
    {
        return m_target.beside(backupName(m_target.name, m_options.backup, generation));
    }

    /// Gives each generation up to the first gap, or to the last but one, the name of the next.
    Result<void, Failure> moveOnFrom(const FileInfo &youngest)
    {
        std::vector<FileInfo> found{youngest};
        for (int next = 2; next <= m_options.backup.generations; ++next) {
            const auto info = lookAt(m_system, placeOf(next), Step::Backup);
            if (!info)
                return info.error();
            if (!info.value())
                break;
            found.push_back(*info.value());
        }
        if (static_cast<int>(found.size()) == m_options.backup.generations)
            found.pop_back(); // The oldest goes.
        for (auto generation = static_cast<int>(found.size()); generation > 0; --generation) {
            const FileInfo &info = found[static_cast<std::size_t>(generation) - 1];
            const auto moved = rename(placeOf(generation), placeOf(generation + 1), info.identity);
            if (!moved)
                return failureOf(moved.error(), Step::Backup, placeOf(generation).path);
        }
        return {};
    }

    bool isAt(const Place &place, const FileIdentity &identity) const
    {
        const auto info = lookAt(m_system, place, Step::Backup);
        return info && info.value() && info.value()->identity == identity;
    }

    /// A server may do what it is asked and its answer be lost: what is there tells.
    Status rename(const Place &from, const Place &to, const FileIdentity &identity)
    {
        const auto renamed = m_patience.untilFree(m_system, [&] {
            return m_system.rename(from.directory.get(), from.name, to.directory.get(), to.name);
        });
        if (!renamed && isAt(to, identity))
            return removeName(m_system, from.directory.get(), from.name, m_patience);
        return renamed;
    }

    bool linkAs(const Place &place)
    {
        const auto linked = retryInterrupted([&] {
            return m_system.link(m_target.directory.get(), m_target.name, place.directory.get(),
                                 place.name);
        });
        return linked || isAt(place, m_old.identity);
    }

    /// False where that is impossible, for whatever reason: then the copy says what is wrong.
    bool link(const std::optional<FileInfo> &youngest)
    {
        if (!youngest && linkAs(placeOf(1)))
            return true;
        for (int attempt = 0; youngest && attempt < linkAttempts; ++attempt) {
            const auto name = stagedName(m_system);
            if (!name)
                return false;
            const Place staged = m_target.beside(name.value());
            if (!linkAs(staged))
                return false;
            const auto renamed = rename(staged, placeOf(1), m_old.identity);
            if (renamed)
                return true;
            if (!removeName(m_system, staged.directory.get(), staged.name, m_patience))
                m_outcome.retained.push_back(staged.path);
            if (renamed.error().kind != ErrorClass::NotFound)
                return false;
        }
        return false;
    }

    Result<void, Failure> copy(const std::optional<FileInfo> &youngest)
    {
        const Path path = placeOf(1).path;
        const auto failed = [](Failure failure) {
            failure.step = Step::Backup;
            return Result<void, Failure>(std::move(failure));
        };
        auto opened = openSource(m_system, Target{m_target, m_old}, FileAccess::Read,
                                 m_options.busyTimeout);
        if (!opened)
            return failed(opened.error());
        Source from = std::move(opened).value();
        Options options;
        options.durability = m_options.durability;
        options.symlinks = Symlinks::Replace;
        options.metadata = Metadata::Fresh;
        options.busyTimeout = m_options.busyTimeout;
        auto stage = stageFor(m_system, Target{placeOf(1), youngest}, path, options,
                              NewFileMode::SetLater);
        if (!stage) {
            note(stage.error());
            return failed(*stage.error().failure);
        }
        StagedFile staged = std::move(stage).value();
        if (auto copied = copyContent(staged, from.file.get(), from.info, m_target.path, m_monitor);
            !copied)
            staged.fail(copied.error());
        staged.carryFrom(
            MetadataSource{std::move(from.file), from.info, MetadataSource::Extent::Everything});
        const Outcome outcome = commit(std::move(staged), m_monitor);
        note(outcome);
        if (outcome.failure)
            return failed(*outcome.failure);
        return noteBackup();
    }

    void note(const Outcome &copied)
    {
        m_outcome.losses |= copied.losses;
        m_outcome.retained.insert(m_outcome.retained.end(), copied.retained.begin(),
                                  copied.retained.end());
    }

    Result<void, Failure> noteBackup()
    {
        m_outcome.backup = placeOf(1).path;
        return {};
    }

    FileSystem &m_system;
    const Place &m_target;
    const FileInfo &m_old;
    const Options &m_options;
    Monitor &m_monitor;
    Outcome &m_outcome;
    Patience m_patience;
};

} // namespace

Result<void, Failure> checkBackup(const FileSystem &system, const Place &target,
                                  const Backup &backup)
{
    if (backup.generations == 0)
        return {};
    const Path name = backupName(target.name, backup, backup.generations);
    const Path path = target.sibling(name);
    const bool isName = !name.empty() && name == name.filename()
        && name.native().find(Path::value_type{}) == Path::string_type::npos;
    if (backup.generations < 0 || !isName)
        return refusal(ErrorClass::InvalidPath, Step::Backup, path);
    if (const auto reason = system.judgePath(path))
        return refusal(*reason, Step::Backup, path);
    if (name.native().size() > system.capabilities().longestName)
        return refusal(ErrorClass::NameTooLong, Step::Backup, path);
    return {};
}

Result<void, Failure> makeBackup(FileSystem &system, const Place &target, const FileInfo &existing,
                                 BackupKind kind, const Options &options, Monitor &monitor,
                                 Outcome &outcome)
{
    return BackupMaker(system, target, existing, options, monitor, outcome).run(kind);
}

} // namespace atomicfile
