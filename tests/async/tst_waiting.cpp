// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Who waits for the executor's jobs, when one runs on the thread of who waits, and the end of the program.
#include "function_job.h"
#include "support/memory_filesystem.h"
#include "support/semaphore.h"

#include <QtTest/QTest>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

using namespace atomicfile;
using test::FunctionJob;
using test::MemoryFileSystem;
using test::Semaphore;

namespace {

/// Only reached when something hangs.
constexpr std::chrono::minutes longest(1);

Path at(const char *name) { return Path("/folder") / name; }

std::unique_ptr<Job> jobOn(const char *name, std::function<void()> function)
{
    return std::make_unique<FunctionJob>(std::vector{JobTarget{at(name)}}, std::move(function));
}

bool finish(Executor &executor) { return executor.waitForPending(QDeadlineTimer(longest)); }

/// Tells whether it was asked for its targets before it ran.
class CuriousJob final : public Job
{
public:
    CuriousJob(bool hasMany, std::vector<bool> &wasAsked) : m_hasMany(hasMany), m_wasAsked(wasAsked)
    {
    }
    std::vector<JobTarget> targets() const override
    {
        m_isAsked = true;
        return {};
    }
    bool hasManyTargets() const override { return m_hasMany; }
    void run(FileSystem &) override { m_wasAsked.push_back(m_isAsked); }

private:
    const bool m_hasMany;
    std::vector<bool> &m_wasAsked;
    mutable bool m_isAsked = false;
};

} // namespace

class TestWaiting : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_system.addDirectory("/folder"); }
    void runsOnTheCallersThreadWhenNothingIsPending();
    void runsElsewhereWhenSomethingIsPending();
    void takesJobsWhileOneIsAlone_data();
    void takesJobsWhileOneIsAlone();
    void takesJobsWhileALoneOneEnds();
    void knowsManyTargetsBeforeItRuns_data();
    void knowsManyTargetsBeforeItRuns();
    void waitsForTheCallersThread();
    void tellsNobodyOnTheCallersThread();
    void waitsUntilTheDeadline();
    void finishesEverythingBeforeItIsDestroyed();
    void finishesEachJobAtTheEndOfTheProgram();
    void finishesWhatAJobAsksForAtTheEndOfTheProgram();
    void doesNotLetAJobWaitForItself();

private:
    MemoryFileSystem m_system;
};

void TestWaiting::runsOnTheCallersThreadWhenNothingIsPending()
{
    Executor executor(m_system);
    std::vector<std::thread::id> threads;
    for (int i = 0; i < 3; ++i) {
        executor.runOrSubmit(jobOn("file", [&] { threads.push_back(std::this_thread::get_id()); }));
        QCOMPARE(executor.pendingBytes(), std::int64_t(0));
    }
    QVERIFY(threads == std::vector(3, std::this_thread::get_id()));
    QVERIFY(executor.waitForPending(QDeadlineTimer(0)));
}

/// Also where that is another target: only an executor with nothing to do knows that nobody is before it.
void TestWaiting::runsElsewhereWhenSomethingIsPending()
{
    Executor executor(m_system);
    Semaphore gate;
    std::vector<std::thread::id> threads;
    executor.submit(jobOn("other", [&gate] { (void)gate.tryAcquireFor(longest); }));
    executor.runOrSubmit(jobOn("file", [&] { threads.push_back(std::this_thread::get_id()); }));
    gate.release();
    QVERIFY(finish(executor));
    QCOMPARE(threads.size(), std::size_t(1));
    QVERIFY(threads.front() != std::this_thread::get_id());
}

void TestWaiting::takesJobsWhileOneIsAlone_data()
{
    QTest::addColumn<bool>("here");
    QTest::newRow("on the caller's thread") << true;
    QTest::newRow("on one of the executor's") << false;
}

/// Only then is it found out what the lone one's target is, and which of the others have to wait for it.
void TestWaiting::takesJobsWhileOneIsAlone()
{
    QFETCH(const bool, here);
    Executor executor(m_system);
    std::vector<int> order; // on one target
    Semaphore otherRan;
    bool isOtherRun = false;
    const auto append = [&](int number) {
        return jobOn("file", [&order, number] { order.push_back(number); });
    };
    auto first = jobOn("file", [&] {
        executor.submit(append(2));
        executor.submit(append(3));
        executor.submit(jobOn("other", [&otherRan] { otherRan.release(); }));
        isOtherRun = otherRan.tryAcquireFor(longest);
        order.push_back(1);
    });
    if (here)
        executor.runOrSubmit(std::move(first));
    else
        executor.submit(std::move(first));
    QVERIFY(finish(executor));
    QVERIFY(isOtherRun);
    QVERIFY((order == std::vector{1, 2, 3}));
}

