// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "thread_annotations.h"

#include <QtCore/QDeadlineTimer>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace atomicfile {

/// std::mutex, with what the analysis needs to know about it. Not QMutex, whose waiting
/// ThreadSanitizer does not see in a Qt that is not instrumented.
class ATOMICFILE_CAPABILITY Mutex
{
public:
    void lock() ATOMICFILE_ACQUIRE() { m_mutex.lock(); }
    void unlock() ATOMICFILE_RELEASE() { m_mutex.unlock(); }
    /// Waits with the mutex released, maybe without a reason; false if the deadline has passed.
    bool wait(std::condition_variable &condition, QDeadlineTimer deadline) ATOMICFILE_REQUIRES(this)
    {
        // Bounded, so that adding the pause to the time of day cannot overflow.
        constexpr std::chrono::nanoseconds longest = std::chrono::hours(1);
        std::unique_lock lock(m_mutex, std::adopt_lock);
        if (deadline.isForever())
            // NOLINTNEXTLINE(bugprone-spuriously-wake-up-functions): whoever calls this loops.
            condition.wait(lock);
        else
            condition.wait_for(lock, std::min(longest, deadline.remainingTimeAsDuration()));
        lock.release();
        return !deadline.hasExpired();
    }

private:
    std::mutex m_mutex;
};

class ATOMICFILE_SCOPED_CAPABILITY MutexLocker
{
public:
    explicit MutexLocker(Mutex &mutex) ATOMICFILE_ACQUIRE(mutex) : m_mutex(mutex) { mutex.lock(); }
    ~MutexLocker() ATOMICFILE_RELEASE() { m_mutex.unlock(); }
    MutexLocker(const MutexLocker &) = delete;
    MutexLocker &operator=(const MutexLocker &) = delete;

private:
    Mutex &m_mutex;
};

} // namespace atomicfile
