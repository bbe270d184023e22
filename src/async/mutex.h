// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "thread_annotations.h"

#include <QtCore/QDeadlineTimer>
#include <QtCore/QMutex>
#include <QtCore/QWaitCondition>

namespace atomicfile {

/// QMutex, with what the analysis needs to know about it.
class ATOMICFILE_CAPABILITY Mutex
{
public:
    void lock() ATOMICFILE_ACQUIRE() { m_mutex.lock(); }
    void unlock() ATOMICFILE_RELEASE() { m_mutex.unlock(); }
    /// Waits with the mutex released, as QWaitCondition does; false if the deadline passed.
    bool wait(QWaitCondition &condition, QDeadlineTimer deadline) ATOMICFILE_REQUIRES(this)
    {
        return condition.wait(&m_mutex, deadline);
    }

private:
    QMutex m_mutex;
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
