// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "async/executor.h"
#include "function_job.h"
#include "support/memory_filesystem.h"
#include "support/semaphore.h"
#include "support/this_system.h"

#include <QtCore/QDir>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include <atomic>
#include <chrono>
#include <functional>
#include <numeric>
#include <thread>
#include <utility>

using namespace atomicfile;
using test::FunctionJob;
using test::Semaphore;

namespace {

/// Only reached when something hangs.
constexpr std::chrono::minutes longest(1);

} // namespace

class TestExecutor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void runsOneTargetInOrder();
    void keepsTheOrderAcrossSpellings_data();
    void keepsTheOrderAcrossSpellings();
    void keepsTheOrderOfALinkAndItsTarget_data();
    void keepsTheOrderOfALinkAndItsTarget();
    void runsDifferentTargetsInParallel();
    void startsAMoveWhenItIsFirstInBothQueues();
    void startsAJobWithOneTargetTwice();
    void runsManyQueuedJobs_data();
    void runsManyQueuedJobs();
    void takesJobsFromManyThreads();
    void takesJobsFromAJob();
    void ordersTargetsThatCannotBeResolved();

private:
    Path at(const char *name) const
    {
        return Path(
            (m_scratch->path() + QLatin1Char('/') + QString::fromUtf8(name)).toStdU16String());
    }
    static void submit(Executor &executor, const Path &path, std::function<void()> function,
                       Symlinks symlinks = Symlinks::Follow)
    {
        executor.submit(std::make_unique<FunctionJob>(std::vector{JobTarget{path, symlinks}},
                                                      std::move(function)));
    }
    void compareOrder(const Path &first, Symlinks firstPolicy, const Path &second,
                      Symlinks secondPolicy) const;
    static bool finish(Executor &executor)
    {
        return executor.waitForPending(QDeadlineTimer(longest));
    }
    /// Lets everything happen that could happen while a job elsewhere is held up: jobs start in the
    /// order in which they become ready, so what was ready before has been started by the end of it.
    void letOthersRun(Executor &executor) const
    {
        Semaphore ran{0};
        for (int i = 0; i < 50; ++i)
            submit(executor, at("elsewhere"), [&ran] { ran.release(); });
        for (int i = 0; i < 50; ++i)
            QVERIFY(ran.tryAcquireFor(longest));
    }

    std::unique_ptr<QTemporaryDir> m_scratch;
};

void TestExecutor::init()
{
    m_scratch = std::make_unique<QTemporaryDir>();
    QVERIFY(m_scratch->isValid());
    QVERIFY(QDir(m_scratch->path()).mkdir(QStringLiteral("directory")));
}

void TestExecutor::runsOneTargetInOrder()
{
    Executor executor(systemFileSystem());
    std::vector<int> order; // Only one job at a time touches it; ThreadSanitizer would see others.
    for (int i = 0; i < 1000; ++i)
        submit(executor, at("file"), [&order, i] { order.push_back(i); });
    QVERIFY(finish(executor));
    std::vector<int> expected(1000);
    std::iota(expected.begin(), expected.end(), 0);
    QVERIFY(order == expected);
}

void TestExecutor::keepsTheOrderAcrossSpellings_data()
{
    QTest::addColumn<QByteArray>("first");
    QTest::addColumn<QByteArray>("second");
    QTest::newRow("same") << QByteArray("file") << QByteArray("file");
    QTest::newRow("dot") << QByteArray("file") << QByteArray("./file");
    QTest::newRow("dot dot") << QByteArray("file") << QByteArray("directory/../file");
    QTest::newRow("two separators") << QByteArray("file") << QByteArray("/file");
    QTest::newRow("link to the file") << QByteArray("link") << QByteArray("file");
    QTest::newRow("link to a missing file") << QByteArray("dangling") << QByteArray("missing");
    QTest::newRow("link to the directory")
        << QByteArray("entrance/file") << QByteArray("directory/file");
    QTest::newRow("letter case") << QByteArray("file") << QByteArray("FILE");
    QTest::newRow("Unicode letter case") << QByteArray("stra\u00dfe") << QByteArray("STRASSE");
    QTest::newRow("normal form") << QByteArray("\u00e9t\u00e9") << QByteArray("e\u0301te\u0301");
}

