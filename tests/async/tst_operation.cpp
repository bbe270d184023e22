// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "core/stage.h"
#include "operation_p.h"
#include "stream_p.h"

#include "support/memory_filesystem.h"
#include "support/recording_filesystem.h"
#include "support/semaphore.h"

#include <QtCore/QThread>
#include <QtTest/QTest>

#include <atomic>
#include <chrono>
#include <limits>
#include <memory>

using namespace atomicfile;
using test::CallRecord;
using test::MemoryFileSystem;
using test::RecordingFileSystem;
using test::Semaphore;
using Error = AtomicFileResult::Error;
using State = AtomicFileResult::TargetState;

namespace {

/// Only reached when something hangs.
constexpr std::chrono::minutes longest(1);

const QByteArray oldContent("old");
/// Several chunks, so that there is something between them.
const QByteArray newContent(5'000'000, 'n');

enum class Way { Object, Future };

/// A world with an executor of its own, in which a test may stop every call.
struct World
{
    World()
    {
        memory.addDirectory("/folder");
        memory.addFile("/folder/file", oldContent.toStdString());
    }

    template<typename T>
    QFuture<T> submit(AtomicFileWork<T> work)
    {
        auto operation = std::make_unique<AtomicFileOperation<T>>(std::move(work), mailbox);
        QFuture<T> future = operation->future();
        executor.submit(std::move(operation));
        return future;
    }
    QFuture<AtomicFileResult> write(const char *path, const QByteArray &bytes)
    {
        return submit(atomicFileWrite(QString::fromUtf8(path), bytes, {}));
    }
    bool finish() { return executor.waitForPending(QDeadlineTimer(longest)); }
    QByteArray content(const char *path) const
    {
        return QByteArray::fromStdString(memory.content(path).value_or("(missing)"));
    }

    MemoryFileSystem memory;
    RecordingFileSystem system{memory};
    std::shared_ptr<AtomicFileMailbox> mailbox = std::make_shared<AtomicFileMailbox>();
    Executor executor{system};
};

} // namespace

/// What an operation does between the public call and the core, on a file system that can be stopped.
class TestOperation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isCancelledAtEveryCall_data();
    void isCancelledAtEveryCall();
    void isCancelledWhileQueued_data();
    void isCancelledWhileQueued();
    void stopsReadingWhenCancelled();
    void touchesTheFileSystemOnPoolThreadsOnly();
    void acceptsOperationsWhileAPathHangs();
    void neverWorksTwiceOnOneTargetAtOnce();
    void worksOnTwoTargetsAtOnce();
    void completesAMoveBetweenTwoWrites();
    void commitsAStreamWhereItIsStaged();
    void sharesTheBytes();
    void deliversAResultWhenItIsNeverRun();
    void passesFewProgressReportsOn();
    void isSmall();
};

void TestOperation::isCancelledAtEveryCall_data()
{
    QTest::addColumn<Way>("way");
    QTest::addColumn<std::size_t>("index");
    QTest::addColumn<bool>("mustStop");
    World world;
    QVERIFY(world.write("/folder/file", newContent).result());
    const auto calls = world.system.records();
    bool beforeSync = true;
    for (std::size_t i = 0; i < calls.size(); ++i) {
        beforeSync = beforeSync && calls[i].call != Call::SyncFile;
        const std::string_view name = callName(calls[i].call);
        QTest::addRow("cancel() at call %zu, %s", i, name.data()) << Way::Object << i << beforeSync;
        QTest::addRow("future at call %zu, %s", i, name.data()) << Way::Future << i << beforeSync;
    }
    QVERIFY(!beforeSync);
}

void TestOperation::isCancelledAtEveryCall()
{
    QFETCH(const Way, way);
    QFETCH(const std::size_t, index);
    QFETCH(const bool, mustStop);
    World world;
    QFuture<AtomicFileResult> future;
    Semaphore submitted{0};
    std::atomic<bool> published = false;
    world.system.setBefore([&](std::size_t i, const CallRecord &record) {
        published = published || record.call == Call::Rename;
        if (i != index)
            return;
        (void)submitted.tryAcquireFor(longest);
        if (way == Way::Object)
            world.mailbox->cancelAll();
        else
            future.cancel();
    });
    future = world.write("/folder/file", newContent);
    submitted.release();
    QVERIFY(world.finish());
    QVERIFY(future.isFinished());

    QVERIFY(!mustStop || !published);
    QVERIFY(world.content("/folder/file") == (published ? newContent : oldContent));
    QCOMPARE(world.memory.listing("/folder").size(), std::size_t(1));
    QCOMPARE(world.memory.openHandleCount(), std::size_t(0));
    if (way == Way::Future) {
        QVERIFY(future.isCanceled());
        return;
    }
    QVERIFY(!future.isCanceled());
    QCOMPARE(future.resultCount(), 1);
    const AtomicFileResult result = future.result();
    QCOMPARE(result.error(), published ? Error::None : Error::Cancelled);
    QCOMPARE(result.targetState(), published ? State::Replaced : State::Unchanged);
}

