// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "crash_checker.h"

#include "access.h"
#include "outcome_text.h"
#include "support/recording_filesystem.h"

namespace atomicfile::test {

namespace {

/// One for each moment and model is enough to tell; more would only hide the later ones.
constexpr std::size_t mostProblems = 100;

const char *nameOf(CrashModel model)
{
    switch (model) {
    case CrashModel::Ordered:
        break;
    case CrashModel::Weak:
        return "weak";
    case CrashModel::OnlySynced:
        return "only what was synced";
    }
    return "ordered";
}

std::string excerpt(const std::optional<std::string> &content)
{
    if (!content)
        return "nothing";
    std::string text = std::to_string(content->size()) + " bytes \"";
    for (const char letter : content->substr(0, 30))
        text += letter == '\0' ? '0' : letter;
    return text + '"';
}

bool hasStaged(const Tree &tree) { return !stagedFiles(tree).empty(); }

} // namespace

CrashChecker::CrashChecker(const MemoryFileSystem &system, const Scenario &scenario)
    : m_system(system)
    , m_scenario(scenario)
    , m_old(system.content(scenario.resolved))
    , m_oldBackup(scenario.backup.empty() ? std::nullopt : system.content(scenario.backup))
    , m_sourceIsWhole(scenario.operation == Scenario::Operation::Move && !scenario.disturb)
{
    const Tree tree = system.tree();
    const Inode *const target = tree.inode(scenario.resolved);
    const bool isKept = scenario.operation != Scenario::Operation::Move
        && scenario.options.symlinks != Symlinks::Replace
        && scenario.memory.profile != Profile::Windows;
    if (target && isKept)
        m_oldAttributes = target->attributes;
}

void CrashChecker::checkMoment(const std::string &moment) { checkAll(Allowed::OldOrNew, moment); }

void CrashChecker::checkFinalState(const std::string &moment) { checkAll(Allowed::New, moment); }

void CrashChecker::checkAll(Allowed allowed, const std::string &moment)
{
    for (const CrashModel model : m_system.crashModels()) {
        const std::string where = moment + ", " + nameOf(model);
        const std::size_t known = m_problems.size();
        for (const Tree &state : m_system.crashStates(model)) {
            if (m_problems.size() > known || known >= mostProblems)
                break;
            ++m_statesSeen;
            checkState(allowed, state, where);
            if (hasStaged(state))
                checkSweep(state, where);
        }
    }
}

/// Where replacing takes two steps, a crash between them is mended by whoever comes next.
Tree CrashChecker::recovered(const Tree &state) const
{
    MemoryFileSystem after(state, m_scenario.memory);
    (void)versionOf(after, m_scenario.resolved); // What it says is in the tree as well.
    return after.tree();
}

void CrashChecker::checkState(Allowed allowed, const Tree &found, const std::string &moment)
{
    const Tree state = m_scenario.memory.profile == Profile::Windows ? recovered(found) : found;
    const auto target = state.content(m_scenario.resolved);
    const bool isNew = target == m_scenario.content;
    const bool isMove = m_scenario.operation == Scenario::Operation::Move;
    const Inode *const inode = state.inode(m_scenario.resolved);
    if (m_oldAttributes && inode) {
        const std::string who = whoMayMore(*m_oldAttributes, inode->attributes);
        if (!who.empty())
            report("the target gives more to " + who, moment, state);
    }
    if (allowed == Allowed::New) {
        if (!isNew)
            report("the target is not the new file", moment, state);
        if (isMove && state.exists(m_scenario.source))
            report("the source is still there", moment, state);
        if (!m_scenario.backup.empty() && state.content(m_scenario.backup) != m_old)
            report("the backup is not the old file", moment, state);
        return;
    }
    checkBackup(state, moment);
    if (!isNew && target != m_old)
        report("the target is neither old nor new", moment, state);
    if (m_sourceIsWhole && !isNew && state.content(m_scenario.source) != m_scenario.content)
        report("a move lost the file", moment, state);
}

/// A backup is whole at any moment; between two of its generations there may be none.
void CrashChecker::checkBackup(const Tree &state, const std::string &moment)
{
    if (m_scenario.backup.empty())
        return;
    const auto backup = state.content(m_scenario.backup);
    const bool mayBeMissing = !m_oldBackup || m_scenario.options.backup.generations > 1;
    if (backup != m_old && backup != m_oldBackup && (backup || !mayBeMissing))
        report("the backup is neither the old nor the one before", moment, state);
}

/// The next start of the program: what the crash left is recognised and goes.
void CrashChecker::checkSweep(const Tree &state, const std::string &moment)
{
    MemoryFileSystem after(state, m_scenario.memory);
    for (const Path directory : {"/there", "/there/sub", "/other"}) {
        const SweepOutcome swept = sweep(after, directory);
        if (swept.failure)
            report("sweep failed: " + summary(*swept.failure), moment, state);
    }
    const Tree cleaned = after.tree();
    const Tree before = m_scenario.memory.profile == Profile::Windows ? recovered(state) : state;
    if (hasStaged(cleaned))
        report("sweep left " + stagedFiles(cleaned).front().string(), moment, state);
    if (cleaned.content(m_scenario.resolved) != before.content(m_scenario.resolved)
        || (!m_scenario.source.empty()
            && cleaned.content(m_scenario.source) != before.content(m_scenario.source)))
        report("sweep changed more than staged files", moment, state);
}

void CrashChecker::report(const std::string &what, const std::string &moment, const Tree &state)
{
    std::string text = moment + ": " + what
        + "; target: " + excerpt(state.content(m_scenario.resolved));
    if (!m_scenario.source.empty())
        text += "; source: " + excerpt(state.content(m_scenario.source));
    m_problems.push_back(text);
}

void checkEveryMoment(CrashChecker &checker, FileSystem &system, const Scenario &scenario)
{
    RecordingFileSystem recording(system);
    const auto moment = [](const char *when, std::size_t index, const CallRecord &record) {
        return when + std::string(" call ") + std::to_string(index) + ' ' + describe(record);
    };
    recording.setBefore([&](std::size_t index, const CallRecord &record) {
        checker.checkMoment(moment("before", index, record));
    });
    recording.setAfter([&](std::size_t index, const CallRecord &record) {
        checker.checkMoment(moment("after", index, record));
    });
    const Outcome outcome = run(recording, scenario);
    if (outcome.ok() && scenario.options.durability == Durability::Durable)
        checker.checkFinalState("after success");
    else
        checker.checkMoment("at the end");
}

} // namespace atomicfile::test
