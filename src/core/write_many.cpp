// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "commit.h"
#include "operations.h"
#include "retry.h"
#include "stage.h"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>

namespace atomicfile {

namespace {

/// Old and new content exist side by side until the group is committed. So much takes a disk longer to
/// write than a flush costs.
constexpr std::int64_t mostStagedBytes = std::int64_t(64) << 20;

/// Shows whoever asked for many files the bytes of all of them together, forwards only.
class CommonProgress
{
public:
    CommonProgress(Monitor &watcher, std::span<const WriteRequest> requests) : m_watcher(watcher)
    {
        for (const WriteRequest &request : requests)
            m_total += static_cast<std::int64_t>(request.bytes.size());
    }

    bool isCancelled() noexcept { return m_watcher.isCancelled(); }
    void add(std::int64_t bytes) noexcept
    {
        m_done += bytes;
        report(m_done);
    }
    /// Also those that were not written are dealt with.
    void finish() noexcept { report(m_total); }

private:
    void report(std::int64_t done) noexcept
    {
        if (done <= m_reported)
            return; // A file that is written again has been told of.
        m_reported = done;
        m_watcher.progress(done, m_total);
    }

    Monitor &m_watcher;
    std::int64_t m_total = 0;
    std::int64_t m_done = 0;
    std::int64_t m_reported = 0;
};

/// Watches one of the files.
class ShareMonitor final : public Monitor
{
public:
    explicit ShareMonitor(CommonProgress &common) : m_common(common) { }

    bool isCancelled() noexcept override { return m_common.isCancelled(); }
    void progress(std::int64_t bytesDone, std::int64_t) noexcept override
    {
        m_common.add(bytesDone - m_done);
        m_done = bytesDone;
    }

private:
    CommonProgress &m_common;
    std::int64_t m_done = 0;
};

/// What tells whether two requests concern one file.
struct KnownName
{
    FileIdentity directory;
    std::u16string folded;
    Path name; ///< where nothing folds
    std::optional<FileIdentity> file;

    bool operator==(const KnownName &other) const
    {
        // A short name of Windows is told by the file, a hard link need not be told apart from it.
        const bool isSameFile = file && file == other.file;
        return isSameFile
            || (directory == other.directory && folded == other.folded && name == other.name);
    }
};

/// A directory that files of a group are in, open once for all of them. Known by its path as well: some file
/// systems give one identity to two directories, and two mounts of one may differ in what they allow.
struct KnownDirectory
{
    FileIdentity identity;
    Path path;
    DirectoryAccess access;
    SharedDirectory directory;
};

/// Beyond some hundred files their syncs are no longer what takes the time.
constexpr std::size_t mostFiles = 1024;

/// What a staged file keeps open beside its directory: itself, and where it is closed before it takes another
/// name, a second handle for the lock.
std::size_t handlesOfAFile(const FileSystem &system, Durability durability)
{
    const bool staysOpen = durability != Durability::None
        && system.capabilities().publishesOpenFiles;
    return staysOpen ? 1 : 2;
}

/// Half of what the process may have open.
std::size_t mostHandles(const FileSystem &system)
{
    constexpr std::size_t fewest = 24;
    return std::max(system.mostOpenFiles() / 2, fewest);
}

class BatchWriter
{
public:
    BatchWriter(FileSystem &system, std::span<const WriteRequest> requests,
                std::span<Monitor *const> monitors, const FoldName &fold)
        : m_system(system)
        , m_requests(requests)
        , m_monitors(monitors)
        , m_fold(fold)
        , m_outcomes(requests.size())
        , m_mostHandles(mostHandles(system))
    {
        m_staged.reserve(std::min({requests.size(), mostFiles, m_mostHandles}));
    }

    std::vector<Outcome> write();

private:
    void add(std::size_t index);
    std::optional<Outcome> tryToStage(std::size_t index);
    Result<Target, Failure> resolve(const WriteRequest &request);
    bool noteName(const Place &place, const std::optional<FileInfo> &existing);
    bool isInGroup(const KnownName &name) const;
    const KnownDirectory *knownDirectory(const Place &place) const;
    bool isFull() const;
    void commitGroup();

    FileSystem &m_system;
    const std::span<const WriteRequest> m_requests;
    const std::span<Monitor *const> m_monitors; ///< of the requests
    const FoldName &m_fold;
    std::vector<Outcome> m_outcomes;
    const std::size_t m_mostHandles;