/// The lone one may end at any moment of this.
void TestWaiting::takesJobsWhileALoneOneEnds()
{
    Executor executor(m_system);
    std::vector<int> order;
    for (int i = 0; i < 2000; i += 2) {
        executor.runOrSubmit(jobOn("file", [&, i] {
            executor.submit(jobOn("file", [&order, i] { order.push_back(i + 1); }));
            order.push_back(i);
        }));
        QVERIFY(finish(executor));
    }
    QCOMPARE(order.size(), std::size_t(2000));
    for (std::size_t i = 0; i < order.size(); ++i)
        QCOMPARE(order[i], static_cast<int>(i));
}

void TestWaiting::knowsManyTargetsBeforeItRuns_data()
{
    QTest::addColumn<bool>("hasMany");
    QTest::newRow("many") << true;
    QTest::newRow("few") << false;
}

/// A document that is saved while a batch runs would wait for them.
void TestWaiting::knowsManyTargetsBeforeItRuns()
{
    QFETCH(const bool, hasMany);
    std::vector<bool> wasAsked;
    Executor executor(m_system);
    executor.submit(std::make_unique<CuriousJob>(hasMany, wasAsked));
    QVERIFY(finish(executor));
    executor.runOrSubmit(std::make_unique<CuriousJob>(hasMany, wasAsked));
    QVERIFY(finish(executor));
    QVERIFY((wasAsked == std::vector{hasMany, hasMany}));
}

void TestWaiting::waitsForTheCallersThread()
{
    Executor executor(m_system);
    Semaphore began;
    Semaphore gate;
    std::thread caller([&] {
        executor.runOrSubmit(jobOn("file", [&] {
            began.release();
            (void)gate.tryAcquireFor(longest);
        }));
    });
    const bool hasBegun = began.tryAcquireFor(longest);
    const bool waited = executor.waitForPending(QDeadlineTimer(10));
    gate.release();
    const bool finished = finish(executor);
    caller.join();
    QVERIFY(hasBegun);
    QVERIFY(!waited);
    QVERIFY(finished);
}

/// What runs there could wait for the very job that tells it.
void TestWaiting::tellsNobodyOnTheCallersThread()
{
    Executor executor(m_system);
    executor.setPendingLimit(0);
    Semaphore told;
    std::thread::id thread;
    bool waited = true;
    executor.runOrSubmit(jobOn("file", [&] {
        (void)executor.whenBelowLimit().then([&] {
            thread = std::this_thread::get_id();
            waited = executor.waitForPending(QDeadlineTimer(QDeadlineTimer::Forever));
            told.release();
        });
    }));
    QVERIFY(told.tryAcquireFor(longest));
    QVERIFY(thread != std::this_thread::get_id());
    QVERIFY(!waited);
    QVERIFY(finish(executor));
}

void TestWaiting::waitsUntilTheDeadline()
{
    Executor executor(m_system);
    QVERIFY(executor.waitForPending(QDeadlineTimer(0)));
    Semaphore gate{0};
    executor.submit(jobOn("file", [&gate] { (void)gate.tryAcquireFor(longest); }));
    QVERIFY(!executor.waitForPending(QDeadlineTimer(0)));
    QVERIFY(!executor.waitForPending(QDeadlineTimer(10)));
    gate.release();
    QVERIFY(executor.waitForPending(QDeadlineTimer(QDeadlineTimer::Forever)));
}

void TestWaiting::finishesEverythingBeforeItIsDestroyed()
{
    std::atomic<int> ran = 0;
    {
        Executor executor(m_system);
        for (int i = 0; i < 500; ++i)
            executor.submit(jobOn(i % 2 ? "odd" : "even", [&ran] { ++ran; }));
    }
    QCOMPARE(ran.load(), 500);
}

void TestWaiting::finishesEachJobAtTheEndOfTheProgram()
{
    Executor executor(m_system);
    bool ran = false;
    executor.finishEachFromNowOn();
    executor.submit(jobOn("file", [&ran] { ran = true; }));
    QVERIFY(ran);
}

/// Whoever waits for the outer job waits for the inner one too; the job itself must not.
void TestWaiting::finishesWhatAJobAsksForAtTheEndOfTheProgram()
{
    Executor executor(m_system);
    bool ran = false;
    executor.finishEachFromNowOn();
    executor.submit(jobOn("file", [&] { executor.submit(jobOn("file", [&ran] { ran = true; })); }));
    QVERIFY(ran);
}

void TestWaiting::doesNotLetAJobWaitForItself()
{
    Executor executor(m_system);
    bool waited = true;
    executor.submit(jobOn("file", [&] {
        waited = executor.waitForPending(QDeadlineTimer(QDeadlineTimer::Forever));
    }));
    QVERIFY(finish(executor));
    QVERIFY(!waited);
}

QTEST_GUILESS_MAIN(TestWaiting)
#include "tst_waiting.moc"
