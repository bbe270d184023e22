// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "support/files.h"
#include "support/this_system.h"

#include <AtomicFile/AtomicFile>

#include <QtCore/QCoreApplication>
#include <QtCore/QElapsedTimer>
#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtCore/QThread>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

#include <atomic>
#include <limits>
#include <memory>

using Error = AtomicFileResult::Error;
using State = AtomicFileResult::TargetState;

namespace {

/// Only reached when something hangs.
constexpr int longest = 300'000;

AtomicFileOptions withoutSync()
{
    AtomicFileOptions options;
    options.durability = AtomicFileOptions::Durability::None;
    return options;
}

} // namespace

/// The object: properties, signals, cancelling, its end.
class TestAtomicFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void hasProperties();
    void writesBytes();
    void writesText();
    void movesAndCopies();
    void announcesSuccess();
    void announcesFailure();
    void announcesNothingBeforeTheCallReturns();
    void announcesEveryOperationOnce();
    void runsContinuationsInTheContextsThread();
    void reportsProgress();
    void cancelsWhatIsQueued();
    void acceptsOperationsAfterCancel();
    void announcesWhatWasCancelledThroughTheFuture();
    void completesAfterTheObjectIsDestroyed();
    void mayBeDestroyedInASlot_data();
    void mayBeDestroyedInASlot();
    void announcesInTheThreadThatTheObjectMovedTo();
    void returnsAtOnceWhateverTheSize();
    void queuesThousandsOfOperations();

private:
    QString at(const char *name) const { return m_scratch->filePath(QString::fromUtf8(name)); }

    std::unique_ptr<QTemporaryDir> m_scratch;
};

void TestAtomicFile::init()
{
    m_scratch = std::make_unique<QTemporaryDir>();
    QVERIFY(m_scratch->isValid());
}

void TestAtomicFile::hasProperties()
{
    AtomicFile file(at("file"));
    QSignalSpy renamed(&file, &AtomicFile::fileNameChanged);
    QCOMPARE(file.fileName(), at("file"));
    QVERIFY(file.setProperty("fileName", at("other")));
    QCOMPARE(file.property("fileName").toString(), at("other"));
    file.setFileName(at("other")); // no change, no signal
    QCOMPARE(renamed.size(), 1);
    QCOMPARE(renamed.first().first().toString(), at("other"));
    QVERIFY(file.setProperty("options", QVariant::fromValue(withoutSync())));
    QCOMPARE(file.options().durability, AtomicFileOptions::Durability::None);
    QVERIFY(!file.property("busy").toBool());
    QVERIFY(!file.setProperty("busy", true));
    QVERIFY(AtomicFile().fileName().isEmpty());
}

void TestAtomicFile::writesBytes()
{
    AtomicFile file(at("file"));
    const QByteArray bytes("first\0second", 12);
    const AtomicFileResult result = file.write(bytes).result();
    QVERIFY2(result, qPrintable(result.errorString()));
    QCOMPARE(contentOf(at("file")), bytes);
    QCOMPARE(result.targetState(), State::Replaced);
    QCOMPARE(result.bytesWritten(), bytes.size());
    QCOMPARE(result.fileName(), at("file"));
    QVERIFY(result.attempts() >= 1);
    QVERIFY(result.version() == AtomicFileVersion::of(at("file")));
}

void TestAtomicFile::writesText()
{
    AtomicFile file(at("file"));
    const QString text = QString::fromUtf8("first\nsecond\r\n\u00fcber \U0001f600");
    QVERIFY(file.writeText(text).result());
    QCOMPARE(contentOf(at("file")), text.toUtf8());
    QVERIFY(file.writeText(QString()).result());
    QCOMPARE(contentOf(at("file")), QByteArray());
}

