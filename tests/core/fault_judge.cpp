// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "fault_judge.h"

#include "outcome_text.h"

#include <algorithm>
#include <set>
#include <utility>

namespace atomicfile::test {

namespace {

/// The classes that the outcome may have where it is not a success.
std::vector<ErrorClass> possibleClasses(const Experiment &experiment)
{
    std::vector<ErrorClass> classes{experiment.error.kind};
    const Call call = experiment.record.call;
    const bool creates = call == Call::CreateFile || call == Call::CloneFile
        || call == Call::CreateSymlink;
    // Not one of many names was free.
    if (creates && experiment.error.kind == ErrorClass::AlreadyExists)
        classes.push_back(ErrorClass::Busy);
    // Somebody removes each staged file as soon as it is there.
    if (call == Call::OpenFile && experiment.error.kind == ErrorClass::NotFound)
        classes.push_back(ErrorClass::Busy);
    // None of these leaves core as it is.
    if (experiment.error.kind == ErrorClass::NotSameDevice)
        classes = {ErrorClass::Unsupported};
    if (experiment.error.kind == ErrorClass::HalfReplaced
        || experiment.error.kind == ErrorClass::Interrupted)
        classes = {ErrorClass::Unknown};
    // What seems to be gone, or comes when nothing was expected, is not what was expected.
    if (experiment.scenario.options.expectedVersion
        && experiment.error.kind == ErrorClass::AlreadyExists)
        classes.push_back(ErrorClass::Conflict);
    if (experiment.scenario.operation == Scenario::Operation::Update
        && (experiment.error.kind == ErrorClass::NotFound
            || experiment.error.kind == ErrorClass::AlreadyExists))
        classes.push_back(ErrorClass::Conflict);
    // What is said to be there is not.
    if (call == Call::CreateDirectory && experiment.error.kind == ErrorClass::AlreadyExists)
        classes.push_back(ErrorClass::NotFound);
    // What seems to be missing is to be made in a directory that is not this user's.
    if (isOverwritten(experiment.scenario) && call == Call::OpenDirectory
        && experiment.error.kind == ErrorClass::NotFound)
        classes.push_back(ErrorClass::PermissionDenied);
    // The copy of the old content is there: somebody else is at it.
    if (isOverwritten(experiment.scenario) && experiment.error.kind == ErrorClass::AlreadyExists)
        classes.push_back(ErrorClass::Busy);
    if (experiment.scenario.refusal)
        classes.push_back(*experiment.scenario.refusal);
    return classes;
}

/// What success must own up to when a call failed all the same.
std::optional<Loss> lossOf(const Experiment &experiment)
{
    switch (experiment.record.call) {
    case Call::SetOwner:
        return Loss::Owner;
    case Call::SetMode:
        return Loss::Permissions;
    case Call::SetTimes:
        return Loss::Timestamps;
    case Call::WriteAccessControl:
        return Loss::AccessControlList;
    case Call::WriteAttribute:
    case Call::SetFlags:
        return Loss::ExtendedAttributes;
    case Call::SyncDirectory:
        return Loss::Durability;
    default: // Every other call either does not matter to the result, or has another way.
        return std::nullopt;
    }
}

/// Calls without whose success there is no success.
bool isIndispensable(Call call)
{
    return call == Call::SyncFile || call == Call::WriteAt || call == Call::SetSize
        || call == Call::ReadAt || call == Call::Random;
}

/// Of one file, which may have neighbours in a batch.
class Judge
{
public:
    Judge(const Experiment &experiment, const Scenario &entry, const MemoryFileSystem &system,
          const Outcome &outcome, std::optional<std::string> old)
        : m_experiment(experiment)
        , m_scenario(entry)
        , m_system(system)
        , m_outcome(outcome)
        , m_old(std::move(old))
    {
    }

    std::vector<std::string> judge()
    {
        judgeTarget();
        judgeSource();
        judgeFailure();
        judgeSuccess();
        judgeBackups();
        judgeRetained();
        judgeDurability();
        return std::move(m_problems);
    }

private:
    bool isMove() const { return m_scenario.operation == Scenario::Operation::Move; }

    void require(bool fulfilled, const std::string &what)
    {
        if (!fulfilled)
            m_problems.push_back(m_experiment.name() + " -> " + summary(m_outcome) + ": " + what);
    }

    void judgeTarget()
    {
        const auto now = m_system.content(m_scenario.resolved);
        switch (m_outcome.state) {
        case TargetState::Unchanged:
            require(now == m_old, "the target was to be unchanged");
            break;
        case TargetState::Replaced:
        case TargetState::ReplacedNotDurable:
            require(now == m_scenario.content, "the target was to be new");
            break;
        case TargetState::Displaced:
            require(isOverwritten(m_scenario)
                        || (!now && m_scenario.memory.profile == Profile::Windows),
                    "displaced, and yet something has its name");
            judgeDisplaced();
            break;
        }
    }

