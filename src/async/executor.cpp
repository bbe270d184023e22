// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "executor.h"

#include "folded_name.h"
#include "platform/program_end.h"

#include <QtCore/QThread>

#include <algorithm>
#include <utility>

namespace atomicfile {

namespace {

/// Saves wait for the device, not for the processor: a few more threads than cores keep it busy.
constexpr int fewestThreads = 4;

/// What a job takes beside its payload, about.
constexpr std::int64_t bookkeeping = 2048;

} // namespace

Job::~Job() = default;

Executor::Executor(FileSystem &system) : m_system(system)
{
    m_pool.setMaxThreadCount(std::max(fewestThreads, QThread::idealThreadCount()));
    m_pool.setObjectName(QStringLiteral("AtomicFile"));
}

Executor::~Executor() { finish(); }

Executor::EntryPointer Executor::entryOf(std::unique_ptr<Job> job)
{
    auto entry = std::make_unique<Entry>();
    entry->bytes = job->payload() + bookkeeping;
    entry->job = std::move(job);
    return entry;
}

void Executor::submit(std::unique_ptr<Job> job) { submit(entryOf(std::move(job))); }

void Executor::submit(EntryPointer entry)
{
    bool startIntake = false;
    bool finish = false;
    {
        const MutexLocker locker(m_mutex);
        m_intake.push_back(std::move(entry));
        m_pendingBytes += m_intake.back()->bytes;
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

void Executor::runOrSubmit(std::unique_ptr<Job> job)
{
    EntryPointer entry = entryOf(std::move(job));
    if (!becomeIntake(entry->bytes))
        return submit(std::move(entry));
    runHere(std::move(entry));
}

/// As on a thread of the pool, nobody could go on after an exception in here.
void Executor::runHere(EntryPointer entry) noexcept
{
    prepare(*entry);
    entry->sharedVolume.reset(); // It is alone.
    bool isMore = false;
    {
        const MutexLocker locker(m_mutex);
        (void)admit(*entry); // There is nothing that it could wait for.
        isMore = !m_intake.empty();
        m_takingIn = isMore;
    }
    if (isMore) // Whoever submitted it meanwhile has relied on this thread.
        m_pool.start([this] { takeIn(); });
    std::vector<EntryPointer> entries;
    entries.push_back(std::move(entry));
    run(entries);
}

/// Where nothing is pending, this thread becomes the one that takes in, and then runs, a job of that size.
bool Executor::becomeIntake(std::int64_t bytes)
{
    const MutexLocker locker(m_mutex);
    if (m_pending > 0)
        return false;
    m_takingIn = true;
    m_pendingBytes += bytes;
    m_pending = 2; // the entry, and as if there were a call of runNext() to come
    return true;
}

bool Executor::isOwnThread() const { return m_pool.contains(QThread::currentThread()); }

std::vector<TargetKey> Executor::keysOf(const JobTarget &target) const
{
    return target.place ? targetKeys(m_system, *target.place)
                        : targetKeys(m_system, target.path, target.symlinks);
}

/// Finds out what the entry has to wait for, and with which others it may be committed: those of one volume,
/// for another may be slow, or never answer.
void Executor::prepare(Entry &entry) const
{
    std::vector<Key> &keys = entry.keys;
    std::optional<std::uint64_t> volume;
    bool isShared = entry.job->mayShareCommit();
    for (const JobTarget &target : entry.job->targets()) {
        for (const TargetKey &key : keysOf(target)) {
            keys.push_back(
                {key.directory, foldedName(key.unresolved.empty() ? key.name : key.unresolved)});
            isShared = isShared && key.unresolved.empty()
                && volume.value_or(key.directory.volume) == key.directory.volume;
            volume = key.directory.volume;
        }
    }
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    if (isShared)
        entry.sharedVolume = volume;
}

/// Resolves what was submitted, in order, and puts it into the queues. One thread at a time does
/// this; after the last job of a burst it runs what is ready, which saves a lone save the way to another
/// thread.
void Executor::takeIn()
{
    for (;;) {
        EntryPointer entry;
        {
            const MutexLocker locker(m_mutex);
            entry = std::move(m_intake.front());
            m_intake.pop_front();
        }
        prepare(*entry);
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
            if (!ready)
                return;
            addReady({admitted});
            return runNext();
        }
        if (ready)
            start({admitted});
    }
}

/// True if the entry may run at once. Otherwise the queues keep it until release() hands it out.
bool Executor::admit(Entry &entry)
{
    for (const Key &key : entry.keys) {
        QList<Entry *> &queue = m_queues[key];
        if (!queue.empty())
            ++entry.blockers;
        queue.push_back(&entry);
    }
    return entry.blockers == 0;
}

void Executor::start(const std::vector<Entry *> &ready)
{
    addReady(ready);
    for (std::size_t i = 0; i < ready.size(); ++i)
        m_pool.start([this] { runNext(); });
}

/// Somebody has to call runNext() for each.
void Executor::addReady(const std::vector<Entry *> &ready)
{
    const MutexLocker locker(m_mutex);
    for (Entry *entry : ready)
        m_ready.emplace_back(entry);
    m_pending += ready.size();
}

/// How many of those that are ready this thread may commit together: as many as leave some for each thread
/// that has nothing to do. All groups together stay within mostInGroup(), for the sake of open files, and two
/// threads can have a large one. Where no directory is synced each file may be held by another program for a
/// while, and nobody should wait for what holds up others.
std::size_t Executor::share() const
{
    if (m_ready.size() == 1 || !m_system.capabilities().canSyncDirectory)
        return 1;
    const std::size_t most = mostInGroup(m_system);
    const std::size_t left = most - std::min(m_together, most);
    const int idle = std::max(m_pool.maxThreadCount() - m_pool.activeThreadCount(), 0);
    const std::size_t threads = static_cast<std::size_t>(idle) + 1;
    const std::size_t each = (m_ready.size() + threads - 1) / threads;
    return std::max(std::min({most / 2, left, each}), std::size_t(1));
}

/// The first that is ready, and with it this thread's share of the writes right behind it to that volume.
std::vector<Executor::EntryPointer> Executor::takeReady()
{
    const std::size_t most = share();
    std::vector<EntryPointer> taken;
    do {
        taken.push_back(std::move(m_ready.front()));
        m_ready.pop_front();
    } while (taken.size() < most && taken.front()->sharedVolume
             && m_ready.front()->sharedVolume == taken.front()->sharedVolume);
    if (taken.front()->sharedVolume)
        m_together += taken.size();
    return taken;
}

void Executor::runNext()
{
    std::vector<EntryPointer> entries;
    {
        const MutexLocker locker(m_mutex);
        if (m_ready.empty())
            return finishPending(1);
        entries = takeReady();
    }
    run(entries);
}

void Executor::runTogether(const std::vector<EntryPointer> &entries)
{
    std::vector<Job *> jobs;
    std::vector<WriteRequest> requests;
    std::vector<Monitor *> monitors;
    for (const EntryPointer &entry : entries) {
        auto write = entry->job->sharedWrite();
        if (!write) {
            entry->job->run(m_system);
            continue;
        }
        jobs.push_back(entry->job.get());
        requests.push_back(std::move(write->request));
        monitors.push_back(write->monitor);
    }
    const auto outcomes = writeFiles(m_system, requests, monitors, foldedName);
    for (std::size_t i = 0; i < jobs.size(); ++i)
        jobs[i]->finish(outcomes[i]);
}

void Executor::run(const std::vector<EntryPointer> &entries)
{
    if (entries.size() == 1)
        entries.front()->job->run(m_system);
    else
        runTogether(entries);
    for (const EntryPointer &entry : entries)
        entry->job.reset();
    std::vector<Entry *> ready;
    std::vector<QPromise<void>> allowed;
    {
        const MutexLocker locker(m_mutex);
        for (const EntryPointer &entry : entries) {
            release(*entry, ready);
            m_pendingBytes -= entry->bytes;
        }
        allowed = takeAllowed();
    }
    start(ready);
    tell(std::move(allowed));
    // Only now, so that nobody who waited finds the executor still at work for these entries.
    const MutexLocker locker(m_mutex);
    if (entries.front()->sharedVolume)
        m_together -= entries.size();
    finishPending(entries.size() + 1);
}

/// Takes a finished entry out of its queues and adds those that may run now.
void Executor::release(const Entry &entry, std::vector<Entry *> &ready)
{
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
}

} // namespace atomicfile
