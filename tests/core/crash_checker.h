// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "scenarios.h"
#include "support/memory_filesystem.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace atomicfile::test {

/**
 * Cuts the power, at any moment that a test likes, in every way that the models of the scenario's
 * system know, and looks whether what is left is legal.
 *
 * The scenario must have been prepared when the checker is made: what the target holds then is the
 * old file.
 */
class CrashChecker
{
public:
    CrashChecker(const MemoryFileSystem &system, const Scenario &scenario);

    /// During the operation: old or new, each whole; a move has never lost both names. Looks only if
    /// something has changed since the last look.
    void checkMoment(const std::string &moment);
    /// In any case: nothing but the new where Durability::Durable was promised, else the same.
    void checkFinalState(const std::string &moment, const std::vector<Outcome> &outcomes);

    /// What was illegal, in words; at most a few dozen.
    const std::vector<std::string> &problems() const { return m_problems; }
    std::size_t statesSeen() const { return m_statesSeen; }

private:
    /// What is there once the next operation on the target has looked at it.
    enum class Allowed { OldOrNew, New };

    /// One file that the operation writes.
    struct Entry
    {
        Scenario scenario;
        std::optional<std::string> old;
        std::optional<Attributes> oldAttributes;
        Allowed allowed = Allowed::OldOrNew;
    };

    void checkAll(const std::string &moment);
    void checkState(const Tree &state, const std::string &moment);
    std::optional<Attributes> attributesToKeep(const Scenario &scenario) const;
    void checkBackup(const Entry &entry, const Tree &state, const std::string &moment);
    void checkEntry(const Entry &entry, const Tree &state, const std::string &moment);
    void checkSweep(const Tree &state, const std::string &moment);
    void report(const std::string &what, const std::string &moment, const Tree &state,
                const Scenario &entry);

    const MemoryFileSystem &m_system;
    const Scenario &m_scenario;
    std::vector<Entry> m_entries;
    bool m_sourceIsWhole = false; ///< and durable, before the operation
    std::optional<std::size_t> m_changesSeen;
    std::size_t m_statesSeen = 0;
    std::vector<std::string> m_problems;
};

/// Runs the scenario through a decorator and checks before and after each call; then, if that is what
/// was promised, that only the new is left. All that only once it is due.
void checkEveryMoment(
    CrashChecker &checker, FileSystem &system, const Scenario &scenario,
    const std::function<bool()> &isDue = [] { return true; });

} // namespace atomicfile::test
