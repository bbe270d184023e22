// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace atomicfile::test {

/// Not QSemaphore, whose waiting ThreadSanitizer does not see in a Qt that is not instrumented, and not
/// std::counting_semaphore, which sleeps on with GCC 12 for Windows though it was released.
class Semaphore
{
public:
    explicit Semaphore(std::ptrdiff_t count = 0) : m_count(count) { }

    void release(std::ptrdiff_t count = 1)
    {
        // Notifies under the mutex: whoever has acquired may destroy this.
        const std::lock_guard lock(m_mutex);
        m_count += count;
        m_released.notify_all();
    }
    void acquire()
    {
        std::unique_lock lock(m_mutex);
        m_released.wait(lock, [this] { return m_count > 0; });
        --m_count;
    }
    /// False if nobody releases in time.
    bool tryAcquireFor(std::chrono::nanoseconds longest)
    {
        std::unique_lock lock(m_mutex);
        const bool released = m_released.wait_for(lock, longest, [this] { return m_count > 0; });
        m_count -= released ? 1 : 0;
        return released;
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_released;
    std::ptrdiff_t m_count;
};

} // namespace atomicfile::test