    /// Both files are to be found under the names that the outcome gives.
    void judgeDisplaced()
    {
        std::set<std::optional<std::string>> kept;
        for (const Path &path : m_outcome.retained)
            kept.insert(m_system.content(path));
        require(kept == std::set<std::optional<std::string>>{m_old, m_scenario.content},
                "displaced, and the old or the new file is lost");
    }

    void judgeSource()
    {
        if (m_scenario.source.empty())
            return;
        const auto source = m_system.content(m_scenario.source);
        const bool mayGo = isMove() && m_outcome.state != TargetState::Unchanged;
        require(source == m_scenario.content || (mayGo && !source), "the source is damaged");
        if (isMove() && m_outcome.ok())
            require(!m_system.exists(m_scenario.source), "the source is still there");
        const bool sourceStays = m_outcome.failure && m_outcome.failure->step == Step::RemoveSource;
        // Where the target is not durable, the source is all that a power cut would leave.
        if (isMove() && m_system.exists(m_scenario.source)
            && m_outcome.state == TargetState::Replaced)
            require(sourceStays, "the source is still there and nothing says so");
    }

    void judgeFailure()
    {
        if (m_outcome.ok())
            return;
        const Failure &failure = *m_outcome.failure;
        const auto classes = possibleClasses(m_experiment);
        require(std::find(classes.begin(), classes.end(), failure.kind) != classes.end(),
                "another class than that of the fault");
        require(failure.step != Step::None, "no step");
        const bool before = failure.step < Step::Publish;
        const bool published = m_outcome.state != TargetState::Unchanged;
        // The handle that the content was written through is closed at the very end.
        const bool closing = failure.step == Step::SyncContent
            && m_outcome.state == TargetState::ReplacedNotDurable;
        require(!(before && published) || closing, "a step before publishing, yet published");
        require(!(failure.step > Step::Publish && !published), "a step after publishing");
        require(!failure.path.empty(), "no path");
    }

    void judgeSuccess()
    {
        if (!m_outcome.ok())
            return;
        require(m_outcome.state == TargetState::Replaced || m_scenario.skips,
                "success that replaced nothing");
        require(!m_scenario.refusal, "success where there is to be none");
        require(m_outcome.version.exists, "success without a version");
        if (!m_experiment.scenario.neighbours.empty())
            return; // The call may have been a neighbour's.
        const Call call = m_experiment.record.call;
        const bool once = m_experiment.lasting.lasting == Fault::Lasting::Once;
        // Comparing with what is there and syncing it are spared by writing it, a link by a copy.
        const bool isSpared = m_scenario.options.unchanged == Unchanged::Skip
            && (call == Call::ReadAt || (call == Call::SyncFile && m_scenario.skips));
        const bool hasOtherWay = isSpared
            || (call == Call::Random && m_scenario.options.backup.generations > 0);
        require(!isIndispensable(call) || hasOtherWay, "success in spite of the fault");
        const auto loss = lossOf(m_experiment);
        const bool reported = loss && (m_outcome.losses & static_cast<unsigned>(*loss)) != 0;
        // A list brings the mode with it; on Windows a file is created with all of it that counts.
        const bool kept = loss == Loss::Permissions
            && (m_scenario.memory.profile == Profile::Windows
                || !m_system.accessControlOf(m_scenario.resolved).empty());
        // What belongs to a file that is overwritten is not touched.
        const bool untouched = loss != Loss::Durability
            && (m_outcome.losses & static_cast<unsigned>(Loss::Atomicity)) != 0;
        const bool owned = !loss || reported || kept || untouched;
        // Once: the same call may have been made again, with less to ask for, and succeeded.
        require(owned || once, "a loss that is not reported");
    }

    /// The content that a generation had before, from the youngest, 0, on.
    bool isKeptAs(std::size_t older, int generation) const
    {
        return m_system.content(m_scenario.backupName(generation)) == m_scenario.backups[older];
    }

    void judgeBackups()
    {
        const int generations = m_scenario.options.backup.generations;
        if (generations == 0)
            return;
        const auto &before = m_scenario.backups;
        const bool isMade = m_system.content(m_scenario.backupName(1)) == m_old;
        if (!m_outcome.ok()) {
            const bool isKept = before.empty() || isKeptAs(0, 1)
                || (generations > 1 ? isKeptAs(0, 2) : isMade);
            require(isKept, "the youngest backup is lost");
            return;
        }
        require(isMade && m_outcome.backup == m_scenario.backupName(1), "success without a backup");
        for (int generation = 2; generation <= generations; ++generation) {
            const auto older = static_cast<std::size_t>(generation) - 2;
            require(older >= before.size() || isKeptAs(older, generation),
                    "an older backup is lost");
        }
    }

