// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT

#include <AtomicFile/AtomicFile>

#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtCore/QThread>
#include <QtTest/QSignalSpy>
#include <QtTest/QtTest>

#include <memory>

using Error = AtomicFileResult::Error;

class tst_Signals : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void finishedOnceAndNotBeforeTheCallReturned();
    void errorComesBeforeFinished();
    void busyIsFalseInFinished();
    void signalsArriveInTheObjectsThread();
    void progressEndsWithAll();
    void destroyedObjectCompletesSilently();
    void slotMayDestroyTheObject();
    void cancelledOperationFinishesOnce();
    void cancelledFutureStillSignals();
    void thenRunsInContext();
    void fileNameNotifies();

private:
    QString path(const char *name) const { return m_directory.filePath(QLatin1String(name)); }

    QTemporaryDir m_directory;
};

void tst_Signals::finishedOnceAndNotBeforeTheCallReturned()
{
    AtomicFile file(path("once"));
    QSignalSpy finished(&file, &AtomicFile::finished);
    QSignalSpy failed(&file, &AtomicFile::errorOccurred);
    const QFuture<AtomicFileResult> future = file.write("content");
    QVERIFY(future.result());
    QVERIFY(AtomicFile::waitForPending());
    QCOMPARE(finished.count(), 0);
    QVERIFY(file.isBusy());
    QVERIFY(finished.wait());
    QCoreApplication::processEvents();
    QCOMPARE(finished.count(), 1);
    QCOMPARE(failed.count(), 0);
    const auto result = finished.at(0).at(0).value<AtomicFileResult>();
    QVERIFY(result);
    QCOMPARE(result.bytesWritten(), 7);
}

void tst_Signals::errorComesBeforeFinished()
{
    AtomicFile file(path("missing/file"));
    QStringList order;
    connect(&file, &AtomicFile::errorOccurred, this, [&](const AtomicFileResult &result) {
        QCOMPARE(result.error(), Error::NotFound);
        order.append(QStringLiteral("error"));
    });
    connect(&file, &AtomicFile::finished, this, [&] { order.append(QStringLiteral("finished")); });
    file.write("content");
    QTRY_COMPARE(order, QStringList({QStringLiteral("error"), QStringLiteral("finished")}));
}

void tst_Signals::busyIsFalseInFinished()
{
    AtomicFile file(path("busy"));
    QSignalSpy busy(&file, &AtomicFile::busyChanged);
    QList<bool> seen;
    connect(&file, &AtomicFile::finished, this, [&] { seen.append(file.isBusy()); });
    file.write("one");
    file.write("two");
    QVERIFY(file.isBusy());
    QTRY_COMPARE(seen.size(), 2);
    QCOMPARE(seen, QList<bool>({true, false}));
    QCOMPARE(busy.count(), 2);
}

void tst_Signals::signalsArriveInTheObjectsThread()
{
    QThread thread;
    auto *file = new AtomicFile(path("thread"));
    file->moveToThread(&thread);
    QThread *seen = nullptr;
    connect(
        file, &AtomicFile::finished, file,
        [&] {
            seen = QThread::currentThread();
            thread.quit();
        },
        Qt::DirectConnection);
    connect(&thread, &QThread::started, file, [file] { file->write("content"); });
    thread.start();
    QVERIFY(thread.wait(10000));
    QCOMPARE(seen, &thread);
    delete file;
}

void tst_Signals::progressEndsWithAll()
{
    constexpr qint64 size = 20 * 1024 * 1024;
    AtomicFile file(path("progress"));
    QSignalSpy progress(&file, &AtomicFile::progressChanged);
    QSignalSpy finished(&file, &AtomicFile::finished);
    const QFuture<AtomicFileResult> future = file.write(QByteArray(size, 'p'));
    QVERIFY(finished.wait(30000));
    QVERIFY(!progress.isEmpty());
    QCOMPARE(progress.last().at(0).toLongLong(), size);
    QCOMPARE(progress.last().at(1).toLongLong(), size);
    QCOMPARE(future.progressMaximum(), 1000);
    QCOMPARE(future.progressValue(), 1000);
}

void tst_Signals::destroyedObjectCompletesSilently()
{
    int signalsSeen = 0;
    QFuture<AtomicFileResult> future;
    {
        AtomicFile file(path("destroyed"));
        connect(&file, &AtomicFile::finished, this, [&] { ++signalsSeen; });
        future = file.write("content");
    }
    QVERIFY(future.result());
    QVERIFY(AtomicFile::waitForPending());
    QCoreApplication::processEvents();
    QCOMPARE(signalsSeen, 0);
    QVERIFY(QFile::exists(path("destroyed")));
}

void tst_Signals::slotMayDestroyTheObject()
{
    auto *file = new AtomicFile(path("missing/file"));
    bool destroyed = false;
    connect(file, &AtomicFile::errorOccurred, this, [&] {
        delete file;
        destroyed = true;
    });
    file->write("content");
    QTRY_VERIFY(destroyed);
}

void tst_Signals::cancelledOperationFinishesOnce()
{
    AtomicFile file(path("cancelled"));
    QSignalSpy finished(&file, &AtomicFile::finished);
    QList<QFuture<AtomicFileResult>> futures;
    for (int i = 0; i < 20; ++i)
        futures.append(file.write(QByteArray(1024 * 1024, 'c')));
    file.cancel();
    const QFuture<AtomicFileResult> after = file.write("after");
    for (const QFuture<AtomicFileResult> &future : futures) {
        const AtomicFileResult result = future.result();
        QVERIFY(result || result.error() == Error::Cancelled);
    }
    // At most the first few had been published by then; the last was never near it.
    QCOMPARE(futures.last().result().error(), Error::Cancelled);
    QCOMPARE(futures.last().result().targetState(), AtomicFileResult::TargetState::Unchanged);
    QVERIFY(after.result());
    QTRY_COMPARE(finished.count(), 21);
}

void tst_Signals::cancelledFutureStillSignals()
{
    AtomicFile file(path("future"));
    QSignalSpy finished(&file, &AtomicFile::finished);
    const QFuture<AtomicFileResult> first = file.write(QByteArray(8 * 1024 * 1024, 'f'));
    QFuture<AtomicFileResult> second = file.write("second");
    second.cancel();
    QTRY_COMPARE(finished.count(), 2);
    QCOMPARE(finished.at(1).at(0).value<AtomicFileResult>().error(), Error::Cancelled);
    QVERIFY(second.isCanceled());
    QVERIFY(first.result());
}

void tst_Signals::thenRunsInContext()
{
    QThread *seen = nullptr;
    AtomicFile::writeFile(path("then"), "content").then(this, [&](const AtomicFileResult &result) {
        QVERIFY(result);
        seen = QThread::currentThread();
    });
    QTRY_COMPARE(seen, QThread::currentThread());
}

void tst_Signals::fileNameNotifies()
{
    AtomicFile file;
    QSignalSpy changed(&file, &AtomicFile::fileNameChanged);
    file.setFileName(path("a"));
    file.setFileName(path("a"));
    QCOMPARE(changed.count(), 1);
    QCOMPARE(file.property("fileName").toString(), path("a"));
}

QTEST_GUILESS_MAIN(tst_Signals)
#include "tst_signals.moc"
