// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "decorated_filesystem.h"

#include <cstddef>
#include <functional>
#include <mutex>
#include <vector>

namespace atomicfile::test {

/// Notes every call, and lets a hook run before and after each: to wait at a barrier, to change the
/// world in between, to look at it. Hooks are set before the first call and run without any lock.
class RecordingFileSystem final : public DecoratedFileSystem
{
public:
    /// index counts the calls from 0.
    using Hook = std::function<void(std::size_t index, const CallRecord &record)>;

    explicit RecordingFileSystem(FileSystem &system);
    ~RecordingFileSystem() override;

    void setBefore(Hook hook) { m_before = std::move(hook); }
    void setAfter(Hook hook) { m_after = std::move(hook); }

    std::vector<CallRecord> records() const;
    std::size_t count(Call call) const;
    void clear();

protected:
    Verdict before(const CallRecord &record) override;
    void after(const CallRecord &record, const SystemError *error) override;

private:
    mutable std::mutex m_mutex;
    std::vector<CallRecord> m_records;
    std::size_t m_finished = 0;
    Hook m_before;
    Hook m_after;
};

} // namespace atomicfile::test
