// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// How much the executor has to do, and who waits for less of it.
#include "executor.h"

#include "platform/program_end.h"

#include <algorithm>
#include <utility>

namespace atomicfile {

void Executor::finishEachFromNowOn()
{
    {
        const MutexLocker locker(m_mutex);
        m_finishesEach = true;
    }
    finish();
}

void Executor::finish()
{
    if (waitForPending(QDeadlineTimer(QDeadlineTimer::Forever)))
        m_pool.waitForDone();
    else
        qWarning("AtomicFile: the program ends on a thread of the library's, so what is pending is "
                 "lost");
}

bool Executor::waitForPending(QDeadlineTimer deadline)
{
    if (isOwnThread())
        return false;
    const MutexLocker locker(m_mutex);
    while (m_pending > 0) {
        if (!m_mutex.wait(m_idle, deadline))
            return m_pending == 0;
    }
    return true;
}

std::int64_t Executor::pendingBytes()
{
    const MutexLocker locker(m_mutex);
    return m_pendingBytes;
}

std::int64_t Executor::pendingLimit()
{
    const MutexLocker locker(m_mutex);
    return m_pendingLimit;
}

void Executor::setPendingLimit(std::int64_t bytes)
{
    std::vector<QPromise<void>> allowed;
    {
        const MutexLocker locker(m_mutex);
        m_pendingLimit = std::max(bytes, std::int64_t(0)); // Below that nobody would ever be told.
        allowed = takeAllowed();
    }
    for (QPromise<void> &promise : allowed)
        promise.finish();
}

QFuture<void> Executor::whenBelowLimit()
{
    QPromise<void> promise;
    promise.start();
    QFuture<void> future = promise.future();
    const MutexLocker locker(m_mutex);
    if (m_pendingBytes > m_pendingLimit)
        m_waiting.push_back(std::move(promise));
    else
        promise.finish();
    return future;
}

/// Those that need wait no longer; to be told without the mutex, since their continuations run then.
std::vector<QPromise<void>> Executor::takeAllowed()
{
    return m_pendingBytes > m_pendingLimit ? std::vector<QPromise<void>>()
                                           : std::exchange(m_waiting, {});
}

/// Continuations run on the library's threads, never inside of runOrSubmit().
void Executor::tell(std::vector<QPromise<void>> allowed)
{
    if (allowed.empty())
        return;
    const auto promises = std::make_shared<std::vector<QPromise<void>>>(std::move(allowed));
    const auto finishAll = [promises] {
        for (QPromise<void> &promise : *promises)
            promise.finish();
    };
    if (isOwnThread() || threadsHaveEnded())
        return finishAll();
    {
        const MutexLocker locker(m_mutex);
        ++m_pending;
    }
    m_pool.start([this, finishAll] {
        finishAll();
        const MutexLocker locker(m_mutex);
        finishPending(1);
    });
}

void Executor::finishPending(std::size_t count)
{
    m_pending -= count;
    if (m_pending == 0)
        m_idle.notify_all();
}

} // namespace atomicfile