void TestOperation::isCancelledWhileQueued_data()
{
    QTest::addColumn<Way>("way");
    QTest::newRow("cancel()") << Way::Object;
    QTest::newRow("future") << Way::Future;
}

void TestOperation::isCancelledWhileQueued()
{
    QFETCH(const Way, way);
    World world;
    Semaphore gate{0};
    Semaphore arrived{0};
    world.system.setBefore([&](std::size_t, const CallRecord &record) {
        if (record.call != Call::Rename)
            return;
        arrived.release();
        (void)gate.tryAcquireFor(longest);
    });
    const auto first = world.write("/folder/file", newContent);
    QVERIFY(arrived.tryAcquireFor(longest));
    auto second = world.write("/folder/../folder/file", "second");
    if (way == Way::Object)
        world.mailbox->cancelAll(); // the first one, too, which is being published already
    else
        second.cancel();
    gate.release();
    QVERIFY(world.finish());
    QVERIFY(first.result());
    QVERIFY(second.isFinished());
    if (way == Way::Object)
        QCOMPARE(second.result().error(), Error::Cancelled);
    QCOMPARE(world.system.count(Call::CreateFile), std::size_t(1));
    QVERIFY(world.content("/folder/file") == newContent);
}

void TestOperation::stopsReadingWhenCancelled()
{
    World world;
    world.memory.addFile("/folder/large", newContent.toStdString());
    world.system.setBefore([&](std::size_t, const CallRecord &record) {
        if (record.call == Call::ReadAt)
            world.mailbox->cancelAll();
    });
    const AtomicFileContent content = world.submit(atomicFileRead(QStringLiteral("/folder/large")))
                                          .result();
    QCOMPARE(content.result.error(), Error::Cancelled);
    QVERIFY(content.bytes.isEmpty());
    QCOMPARE(world.system.count(Call::ReadAt), std::size_t(1));
}

void TestOperation::touchesTheFileSystemOnPoolThreadsOnly()
{
    World world;
    std::atomic<int> here = 0;
    const QThread *const caller = QThread::currentThread();
    world.system.setBefore(
        [&](std::size_t, const CallRecord &) { here += QThread::currentThread() == caller; });
    world.write("/folder/file", newContent);
    world.submit(
        atomicFileCopy(QStringLiteral("/folder/file"), QStringLiteral("/folder/copy"), {}));
    world.submit(atomicFileMove(QStringLiteral("/folder/copy"), QStringLiteral("/moved"), {}));
    world.submit(atomicFileRead(QStringLiteral("/moved")));
    world.submit(atomicFileSweep(QStringLiteral("/folder")));
    QVERIFY(world.finish());
    QCOMPARE(here.load(), 0);
    QVERIFY(world.content("/moved") == newContent);
}

void TestOperation::acceptsOperationsWhileAPathHangs()
{
    World world;
    Semaphore gate{0};
    world.system.setBefore([&](std::size_t index, const CallRecord &) {
        if (index == 0)
            (void)gate.tryAcquireFor(longest);
    });
    QList<QFuture<AtomicFileResult>> futures;
    for (int i = 0; i < 1000; ++i)
        futures << world.write(i % 2 ? "/folder/odd" : "/folder/even", QByteArray::number(i));
    QVERIFY(!world.executor.waitForPending(QDeadlineTimer(0)));
    gate.release();
    for (const auto &future : std::as_const(futures))
        QVERIFY(future.result());
    QCOMPARE(world.content("/folder/odd"), QByteArray("999"));
    QCOMPARE(world.content("/folder/even"), QByteArray("998"));
}

void TestOperation::neverWorksTwiceOnOneTargetAtOnce()
{
    World world;
    world.memory.addSymlink("/folder/link", "file");
    std::atomic<int> staged = 0;
    std::atomic<int> most = 0;
    world.system.setBefore([&](std::size_t, const CallRecord &record) {
        if (record.call == Call::CreateFile)
            most = std::max(most.load(), ++staged);
        else if (record.call == Call::Rename)
            --staged;
    });
    for (int i = 0; i < 300; ++i)
        world.write(i % 3 ? "/folder/link" : "/folder/FILE/../file", QByteArray::number(i));
    QVERIFY(world.finish());
    QCOMPARE(most.load(), 1);
}

