// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Who waits for the executor's jobs, when one runs on the thread of who waits, and the end of the program.
#include "core/target.h"
#include "function_job.h"
#include "support/memory_filesystem.h"
#include "support/recording_filesystem.h"
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
using test::RecordingFileSystem;
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

} // namespace

class TestWaiting : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_system.addDirectory("/folder"); }
    void runsOnTheCallersThreadWhenNothingIsPending();
    void runsElsewhereWhenSomethingIsPending();
    void takesJobsWhileTheCallersThreadIsBusy();
    void keepsTheOrderWhenAJobRenamesItsDirectory();
    void goesByThePlaceThatAJobHasFound();
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

void TestWaiting::takesJobsWhileTheCallersThreadIsBusy()
{
    Executor executor(m_system);
    std::vector<int> order; // on one target
    Semaphore otherRan;
    bool isOtherRun = false;
    const auto meanwhile = [&](int number) {
        return [&, number] {
            executor.submit(jobOn("file", [&order, number] { order.push_back(number); }));
        };
    };
    const auto first = [&] {
        meanwhile(3)();
        executor.submit(jobOn("other", [&otherRan] { otherRan.release(); }));
        isOtherRun = otherRan.tryAcquireFor(longest);
        order.push_back(1);
    };
    executor.runOrSubmit(
        std::make_unique<FunctionJob>(std::vector{JobTarget{at("file")}}, first, meanwhile(2)));
    QVERIFY(finish(executor));
    QVERIFY(isOtherRun);
    QVERIFY((order == std::vector{1, 2, 3}));
}

/// What its path means is known from before.
void TestWaiting::keepsTheOrderWhenAJobRenamesItsDirectory()
{
    m_system.addDirectory("/before");
    Executor executor(m_system);
    std::vector<int> order;
    Semaphore ran;
    bool isEarly = false;
    const auto job = [](const char *path, std::function<void()> function) {
        return std::make_unique<FunctionJob>(std::vector{JobTarget{path}}, std::move(function));
    };
    executor.runOrSubmit(job("/before/file", [&] {
        const auto root = m_system.openDirectory("/", DirectoryAccess::Read).value();
        (void)m_system.rename(root, "before", root, "after");
        (void)m_system.closeDirectory(root);
        executor.submit(job("/after/file", [&] {
            order.push_back(2);
            ran.release();
        }));
        isEarly = ran.tryAcquireFor(std::chrono::milliseconds(10));
        order.push_back(1);
    }));
    QVERIFY(finish(executor));
    QVERIFY(m_system.listing("/after").empty());
    QVERIFY(!isEarly);
    QVERIFY((order == std::vector{1, 2}));
}

/// Not by what its path means since; and it is not looked for again.
void TestWaiting::goesByThePlaceThatAJobHasFound()
{
    MemoryFileSystem system;
    system.addDirectory("/folder");
    system.addSymlink(at("link"), "file");
    const auto found = followLinks(system, at("link"), Symlinks::Follow, ignoreLink);
    QVERIFY(found.ok());
    const Place &place = found.value().place;
    QVERIFY(system.unlink(place.directory.get(), "link").ok());
    system.addSymlink(at("link"), "other");

    RecordingFileSystem recording(system);
    Executor executor(recording);
    Semaphore gate;
    std::atomic<bool> firstEnded = false;
    std::atomic<bool> secondWaited = false;
    executor.submit(jobOn("file", [&] {
        (void)gate.tryAcquireFor(longest);
        firstEnded = true;
    }));
    executor.submit(
        std::make_unique<FunctionJob>(std::vector{JobTarget{at("link"), Symlinks::Follow, &place}},
                                      [&] { secondWaited = firstEnded.load(); }));
    executor.submit(jobOn("other", [&gate] { gate.release(); }));
    QVERIFY(finish(executor));
    QVERIFY(secondWaited);
    // The other two are looked for; of all three it is asked which directory they are in.
    QCOMPARE(recording.count(Call::OpenDirectory), std::size_t(2));
    QCOMPARE(recording.count(Call::Stat), std::size_t(2));
    QCOMPARE(recording.count(Call::StatDirectory), std::size_t(3));
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
