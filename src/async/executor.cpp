// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "executor.h"

#include "folded_name.h"
#include "platform/program_end.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QThread>

#include <algorithm>
#include <atomic>
#include <utility>

namespace atomicfile {

namespace {

/// Saves wait for the device, not for the processor: a few more threads than cores keep it busy.
constexpr int fewestThreads = 4;

Executor &sharedExecutor();

/// The next end of a QCoreApplication is going to wait for the shared executor.
std::atomic<bool> applicationWaits = false;

/// Qt forgets what it has called, hence the application after this one has to be told again.
void finishBeforeApplicationEnds()
{
    applicationWaits = false;
    sharedExecutor().finish();
}

/// With a plugin that links the library this may be when the plugin is unloaded: the application goes
/// on, and must not call a function that is gone when it ends.
void finishBeforeProgramEnds()
{
    applicationWaits = true; // Whoever still saves must not tell it again.
    qRemovePostRoutine(finishBeforeApplicationEnds);
    sharedExecutor().finishEachFromNowOn();
}

Executor &sharedExecutor()
{
    // Never deleted: static objects that were there before it may still save when they are destroyed.
    static Executor *const executor = [] {
        if (!callAtProgramEnd(finishBeforeProgramEnds))
            qWarning("AtomicFile: what is pending may be lost when the program ends, unless an "
                     "application object waits for it");
        return new Executor(systemFileSystem());
    }();
    return *executor;
}

} // namespace

Job::~Job() = default;

Executor::Executor(FileSystem &system) : m_system(system)
{
    m_pool.setMaxThreadCount(std::max(fewestThreads, QThread::idealThreadCount()));
    m_pool.setObjectName(QStringLiteral("AtomicFile"));
}

Executor::~Executor() { finish(); }

Executor &Executor::shared()
{
    if (!applicationWaits.exchange(true))
        qAddPostRoutine(finishBeforeApplicationEnds);
    return sharedExecutor();
}

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

void Executor::submit(std::unique_ptr<Job> job)
{
    auto entry = std::make_unique<Entry>();
    entry->job = std::move(job);
    bool startIntake = false;
    bool finish = false;
    {
        const MutexLocker locker(m_mutex);
        m_intake.push_back(std::move(entry));
        ++m_pending;
        startIntake = !std::exchange(m_takingIn, true);
        // A continuation on one of our threads is part of a job that somebody else waits for.
        finish = m_finishesEach && !isOwnThread();
    }
    if (threadsHaveEnded()) { // Then there is nobody but the caller, and nothing else is pending.
        if (startIntake)
            takeIn();
        return;
    }
    if (startIntake)
        m_pool.start([this] { takeIn(); });
    if (finish)
        finishEachFromNowOn();
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

bool Executor::isOwnThread() const { return m_pool.contains(QThread::currentThread()); }

Executor::Key Executor::keyOf(const TargetKey &key)
{
    if (!key.unresolved.empty())
        return foldedName(key.unresolved);
    // No path has these numbers before its first separator, so the two kinds never meet.
    return QString::number(key.directory.volume, 36) + QLatin1Char(':')
        + QString::number(key.directory.file[1], 36) + QLatin1Char(':')
        + QString::number(key.directory.file[0], 36) + QLatin1Char(':') + foldedName(key.name);
}

std::vector<Executor::Key> Executor::keysOf(const Job &job) const
{
    std::vector<Key> keys;
    for (const JobTarget &target : job.targets()) {
        for (const TargetKey &key : targetKeys(m_system, target.path, target.symlinks))
            keys.push_back(keyOf(key));
    }
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return keys;
}

/// Resolves what was submitted, in order, and puts it into the queues. One thread at a time does
/// this; the last job of a burst runs right here, which saves a lone save the way to another thread.
void Executor::takeIn()
{
    for (;;) {
        EntryPointer entry;
        {
            const MutexLocker locker(m_mutex);
            entry = std::move(m_intake.front());
            m_intake.pop_front();
        }
        entry->keys = keysOf(*entry->job);
        bool ready = false;
        bool last = false;
        Entry *admitted = entry.release();
        {
            const MutexLocker locker(m_mutex);
            ready = admit(*admitted);
            last = m_intake.empty();
            if (last)
                m_takingIn = false;
        }
        if (last) {
            if (ready)
                runEntry(EntryPointer(admitted));
            return;
        }
        if (ready)
            start({admitted});
    }
}

/// True if the entry may run at once. Otherwise the queues keep it until release() hands it out.
bool Executor::admit(Entry &entry)
{
    for (const Key &key : entry.keys) {
        std::deque<Entry *> &queue = m_queues[key];
        if (!queue.empty())
            ++entry.blockers;
        queue.push_back(&entry);
    }
    return entry.blockers == 0;
}

void Executor::start(const std::vector<Entry *> &ready)
{
    {
        const MutexLocker locker(m_mutex);
        m_ready.insert(m_ready.end(), ready.begin(), ready.end());
    }
    for (std::size_t i = 0; i < ready.size(); ++i)
        m_pool.start([this] { runNext(); });
}

void Executor::runNext()
{
    EntryPointer entry;
    {
        const MutexLocker locker(m_mutex);
        entry.reset(m_ready.front());
        m_ready.pop_front();
    }
    runEntry(std::move(entry));
}

void Executor::runEntry(EntryPointer entry)
{
    entry->job->run(m_system);
    entry->job.reset();
    std::vector<Entry *> ready;
    {
        const MutexLocker locker(m_mutex);
        ready = release(*entry);
    }
    start(ready);
    // Only now, so that nobody who waited finds the executor still at work for this entry.
    const MutexLocker locker(m_mutex);
    if (--m_pending == 0)
        m_idle.notify_all();
}

/// Takes a finished entry out of its queues and gives those that may run now.
std::vector<Executor::Entry *> Executor::release(const Entry &entry)
{
    std::vector<Entry *> ready;
    for (const Key &key : entry.keys) {
        const auto found = m_queues.find(key);
        found->pop_front();
        if (found->empty()) {
            m_queues.erase(found);
            continue;
        }
        Entry *next = found->front();
        if (--next->blockers == 0)
            ready.push_back(next);
    }
    return ready;
}

} // namespace atomicfile