void TestAtomicFile::movesAndCopies()
{
    AtomicFile file(at("file"));
    QVERIFY(file.write("content").result());
    const AtomicFileResult copied = file.copyTo(at("copy")).result();
    QVERIFY2(copied, qPrintable(copied.errorString()));
    const AtomicFileResult moved = file.moveTo(at("moved")).result();
    QVERIFY2(moved, qPrintable(moved.errorString()));
    QCOMPARE(contentOf(at("copy")), QByteArray("content"));
    QCOMPARE(contentOf(at("moved")), QByteArray("content"));
    QVERIFY(!QFile::exists(at("file")));
    QCOMPARE(file.fileName(), at("file"));
}

void TestAtomicFile::announcesSuccess()
{
    AtomicFile file(at("file"));
    QSignalSpy busy(&file, &AtomicFile::busyChanged);
    QSignalSpy failed(&file, &AtomicFile::errorOccurred);
    QSignalSpy finished(&file, &AtomicFile::finished);
    bool busyAtTheEnd = true;
    connect(&file, &AtomicFile::finished, &file, [&] { busyAtTheEnd = file.isBusy(); });
    file.write("content");
    QVERIFY(file.isBusy());
    QCOMPARE(busy.size(), 1);
    QVERIFY(finished.wait(longest));
    QVERIFY(!busyAtTheEnd);
    QCOMPARE(busy.size(), 2);
    QVERIFY(busy.first().first().toBool() && !busy.last().first().toBool());
    QCOMPARE(failed.size(), 0);
    QVERIFY(finished.first().first().value<AtomicFileResult>());
}

void TestAtomicFile::announcesFailure()
{
    AtomicFile file(at("no/such/directory"));
    QStringList order;
    connect(&file, &AtomicFile::busyChanged, this,
            [&](bool busy) { order << (busy ? QStringLiteral("busy") : QStringLiteral("idle")); });
    connect(&file, &AtomicFile::errorOccurred, this, [&](const AtomicFileResult &result) {
        order << QStringLiteral("error");
        QCOMPARE(result.error(), Error::NotFound);
    });
    connect(&file, &AtomicFile::finished, this, [&](const AtomicFileResult &result) {
        order << QStringLiteral("finished");
        QVERIFY(!result);
    });
    QSignalSpy finished(&file, &AtomicFile::finished);
    const auto future = file.write("content");
    QVERIFY(finished.wait(longest));
    QCOMPARE(order,
             QStringList({QStringLiteral("busy"), QStringLiteral("idle"), QStringLiteral("error"),
                          QStringLiteral("finished")}));
    const AtomicFileResult result = future.result();
    QCOMPARE(result.error(), Error::NotFound);
    QCOMPARE(result.step(), AtomicFileResult::Step::Resolve);
    QCOMPARE(result.targetState(), State::Unchanged);
    QVERIFY(result.nativeError() != 0);
    QVERIFY(!result.errorString().isEmpty());
}

void TestAtomicFile::announcesNothingBeforeTheCallReturns()
{
    AtomicFile file(at("file"));
    QSignalSpy finished(&file, &AtomicFile::finished);
    QSignalSpy progress(&file, &AtomicFile::progressChanged);
    QVERIFY(file.write("content").result());
    QVERIFY(AtomicFile::waitForPending(QDeadlineTimer(longest)));
    QCOMPARE(finished.size() + progress.size(), 0);
    QCoreApplication::processEvents(); // Who waited for the future finds the signals in the queue.
    QCOMPARE(finished.size(), 1);
    QVERIFY(progress.size() >= 1);
}

void TestAtomicFile::announcesEveryOperationOnce()
{
    constexpr int count = 200;
    AtomicFile file(at("file"));
    file.setOptions(withoutSync());
    QSignalSpy busy(&file, &AtomicFile::busyChanged);
    QSignalSpy failed(&file, &AtomicFile::errorOccurred);
    QSignalSpy finished(&file, &AtomicFile::finished);
    for (int i = 0; i < count; ++i) {
        file.setFileName(at(i % 4 ? "file" : "no/such/directory"));
        file.write(QByteArray::number(i));
    }
    QVERIFY(AtomicFile::waitForPending(QDeadlineTimer(longest)));
    QCoreApplication::processEvents();
    QCOMPARE(finished.size(), count);
    QCOMPARE(failed.size(), count / 4);
    QCOMPARE(busy.size(), 2);
    QCOMPARE(contentOf(at("file")), QByteArray("199"));
}

