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
    , m_sourceIsWhole(scenario.operation == Scenario::Operation::Move && !scenario.disturb)
{
    for (const Scenario &entry : entriesOf(scenario))
        m_entries.push_back({entry, system.content(entry.resolved), attributesToKeep(entry)});
}

/// Nothing where the target is not to keep them.
std::optional<Attributes> CrashChecker::attributesToKeep(const Scenario &scenario) const
{
    const Tree tree = m_system.tree();
    const Inode *const target = tree.inode(scenario.resolved);
    const bool isKept = scenario.operation != Scenario::Operation::Move
        && scenario.options.symlinks != Symlinks::Replace
        && scenario.memory.profile != Profile::Windows;
    return target && isKept ? std::optional(target->attributes) : std::nullopt;
}

void CrashChecker::checkMoment(const std::string &moment)
{
    if (m_system.changes() != m_changesSeen)
        checkAll(moment);
}

void CrashChecker::checkFinalState(const std::string &moment, const std::vector<Outcome> &outcomes)
{
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        const bool promised = outcomes[i].ok()
            && m_entries[i].scenario.options.durability == Durability::Durable;
        m_entries[i].allowed = promised ? Allowed::New : Allowed::OldOrNew;
    }
    checkAll(moment);
}

void CrashChecker::checkAll(const std::string &moment)
{
    m_changesSeen = m_system.changes();
    for (const CrashModel model : m_system.crashModels()) {
        const std::string where = moment + ", " + nameOf(model);
        const std::size_t known = m_problems.size();
        for (const Tree &state : m_system.crashStates(model)) {
            if (m_problems.size() > known || known >= mostProblems)
                break;
            ++m_statesSeen;
            checkState(state, where);
            if (hasStaged(state))
                checkSweep(state, where);
        }
    }
}

void CrashChecker::checkState(const Tree &found, const std::string &moment)
{
    const Tree state = mended(found, m_scenario);
    for (const Entry &entry : m_entries)
        checkEntry(entry, state, moment);
}

void CrashChecker::checkEntry(const Entry &entry, const Tree &state, const std::string &moment)
{
    const Scenario &one = entry.scenario;
    const auto target = state.content(one.resolved);
    const bool isNew = target == one.content;
    const bool isMove = one.operation == Scenario::Operation::Move;
    const Inode *const inode = state.inode(one.resolved);
    if (entry.oldAttributes && inode) {
        const std::string who = whoMayMore(*entry.oldAttributes, inode->attributes);
        if (!who.empty())
            report("the target gives more to " + who, moment, state, one);
    }
    if (entry.allowed == Allowed::New) {
        if (!isNew)
            report("the target is not the new file", moment, state, one);
        if (isMove && state.exists(one.source))
            report("the source is still there", moment, state, one);
        if (one.options.backup.generations > 0 && state.content(one.backupName(1)) != entry.old)
            report("the backup is not the old file", moment, state, one);
        return;
    }
    checkBackup(entry, state, moment);
    if (!isNew && target != entry.old)
        report("the target is neither old nor new", moment, state, one);
    if (m_sourceIsWhole && !isNew && state.content(one.source) != one.content)
        report("a move lost the file", moment, state, one);
}

/// A backup is whole at any moment; between two of its generations there may be none.
void CrashChecker::checkBackup(const Entry &entry, const Tree &state, const std::string &moment)
{
    const Scenario &one = entry.scenario;
    if (one.options.backup.generations == 0)
        return;
    const auto backup = state.content(one.backupName(1));
    const bool isOldBackup = !one.backups.empty() && backup == one.backups.front();
    const bool mayBeMissing = one.backups.empty() || one.options.backup.generations > 1;
    if (backup != entry.old && !isOldBackup && (backup || !mayBeMissing))
        report("the backup is neither the old nor the one before", moment, state, one);
}

/// The next start of the program: what the crash left is recognised and goes.
void CrashChecker::checkSweep(const Tree &state, const std::string &moment)
{
    MemoryFileSystem after(state, m_scenario.memory);
    for (const Path directory : {"/there", "/there/sub", "/other"}) {
        const SweepOutcome swept = sweep(after, directory);
        if (swept.failure)
            report("sweep failed: " + summary(*swept.failure), moment, state, m_scenario);
    }
    const Tree cleaned = after.tree();
    const Tree before = mended(state, m_scenario);
    if (hasStaged(cleaned))
        report("sweep left " + stagedFiles(cleaned).front().string(), moment, state, m_scenario);
    for (const Entry &entry : m_entries) {
        const Scenario &one = entry.scenario;
        if (cleaned.content(one.resolved) != before.content(one.resolved)
            || (!one.source.empty() && cleaned.content(one.source) != before.content(one.source)))
            report("sweep changed more than staged files", moment, state, one);
    }
}

void CrashChecker::report(const std::string &what, const std::string &moment, const Tree &state,
                          const Scenario &entry)
{
    std::string text = moment + ": " + what + "; " + entry.resolved.filename().string() + ": "
        + excerpt(state.content(entry.resolved));
    if (!entry.source.empty())
        text += "; source: " + excerpt(state.content(entry.source));
    m_problems.push_back(text);
}

void checkEveryMoment(CrashChecker &checker, FileSystem &system, const Scenario &scenario,
                      const std::function<bool()> &isDue)
{
    RecordingFileSystem recording(system);
    const auto moment = [](const char *when, std::size_t index, const CallRecord &record) {
        return when + std::string(" call ") + std::to_string(index) + ' ' + describe(record);
    };
    recording.setBefore([&](std::size_t index, const CallRecord &record) {
        if (isDue())
            checker.checkMoment(moment("before", index, record));
    });
    recording.setAfter([&](std::size_t index, const CallRecord &record) {
        if (isDue())
            checker.checkMoment(moment("after", index, record));
    });
    const std::vector<Outcome> outcomes = runEntries(recording, scenario);
    if (isDue())
        checker.checkFinalState(outcomes.front().ok() ? "after success" : "at the end", outcomes);
}

} // namespace atomicfile::test