void TestOperation::worksOnTwoTargetsAtOnce()
{
    World world;
    std::atomic<int> met = 0;
    Semaphore both{0};
    world.system.setBefore([&](std::size_t, const CallRecord &record) {
        if (record.call != Call::WriteAt)
            return;
        if (++met == 2)
            both.release(2);
        (void)both.tryAcquireFor(longest);
    });
    const auto first = world.write("/folder/first", "1");
    const auto second = world.write("/folder/second", "2");
    QVERIFY(world.finish());
    QVERIFY(first.result() && second.result());
    QCOMPARE(met.load(), 2);
}

void TestOperation::completesAMoveBetweenTwoWrites()
{
    World world;
    for (int i = 0; i < 50; ++i) {
        const auto first = world.write("/folder/a", QByteArray::number(i));
        const auto second = world.write("/folder/b", "overwritten");
        const auto moved = world.submit(
            atomicFileMove(QStringLiteral("/folder/a"), QStringLiteral("/folder/b"), {}));
        const auto read = world.submit(atomicFileRead(QStringLiteral("/folder/b")));
        const auto again = world.write("/folder/a", "again");
        QVERIFY(moved.result() && again.result());
        QCOMPARE(read.result().bytes, QByteArray::number(i));
        QCOMPARE(world.content("/folder/a"), QByteArray("again"));
    }
}

/// Whatever its path means by then.
void TestOperation::commitsAStreamWhereItIsStaged()
{
    World world;
    const Path path("/folder/file");
    auto staged = stageFile(world.system, path, {});
    QVERIFY(staged.ok());
    const AtomicFileStream stream(std::move(staged).value(), path);
    QCOMPARE(stream.target().place, &stream.staged().target().place);
    QCOMPARE(stream.target().place->name, Path("file"));
}

void TestOperation::sharesTheBytes()
{
    QByteArray bytes(1'000'000, 'x');
    const QString text(1'000'000, QLatin1Char('x'));
    const auto work = atomicFileWrite(QStringLiteral("/file"), bytes, {});
    QVERIFY(!bytes.isDetached());
    const auto textWork = atomicFileWriteText(QStringLiteral("/file"), text, {});
    QVERIFY(!text.isDetached());
    World world;
    const auto written = world.submit(work);
    bytes.fill('y'); // The caller may go on working with what it gave away.
    QVERIFY(written.result());
    QVERIFY(world.content("/file") == QByteArray(1'000'000, 'x'));
}

void TestOperation::deliversAResultWhenItIsNeverRun()
{
    QFuture<AtomicFileResult> written;
    QFuture<AtomicFileContent> read;
    {
        const AtomicFileOperation<AtomicFileResult> operation(
            atomicFileWrite(QStringLiteral("/file"), "x", {}), nullptr);
        const AtomicFileOperation<AtomicFileContent> reading(
            atomicFileRead(QStringLiteral("/file")), nullptr);
        written = operation.future();
        read = reading.future();
        QVERIFY(!written.isFinished());
    }
    QVERIFY(written.isFinished() && read.isFinished());
    QCOMPARE(written.result().error(), Error::Cancelled);
    QCOMPARE(read.result().result.error(), Error::Cancelled);
}

void TestOperation::passesFewProgressReportsOn()
{
    AtomicFileProgress progress;
    QVERIFY(!progress.isBehind());
    QCOMPARE(progress.thousandths(), 0);
    constexpr qint64 total = 100'000;
    QElapsedTimer timer;
    timer.start();
    int passedOn = 0;
    for (qint64 done = 1; done <= total; ++done)
        passedOn += progress.note(done, total);
    QVERIFY(passedOn >= 2); // the first and the last
    QVERIFY(passedOn <= 3 + timer.elapsed() / 33);
    QVERIFY(!progress.isBehind());
    QVERIFY(!progress.note(total, total)); // said already
    QCOMPARE(progress.thousandths(), 1000);

    AtomicFileProgress unknown;
    QVERIFY(unknown.note(1, -1));
    QCOMPARE(unknown.thousandths(), 0);
    AtomicFileProgress huge;
    QVERIFY(huge.note(std::numeric_limits<qint64>::max() / 2, std::numeric_limits<qint64>::max()));
    QCOMPARE(huge.thousandths(), 500);
}

void TestOperation::isSmall()
{
    // The rest of the 2 KiB that one queued operation may cost goes to paths, keys and Qt's future.
    QVERIFY(sizeof(AtomicFileOperation<AtomicFileResult>) <= 512);
}

QTEST_GUILESS_MAIN(TestOperation)
#include "tst_operation.moc"