void TestAtomicFile::runsContinuationsInTheContextsThread()
{
    AtomicFile file(at("file"));
    QThread *continued = nullptr;
    bool succeeded = false;
    file.write("content").then(this, [&](const AtomicFileResult &result) {
        continued = QThread::currentThread();
        succeeded = bool(result);
    });
    QTRY_VERIFY_WITH_TIMEOUT(continued != nullptr, longest);
    QCOMPARE(continued, QThread::currentThread());
    QVERIFY(succeeded);
}

void TestAtomicFile::reportsProgress()
{
    AtomicFile file(at("file"));
    file.setOptions(withoutSync());
    QList<qint64> done;
    const qint64 total = 64 << 20;
    connect(&file, &AtomicFile::progressChanged, this, [&](qint64 bytesDone, qint64 bytesTotal) {
        QCOMPARE(bytesTotal, total);
        done << bytesDone;
    });
    QSignalSpy finished(&file, &AtomicFile::finished);
    QElapsedTimer timer;
    timer.start();
    const auto future = file.write(QByteArray(total, 'x'));
    QVERIFY(finished.wait(longest));
    QVERIFY(std::is_sorted(done.begin(), done.end()));
    QCOMPARE(done.last(), total);
    QCOMPARE(done.count(total), 1);
    QVERIFY2(done.size() <= 3 + timer.elapsed() / 33, qPrintable(QString::number(done.size())));
    QCOMPARE(future.progressMinimum(), 0);
    QCOMPARE(future.progressMaximum(), 1000);
    QCOMPARE(future.progressValue(), 1000);
}

void TestAtomicFile::cancelsWhatIsQueued()
{
    constexpr int count = 500;
    AtomicFile file(at("file"));
    QVERIFY(file.write("old").result());
    QSignalSpy finished(&file, &AtomicFile::finished);
    QList<QFuture<AtomicFileResult>> futures;
    for (int i = 0; i < count; ++i)
        futures << file.write(QByteArray::number(i));
    file.cancel();
    QByteArray last("old");
    int cancelled = 0;
    for (int i = 0; i < count; ++i) {
        futures[i].waitForFinished();
        const AtomicFileResult result = futures[i].result();
        QVERIFY(futures[i].isFinished() && !futures[i].isCanceled());
        if (result)
            last = QByteArray::number(i);
        else
            QCOMPARE(result.error(), Error::Cancelled);
        QCOMPARE(result.targetState(), result ? State::Replaced : State::Unchanged);
        cancelled += !result;
    }
    QVERIFY(cancelled > 0);
    QCOMPARE(contentOf(at("file")), last);
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), count + 1, longest);
}

void TestAtomicFile::acceptsOperationsAfterCancel()
{
    AtomicFile file(at("file"));
    file.cancel();
    QVERIFY(file.write("content").result());
    QCOMPARE(contentOf(at("file")), QByteArray("content"));
}

void TestAtomicFile::announcesWhatWasCancelledThroughTheFuture()
{
    AtomicFile file(at("file"));
    QSignalSpy finished(&file, &AtomicFile::finished);
    bool cancelled = false;
    // The first operation holds the second up for long enough on any machine, by its size.
    file.write(QByteArray(32 << 20, 'x'));
    auto future = file.write("second");
    future.cancel();
    future.onCanceled(this, [&] {
        cancelled = true;
        return AtomicFileResult();
    });
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 2, longest);
    QTRY_VERIFY_WITH_TIMEOUT(cancelled, longest);
    QVERIFY(future.isFinished() && future.isCanceled());
    QCOMPARE(finished.last().first().value<AtomicFileResult>().error(), Error::Cancelled);
    QCOMPARE(contentOf(at("file")).size(), 32 << 20);
}

