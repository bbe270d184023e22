// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "outcome_text.h"
#include "scenarios.h"
#include "support/recording_filesystem.h"

#include <QtTest>

#include <string>
#include <vector>

namespace atomicfile::test {

/// Content of its own for each file, and the requests that refer to it.
class Batch
{
public:
    explicit Batch(std::size_t expected) { m_contents.reserve(expected); }

    void add(const Path &target, const std::string &content, const Options &options = {})
    {
        m_contents.push_back(content);
        m_requests.push_back({target, bytesOf(m_contents.back()), options});
    }
    void addNumbered(std::size_t count)
    {
        for (std::size_t i = 0; i < count; ++i)
            add("/there/" + std::to_string(i), "content " + std::to_string(i));
    }

    std::vector<Outcome> write(FileSystem &system, Monitor &monitor,
                               const FoldName &fold = {}) const
    {
        return writeFiles(system, m_requests, fold, monitor);
    }
    std::vector<Outcome> write(FileSystem &system, const FoldName &fold = {}) const
    {
        NullMonitor monitor;
        return write(system, monitor, fold);
    }

    const std::vector<WriteRequest> &requests() const { return m_requests; }
    const std::string &content(std::size_t index) const { return m_contents[index]; }

private:
    std::vector<std::string> m_contents;
    std::vector<WriteRequest> m_requests;
};

/// A folder in memory, so many files to be written there, and what is called for it.
struct NumberedFiles
{
    explicit NumberedFiles(int files, const MemoryOptions &options = {})
        : system(options)
        , recording(system)
        , batch(static_cast<std::size_t>(files))
    {
        system.addDirectory("/there");
        batch.addNumbered(static_cast<std::size_t>(files));
    }

    MemoryFileSystem system;
    RecordingFileSystem recording;
    Batch batch;
};

inline void verifyAllWritten(const Batch &batch, const MemoryFileSystem &system,
                             const std::vector<Outcome> &outcomes)
{
    QCOMPARE(outcomes.size(), batch.requests().size());
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        QCOMPARE(summary(outcomes[i]), std::string("ok, Replaced"));
        QCOMPARE(outcomes[i].target.string(), batch.requests()[i].target.string());
        QCOMPARE(system.content(batch.requests()[i].target).value(), batch.content(i));
    }
    QVERIFY(stagedFiles(system.tree()).empty());
    QCOMPARE(system.openHandleCount(), std::size_t(0));
}

} // namespace atomicfile::test
