// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/operations.h"
#include "mutex.h"

#include <QtCore/QDeadlineTimer>
#include <QtCore/QFuture>
#include <QtCore/QHash>
#include <QtCore/QList>
#include <QtCore/QPromise>
#include <QtCore/QStringView>
#include <QtCore/QThreadPool>

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <tuple>
#include <vector>

namespace atomicfile {

/// One path that a job reads or changes, and whether a symbolic link there is followed.
struct JobTarget
{
    Path path;
    Symlinks symlinks = Symlinks::Follow;
    /// Set where the job has found out before what the path means, and goes by that; is the job's. Then the
    /// path is for messages only.
    const Place *place = nullptr;
};

/// One file that is written together with others, and who watches that.
struct SharedWrite
{
    WriteRequest request;
    Monitor *monitor;
};

/// Something to be done with one or more targets. Created on any thread, run once on a pool thread, or
/// by runOrSubmit() on its caller's, destroyed there.
class Job
{
public:
    Job() = default;
    Job(const Job &) = delete;
    Job &operator=(const Job &) = delete;
    virtual ~Job();

    /// Asked once, on the thread of the intake, before anything else; they stay until the job runs.
    virtual std::span<const JobTarget> targets() const = 0;
    virtual void run(FileSystem &system) = 0;
    /// Bytes of content that it keeps in memory until its end. Asked once, on the caller's thread.
    virtual std::int64_t payload() const { return 0; }

    /// Whether this is the write of one file, which others may be committed together with.
    virtual bool mayShareCommit() const { return false; }
    /// The write, where it is going to be committed with others; then finish() is called instead of run().
    /// Nothing if that cannot be. What it refers to is the job's.
    virtual std::optional<SharedWrite> sharedWrite() { return std::nullopt; }
    virtual void finish(const Outcome &) { }
};

/**
 * Who runs when: jobs on one target in the order in which they were submitted, jobs on different
 * targets in parallel, on a thread pool of its own. A job with several targets runs when it is first
 * in the queue of each. No thread ever waits for a job: whoever finishes one starts the next.
 *
 * Submitting takes a lock and makes no system call. Which target a path means is found out on one thread
 * at a time, of the pool or in runOrSubmit(), for one job after the other in the order of submission,
 * because otherwise two spellings of one path could overtake each other, and before it runs, because it
 * may change what its path means. The price: while a path cannot be resolved (a network volume
 * that hangs), jobs submitted after it are not admitted.
 *
 * Threads take the jobs that may run out of one queue. Where writes pile up there while all threads are
 * at work, the next that is free takes many of them and commits them as one group, which takes fewer syncs
 * than each by itself; of free threads each takes its share.
 *
 * All functions are thread-safe. A job must not wait for another job, nor for the executor.
 */
class Executor
{
public:
    explicit Executor(FileSystem &system);
    /// Waits for everything.
    ~Executor();
    Executor(const Executor &) = delete;
    Executor &operator=(const Executor &) = delete;

    void submit(std::unique_ptr<Job> job);
    /// For a caller that is going to wait for the job: runs it on this thread if nothing is pending, which
    /// saves waking up one thread, and then another; submits it otherwise.
    void runOrSubmit(std::unique_ptr<Job> job);
    /// False if the deadline passes first, and at once on a thread of the executor: the job that it is
    /// running is pending itself.
    bool waitForPending(QDeadlineTimer deadline);
    /// What was submitted and has not ended: the payload of each job, and what keeping a job takes itself.
    std::int64_t pendingBytes();
    std::int64_t pendingLimit();
    void setPendingLimit(std::int64_t bytes);
    /// Finishes as soon as no more is pending than the limit says; then one more job may be submitted.
    QFuture<void> whenBelowLimit();
    /// Waits for everything and ends the threads; new work starts new ones.
    void finish();
    /// The same, and from now on submit() does so as well. For the end of the program, when nobody comes
    /// back to wait.
    void finishEachFromNowOn();

    FileSystem &system() const { return m_system; }