    void judgeRetained()
    {
        for (const Path &retained : m_outcome.retained)
            require(m_system.exists(retained), "a retained file that is not there");
    }

    /// What was said must survive a power cut right after it was said.
    void judgeDurability()
    {
        const bool isThere = m_outcome.state == TargetState::Replaced
            || (m_outcome.ok() && m_scenario.skips);
        const bool promised = isThere && m_scenario.options.durability == Durability::Durable
            && (m_outcome.losses & static_cast<unsigned>(Loss::Durability)) == 0;
        // What is not synced of three files has too many subsets.
        if (!promised || m_experiment.scenario.neighbours.size() > 1)
            return;
        for (const CrashModel model : m_system.crashModels()) {
            for (const Tree &left : m_system.crashStates(model)) {
                const Tree state = mended(left, m_scenario);
                require(state.content(m_scenario.resolved) == m_scenario.content,
                        "a power cut takes the new file away");
                if (isMove() && m_outcome.ok())
                    require(!state.exists(m_scenario.source), "a power cut brings the source back");
            }
        }
    }

    const Experiment &m_experiment;
    const Scenario &m_scenario;
    const MemoryFileSystem &m_system;
    const Outcome &m_outcome;
    std::optional<std::string> m_old;
    std::vector<std::string> m_problems;
};

/// What nobody names must not be there.
void judgeLeftovers(const Experiment &experiment, const MemoryFileSystem &system,
                    const std::vector<Outcome> &outcomes, std::vector<std::string> &problems)
{
    if (system.openHandleCount() != 0)
        problems.push_back(experiment.name() + ": handles leak");
    for (const Path &staged : stagedFiles(system.tree())) {
        const auto names = [&](const Outcome &outcome) {
            const auto &retained = outcome.retained;
            return std::find(retained.begin(), retained.end(), staged) != retained.end();
        };
        const bool named = std::any_of(outcomes.begin(), outcomes.end(), names);
        // The sweep that holds the lock is the one that removes the file, or has done so.
        const Call call = experiment.record.call;
        const bool swept = (call == Call::LockFile && experiment.error.kind == ErrorClass::Busy)
            || (call == Call::OpenFile && experiment.error.kind == ErrorClass::NotFound);
        if (!named && !swept)
            problems.push_back(experiment.name() + ": a staged file stays behind unnamed");
    }
}

/// A failure of one file is its own: only the sync of their names is something that they share.
void judgeNeighbours(const Experiment &experiment, const std::vector<Outcome> &outcomes,
                     std::vector<std::string> &problems)
{
    if (outcomes.size() == 1)
        return;
    const auto failed = std::count_if(outcomes.begin(), outcomes.end(),
                                      [](const Outcome &outcome) { return !outcome.ok(); });
    const Call call = experiment.record.call;
    const bool once = experiment.lasting.lasting == Fault::Lasting::Once;
    // On Windows a name is on the medium by a sync of the file, which may be that of many.
    const Profile profile = experiment.scenario.memory.profile;
    const bool isShared = call == Call::SyncDirectory || call == Call::WriteOutDirectory
        || (call == Call::SyncFile && profile == Profile::Windows);
    if (once && !isShared && failed > 1)
        problems.push_back(experiment.name() + ": a file failed with its neighbour");
    // What took up too much room is done again with more of it.
    const bool mayHelp = once
        && (experiment.error.kind == ErrorClass::NoSpace
            || experiment.error.kind == ErrorClass::ResourceExhausted);
    // What a failed sync of many was for is written again.
    const bool isWrittenAgain = once && call == Call::SyncFile && profile != Profile::Linux;
    const bool mayBeRepeated = mayHelp || isWrittenAgain
        || experiment.error.kind == ErrorClass::Interrupted;
    if (isIndispensable(call) && !mayBeRepeated && failed == 0)
        problems.push_back(experiment.name() + ": success in spite of the fault");
}

} // namespace

std::vector<std::string> judge(const Experiment &experiment, const MemoryFileSystem &system,
                               const std::vector<Outcome> &outcomes,
                               const std::vector<std::optional<std::string>> &olds)
{
    std::vector<std::string> problems;
    const std::vector<Scenario> entries = entriesOf(experiment.scenario);
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const auto found = Judge(experiment, entries[i], system, outcomes[i], olds[i]).judge();
        problems.insert(problems.end(), found.begin(), found.end());
    }
    judgeLeftovers(experiment, system, outcomes, problems);
    judgeNeighbours(experiment, outcomes, problems);
    return problems;
}

} // namespace atomicfile::test