void TestExecutor::keepsTheOrderAcrossSpellings()
{
    QFETCH(const QByteArray, first);
    QFETCH(const QByteArray, second);
    const QDir directory(m_scratch->path());
    for (const auto &[name, destination] :
         {std::pair("link", "file"), std::pair("dangling", "missing"),
          std::pair("entrance", "directory")}) {
        if (first.startsWith(name)) {
            MAKE_SYMLINK_OR_SKIP(QLatin1String(destination),
                                 directory.filePath(QLatin1String(name)));
        }
    }
    compareOrder(at(first.constData()), Symlinks::Follow, at(second.constData()), Symlinks::Follow);
}

/// The second job waits for the first.
void TestExecutor::compareOrder(const Path &first, Symlinks firstPolicy, const Path &second,
                                Symlinks secondPolicy) const
{
    Executor executor(systemFileSystem());
    Semaphore gate{0};
    std::atomic<bool> firstEnded = false;
    std::atomic<bool> secondWaited = false;
    submit(
        executor, first,
        [&] {
            (void)gate.tryAcquireFor(longest);
            firstEnded = true;
        },
        firstPolicy);
    submit(
        executor, second, [&] { secondWaited = firstEnded.load(); }, secondPolicy);
    letOthersRun(executor);
    gate.release();
    QVERIFY(finish(executor));
    QVERIFY(secondWaited);
}

void TestExecutor::keepsTheOrderOfALinkAndItsTarget_data()
{
    QTest::addColumn<QByteArray>("first");
    QTest::addColumn<bool>("firstReplaces");
    QTest::addColumn<QByteArray>("second");
    QTest::addColumn<bool>("secondReplaces");
    QTest::newRow("replaced, then followed")
        << QByteArray("link") << true << QByteArray("link") << false;
    QTest::newRow("followed, then replaced")
        << QByteArray("link") << false << QByteArray("link") << true;
    QTest::newRow("a link to it replaced, then the far one followed")
        << QByteArray("link") << true << QByteArray("far") << false;
    QTest::newRow("the target, then the far link")
        << QByteArray("file") << false << QByteArray("far") << false;
}

/// A link is a name too, which one job may be about to give to something else.
void TestExecutor::keepsTheOrderOfALinkAndItsTarget()
{
    QFETCH(const QByteArray, first);
    QFETCH(const bool, firstReplaces);
    QFETCH(const QByteArray, second);
    QFETCH(const bool, secondReplaces);
    const QDir directory(m_scratch->path());
    MAKE_SYMLINK_OR_SKIP(QStringLiteral("file"), directory.filePath(QStringLiteral("link")));
    MAKE_SYMLINK_OR_SKIP(QStringLiteral("link"), directory.filePath(QStringLiteral("far")));
    const auto policy = [](bool replaces) {
        return replaces ? Symlinks::Replace : Symlinks::Follow;
    };
    compareOrder(at(first.constData()), policy(firstReplaces), at(second.constData()),
                 policy(secondReplaces));
}

void TestExecutor::runsDifferentTargetsInParallel()
{
    Executor executor(systemFileSystem());
    Semaphore firstArrived{0};
    Semaphore secondArrived{0};
    std::atomic<int> met = 0;
    submit(executor, at("first"), [&] {
        firstArrived.release();
        met += secondArrived.tryAcquireFor(longest);
    });
    submit(executor, at("second"), [&] {
        secondArrived.release();
        met += firstArrived.tryAcquireFor(longest);
    });
    QVERIFY(finish(executor));
    QCOMPARE(met.load(), 2);
}