    // The group that is being staged.
    std::vector<StagedFile> m_staged;
    std::vector<std::size_t> m_indices; ///< of the requests that they are for
    std::vector<KnownName> m_targets;
    std::vector<KnownDirectory> m_directories;
    std::size_t m_handles = 0; ///< of the files
    std::int64_t m_stagedBytes = 0;
    std::optional<KnownName> m_name; ///< of the target that was resolved last
};

/// Room that the files before this one may have taken, and give back when they are committed.
bool lacksRoom(const Outcome &outcome)
{
    return outcome.failure && outcome.failure->step < Step::Publish && outcome.retained.empty()
        && (outcome.failure->kind == ErrorClass::ResourceExhausted
            || outcome.failure->kind == ErrorClass::NoSpace);
}

std::vector<Outcome> BatchWriter::write()
{
    for (std::size_t index = 0; index < m_requests.size(); ++index) {
        add(index);
        if (isFull())
            commitGroup();
    }
    commitGroup();
    return std::move(m_outcomes);
}

void BatchWriter::add(std::size_t index)
{
    auto failed = tryToStage(index);
    if (failed && lacksRoom(*failed) && !m_staged.empty()) {
        commitGroup();
        failed = tryToStage(index);
    }
    if (failed)
        m_outcomes[index] = std::move(*failed);
}

/// Adds a file to the group, or gives the outcome that it has without that.
std::optional<Outcome> BatchWriter::tryToStage(std::size_t index)
{
    const WriteRequest &request = m_requests[index];
    const Path &path = request.target;
    if (m_monitors[index]->isCancelled())
        return failedOutcome(refusal(ErrorClass::Cancelled, Step::Resolve, path), path);
    auto stage = stageFor(m_system, resolve(request), path, request.options, NewFileMode::Default);
    if (!stage)
        return stage.error();
    StagedFile staged = std::move(stage).value();
    writeContent(staged, request.bytes, *m_monitors[index]);
    if (!staged.isPending())
        return std::move(staged.outcome());
    m_staged.push_back(std::move(staged));
    m_indices.push_back(index);
    m_stagedBytes += static_cast<std::int64_t>(request.bytes.size());
    m_handles += handlesOfAFile(m_system, request.options.durability);
    if (m_name) {
        const Place &place = m_staged.back().target().place;
        if (!knownDirectory(place))
            m_directories.push_back(
                {m_name->directory, place.path.parent_path(), place.access, place.directory});
        m_targets.push_back(std::move(*m_name));
    }
    return std::nullopt;
}

/// Looks for the target once more where the group is about to change what it found. Its directory is the one
/// that the group has open, if it has.
Result<Target, Failure> BatchWriter::resolve(const WriteRequest &request)
{
    for (;;) {
        bool mayMeet = false;
        const auto followed = [&](const Place &link) {
            mayMeet = noteName(link, std::nullopt) || mayMeet;
        };
        auto target = resolveTarget(m_system, request.target, request.options.symlinks,
                                    recoverFor(request.options), followed);
        if (target)
            mayMeet = noteName(target.value().place, target.value().existing) || mayMeet;
        if (mayMeet && !m_staged.empty()) {
            commitGroup();
            continue;
        }
        if (const auto *known = target ? knownDirectory(target.value().place) : nullptr)
            target.value().place.directory = known->directory;
        return target;
    }
}

/// True if the group has a file for this name, or may have.
bool BatchWriter::noteName(const Place &place, const std::optional<FileInfo> &existing)
{
    m_name.reset();
    const auto directory = retryInterrupted(
        [&] { return m_system.statDirectory(place.directory.get()); });
    if (!directory)
        return true;
    m_name.emplace();
    m_name->directory = directory.value().identity;
    if (m_fold)
        m_name->folded = m_fold(place.name);
    else
        m_name->name = place.name;
    if (existing)
        m_name->file = existing->identity;
    return isInGroup(*m_name);
}

bool BatchWriter::isInGroup(const KnownName &name) const
{
    // Whoever has no name here is a file that nothing is known about.
    return m_targets.size() != m_staged.size()
        || std::find(m_targets.begin(), m_targets.end(), name) != m_targets.end();
}

/// That of the target that was resolved last, if the group has it open.
const KnownDirectory *BatchWriter::knownDirectory(const Place &place) const
{
    if (!m_name)
        return nullptr;
    const Path path = place.path.parent_path();
    const auto isIt = [&](const KnownDirectory &directory) {
        return directory.access == place.access && directory.identity == m_name->directory
            && directory.path.native() == path.native();
    };
    // Most often it is the one that was used last.
    const auto found = std::find_if(m_directories.rbegin(), m_directories.rend(), isIt);
    return found == m_directories.rend() ? nullptr : &*found;
}

/// One file more would be more than a group may have.
bool BatchWriter::isFull() const
{
    return m_staged.size() == mostFiles || m_handles + m_directories.size() >= m_mostHandles
        || m_stagedBytes >= mostStagedBytes;
}

void BatchWriter::commitGroup()
{
    const auto staged = std::exchange(m_indices, {});
    std::vector<Monitor *> monitors;
    monitors.reserve(staged.size());
    for (const std::size_t index : staged)
        monitors.push_back(m_monitors[index]);
    commit(m_staged, monitors);
    for (std::size_t i = 0; i < staged.size(); ++i)
        m_outcomes[staged[i]] = std::move(m_staged[i].outcome());
    m_staged.clear();
    m_targets.clear();
    m_directories.clear();
    m_handles = 0;
    m_stagedBytes = 0;
    if (staged.size() < 2)
        return;
    for (const std::size_t index : staged) {
        // With the room that the group has taken, and with a sync of its own.
        const WriteRequest &request = m_requests[index];
        const Outcome &outcome = m_outcomes[index];
        if (lacksRoom(outcome) || (outcome.failedWithOthers && outcome.retained.empty()))
            m_outcomes[index] = writeFile(m_system, request.target, request.bytes, request.options,
                                          *m_monitors[index]);
    }
}

} // namespace

/// Each may be in a directory of its own.
std::size_t mostInGroup(const FileSystem &system)
{
    const std::size_t each = handlesOfAFile(system, Durability::Durable) + 1;
    return std::min(mostHandles(system) / each, mostFiles);
}

std::vector<Outcome> writeFiles(FileSystem &system, std::span<const WriteRequest> requests,
                                std::span<Monitor *const> monitors, const FoldName &fold)
{
    return BatchWriter(system, requests, monitors, fold).write();
}

std::vector<Outcome> writeFiles(FileSystem &system, std::span<const WriteRequest> requests,
                                const FoldName &fold, Monitor &monitor)
{
    CommonProgress common(monitor, requests);
    std::deque<ShareMonitor> shares;
    std::vector<Monitor *> monitors;
    monitors.reserve(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i)
        monitors.push_back(&shares.emplace_back(common));
    auto outcomes = writeFiles(system, requests, monitors, fold);
    common.finish();
    return outcomes;
}

} // namespace atomicfile