void TestAtomicFile::completesAfterTheObjectIsDestroyed()
{
    QList<QFuture<AtomicFileResult>> futures;
    int signalled = 0;
    {
        AtomicFile file;
        connect(&file, &AtomicFile::finished, this, [&] { ++signalled; });
        for (int i = 0; i < 50; ++i) {
            file.setFileName(m_scratch->filePath(QString::number(i)));
            futures << file.write(QByteArray(100'000, 'x'));
        }
    }
    for (const auto &future : std::as_const(futures))
        QVERIFY(future.result());
    QCoreApplication::processEvents();
    QCOMPARE(signalled, 0);
    QCOMPARE(namesIn(m_scratch->path()).size(), 50);
}

void TestAtomicFile::mayBeDestroyedInASlot_data()
{
    QTest::addColumn<int>("signal");
    QTest::newRow("busyChanged") << 0;
    QTest::newRow("errorOccurred") << 1;
    QTest::newRow("finished") << 2;
}

void TestAtomicFile::mayBeDestroyedInASlot()
{
    QFETCH(const int, signal);
    auto *file = new AtomicFile(at("no/such/directory"));
    bool destroyed = false;
    connect(file, &QObject::destroyed, this, [&] { destroyed = true; });
    const auto future = file->write("content");
    // Connected only now, so that busyChanged is the one at the end.
    const auto destroy = [file] { delete file; };
    if (signal == 0)
        connect(file, &AtomicFile::busyChanged, this, destroy);
    else if (signal == 1)
        connect(file, &AtomicFile::errorOccurred, this, destroy);
    else
        connect(file, &AtomicFile::finished, this, destroy);
    QTRY_VERIFY_WITH_TIMEOUT(destroyed, longest);
    QVERIFY(!future.result());
}

void TestAtomicFile::announcesInTheThreadThatTheObjectMovedTo()
{
    QThread thread;
    AtomicFile *file = new AtomicFile(at("file"));
    std::atomic<QThread *> announced = nullptr; // QThread::wait() orders too, but unseen by TSan
    connect(file, &AtomicFile::finished, file, [&] { announced = QThread::currentThread(); });
    connect(&thread, &QThread::finished, file, &QObject::deleteLater);
    const auto future = file->write("content");
    file->moveToThread(&thread);
    thread.start();
    QVERIFY(future.result());
    // Asked for after the signals were posted, hence run after them.
    QMetaObject::invokeMethod(
        file, [] {}, Qt::BlockingQueuedConnection);
    thread.quit();
    QVERIFY(thread.wait(longest));
    QCOMPARE(announced.load(), &thread);
}

void TestAtomicFile::returnsAtOnceWhateverTheSize()
{
    AtomicFile file(at("file"));
    file.setOptions(withoutSync());
    const QByteArray bytes(64 << 20, 'x');
    const QString text(16 << 20, QLatin1Char('x'));
    qint64 fastest = std::numeric_limits<qint64>::max();
    for (int i = 0; i < 5;
         ++i) { // Whatever else this machine does, one of several calls is undisturbed.
        QElapsedTimer timer;
        timer.start();
        file.write(bytes);
        file.writeText(text);
        fastest = std::min(fastest, timer.nsecsElapsed());
        file.cancel();
    }
    QVERIFY2(fastest < 2'000'000, qPrintable(QString::number(fastest)));
    QVERIFY(AtomicFile::waitForPending(QDeadlineTimer(longest)));
}

void TestAtomicFile::queuesThousandsOfOperations()
{
    // Without modes it is Windows, and maybe Wine, where a save takes ten milliseconds.
    const int count = thissystem::hasModes() ? 10'000 : 1'000;
    AtomicFile file(at("file"));
    file.setOptions(withoutSync());
    QSignalSpy finished(&file, &AtomicFile::finished);
    for (int i = 0; i < count; ++i)
        file.write(QByteArray::number(i));
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), count, longest);
    QCOMPARE(contentOf(at("file")), QByteArray::number(count - 1));
}

QTEST_GUILESS_MAIN(TestAtomicFile)
#include "tst_atomicfile.moc"