void TestExecutor::startsAMoveWhenItIsFirstInBothQueues()
{
    Executor executor(systemFileSystem());
    Semaphore sourceGate{0};
    Semaphore destinationGate{0};
    std::atomic<int> ended = 0;
    std::atomic<int> endedBeforeMove = -1;
    std::atomic<bool> moved = false;
    std::atomic<int> movedBefore = 0;
    submit(executor, at("source"), [&] { ended += sourceGate.tryAcquireFor(longest); });
    submit(executor, at("destination"), [&] { ended += destinationGate.tryAcquireFor(longest); });
    executor.submit(std::make_unique<FunctionJob>(
        std::vector{JobTarget{at("destination")}, JobTarget{at("source"), Symlinks::Replace}}, [&] {
            endedBeforeMove = ended.load();
            moved = true;
        }));
    submit(executor, at("source"), [&] { movedBefore += moved; });
    submit(executor, at("destination"), [&] { movedBefore += moved; });

    letOthersRun(executor);
    QVERIFY(!moved);
    sourceGate.release();
    letOthersRun(executor);
    QVERIFY(!moved);
    destinationGate.release();
    QVERIFY(finish(executor));
    QCOMPARE(endedBeforeMove.load(), 2);
    QCOMPARE(movedBefore.load(), 2);
}

void TestExecutor::startsAJobWithOneTargetTwice()
{
    Executor executor(systemFileSystem());
    int ran = 0;
    executor.submit(std::make_unique<FunctionJob>(
        std::vector{JobTarget{at("file")}, JobTarget{at("directory/../file")}}, [&ran] { ++ran; }));
    submit(executor, at("file"), [&ran] { ++ran; });
    QVERIFY(finish(executor));
    QCOMPARE(ran, 2);
}

void TestExecutor::runsManyQueuedJobs_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("targets");
    QTest::newRow("ten thousand on one target") << 10'000 << 1;
    QTest::newRow("ten thousand on as many") << 10'000 << 10'000;
    QTest::newRow("a hundred thousand on a thousand") << 100'000 << 1000;
}

void TestExecutor::runsManyQueuedJobs()
{
    QFETCH(const int, count);
    QFETCH(const int, targets);
    test::MemoryFileSystem system; // What is asked of it costs next to nothing.
    Executor executor(system);
    Semaphore gate{0};
    std::vector<int> last(static_cast<std::size_t>(targets), -1);
    std::atomic<int> inOrder = 0;
    submit(executor, "/target0", [&gate] { (void)gate.tryAcquireFor(longest); });
    for (int i = 0; i < count; ++i) {
        const auto target = static_cast<std::size_t>(i % targets);
        submit(executor, "/target" + std::to_string(target), [&, i, target] {
            inOrder += last[target] < i;
            last[target] = i;
        });
    }
    gate.release();
    QVERIFY(finish(executor));
    QCOMPARE(inOrder.load(), count);
}

void TestExecutor::takesJobsFromManyThreads()
{
    constexpr int threads = 8;
    constexpr int each = 500;
    Executor executor(systemFileSystem());
    int ran = 0;
    std::vector<std::thread> submitters;
    for (int i = 0; i < threads; ++i) {
        submitters.emplace_back([&] {
            for (int j = 0; j < each; ++j)
                submit(executor, at("file"), [&ran] { ++ran; });
        });
    }
    for (std::thread &submitter : submitters)
        submitter.join();
    QVERIFY(finish(executor));
    QCOMPARE(ran, threads * each);
}

void TestExecutor::takesJobsFromAJob()
{
    Executor executor(systemFileSystem());
    std::vector<int> order;
    submit(executor, at("file"), [&] {
        submit(executor, at("file"), [&] { order.push_back(2); });
        order.push_back(1);
    });
    QVERIFY(finish(executor));
    QVERIFY((order == std::vector{1, 2}));
}

void TestExecutor::ordersTargetsThatCannotBeResolved()
{
    Executor executor(systemFileSystem());
    std::vector<int> order;
    for (int i = 0; i < 100; ++i)
        submit(executor, at(i % 2 ? "no/such/file" : "no/such/./file"),
               [&order, i] { order.push_back(i); });
    submit(executor, Path(), [] {});
    QVERIFY(finish(executor));
    QVERIFY(std::is_sorted(order.begin(), order.end()));
    QCOMPARE(order.size(), std::size_t(100));
}

QTEST_GUILESS_MAIN(TestExecutor)
#include "tst_executor.moc"
