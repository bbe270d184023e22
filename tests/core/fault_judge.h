// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "scenarios.h"
#include "support/call_errors.h"
#include "support/fault_filesystem.h"

#include <optional>
#include <string>
#include <vector>

namespace atomicfile::test {

struct NamedLasting
{
    Fault::Lasting lasting;
    const char *name;
};

/// One run with one fault, and what may be said about it.
struct Experiment
{
    const Scenario &scenario;
    const CallRecord &record; ///< of the call that fails
    std::size_t index;
    const CallError &error;
    NamedLasting lasting;

    std::string name() const
    {
        return "call " + std::to_string(index) + ' ' + describe(record) + ' '
            + std::string(error.name) + ' ' + lasting.name;
    }
};

/// What is wrong with the outcomes of a scenario's entries and with what is there afterwards, in words;
/// olds is what the targets held before.
std::vector<std::string> judge(const Experiment &experiment, const MemoryFileSystem &system,
                               const std::vector<Outcome> &outcomes,
                               const std::vector<std::optional<std::string>> &olds);

} // namespace atomicfile::test