    /// The one that the public API uses: created on first use. The end of a QCoreApplication waits for
    /// it, and so does the end of the program (return from main() or exit()).
    static Executor &shared();

    static constexpr std::int64_t usualLimit = std::int64_t(256) << 20;

private:
    /// Equal for all spellings of a target. Letter case and Unicode normal forms are folded on every
    /// file system: two files that differ only in these wait for each other without need, which is
    /// cheaper than asking each file system for its rules.
    struct Key
    {
        FileIdentity directory; ///< nothing where that cannot be found out
        std::u16string name;    ///< folded; there the whole path

        bool operator==(const Key &) const = default;
        /// In no meaningful order.
        bool operator<(const Key &other) const
        {
            return std::tie(directory.volume, directory.file, name)
                < std::tie(other.directory.volume, other.directory.file, other.name);
        }
        friend std::size_t qHash(const Key &key, std::size_t seed)
        {
            return qHashMulti(seed, key.directory.file[0], QStringView(key.name));
        }
    };

    struct Entry
    {
        std::unique_ptr<Job> job;
        std::vector<Key> keys;
        std::size_t blockers = 0; ///< queues in which others are before it
        /// Of the files that it writes together with others of this volume, if it does.
        std::optional<std::uint64_t> sharedVolume;
        std::int64_t bytes = 0;
    };
    using EntryPointer = std::unique_ptr<Entry>;

    bool isOwnThread() const;
    static EntryPointer entryOf(std::unique_ptr<Job> job);
    void submit(EntryPointer entry);
    bool becomeIntake(std::int64_t bytes);
    void runHere(EntryPointer entry) noexcept;
    std::vector<TargetKey> keysOf(const JobTarget &target) const;
    void prepare(Entry &entry) const;
    void takeIn();
    bool admit(Entry &entry) ATOMICFILE_REQUIRES(m_mutex);
    void start(const std::vector<Entry *> &ready);
    void addReady(const std::vector<Entry *> &ready);
    std::size_t share() const ATOMICFILE_REQUIRES(m_mutex);
    std::vector<EntryPointer> takeReady() ATOMICFILE_REQUIRES(m_mutex);
    void runNext();
    void runTogether(const std::vector<EntryPointer> &entries);
    void run(const std::vector<EntryPointer> &entries);
    void tell(std::vector<QPromise<void>> allowed);
    void finishPending(std::size_t count) ATOMICFILE_REQUIRES(m_mutex);
    std::vector<QPromise<void>> takeAllowed() ATOMICFILE_REQUIRES(m_mutex);
    void release(const Entry &entry, std::vector<Entry *> &ready) ATOMICFILE_REQUIRES(m_mutex);

    FileSystem &m_system;
    Mutex m_mutex;
    std::condition_variable m_idle;
    std::deque<EntryPointer> m_intake ATOMICFILE_GUARDED_BY(m_mutex);
    bool m_takingIn ATOMICFILE_GUARDED_BY(m_mutex) = false;
    QHash<Key, QList<Entry *>> m_queues ATOMICFILE_GUARDED_BY(m_mutex);
    /// For each there is a thread that is going to call runNext(), which may find that another has taken it.
    std::deque<EntryPointer> m_ready ATOMICFILE_GUARDED_BY(m_mutex);
    std::size_t m_together ATOMICFILE_GUARDED_BY(m_mutex) = 0; ///< writes that threads have taken
    /// Entries, and calls of runNext() to come: nothing touches the executor once there are none.
    std::size_t m_pending ATOMICFILE_GUARDED_BY(m_mutex) = 0;
    std::int64_t m_pendingBytes ATOMICFILE_GUARDED_BY(m_mutex) = 0;
    std::int64_t m_pendingLimit ATOMICFILE_GUARDED_BY(m_mutex) = usualLimit;
    std::vector<QPromise<void>> m_waiting
        ATOMICFILE_GUARDED_BY(m_mutex); ///< for less than the limit
    bool m_finishesEach ATOMICFILE_GUARDED_BY(m_mutex) = false;
    QThreadPool m_pool; ///< last: its threads end before what they use
};

} // namespace atomicfile
