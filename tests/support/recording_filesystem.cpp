// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "recording_filesystem.h"

#include <algorithm>

namespace atomicfile::test {

RecordingFileSystem::RecordingFileSystem(FileSystem &system) : DecoratedFileSystem(system) { }

RecordingFileSystem::~RecordingFileSystem() = default;

std::vector<CallRecord> RecordingFileSystem::records() const
{
    const std::lock_guard lock(m_mutex);
    return m_records;
}

std::size_t RecordingFileSystem::count(Call call) const
{
    const std::lock_guard lock(m_mutex);
    return static_cast<std::size_t>(
        std::count_if(m_records.begin(), m_records.end(),
                      [call](const CallRecord &record) { return record.call == call; }));
}

void RecordingFileSystem::clear()
{
    const std::lock_guard lock(m_mutex);
    m_records.clear();
    m_finished = 0;
}

Verdict RecordingFileSystem::before(const CallRecord &record)
{
    std::size_t index = 0;
    {
        const std::lock_guard lock(m_mutex);
        index = m_records.size();
        m_records.push_back(record);
    }
    if (m_before)
        m_before(index, record);
    return {};
}

void RecordingFileSystem::after(const CallRecord &record, const SystemError *)
{
    std::size_t index = 0;
    {
        const std::lock_guard lock(m_mutex);
        index = m_finished++;
    }
    if (m_after)
        m_after(index, record);
}

} // namespace atomicfile::test
