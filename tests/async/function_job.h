// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "async/executor.h"

#include <functional>
#include <utility>
#include <vector>

namespace atomicfile::test {

/// Calls a function when it runs, and maybe another when it is asked for its targets.
class FunctionJob final : public Job
{
public:
    FunctionJob(std::vector<JobTarget> targets, std::function<void()> function,
                std::function<void()> asked = {})
        : m_targets(std::move(targets))
        , m_function(std::move(function))
        , m_asked(std::move(asked))
    {
    }
    std::span<const JobTarget> targets() const override
    {
        if (m_asked)
            m_asked();
        return m_targets;
    }
    void run(FileSystem &) override { m_function(); }

private:
    const std::vector<JobTarget> m_targets;
    const std::function<void()> m_function;
    const std::function<void()> m_asked;
};

} // namespace atomicfile::test
