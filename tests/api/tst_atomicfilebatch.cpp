// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "support/files.h"

#include <AtomicFile/AtomicFile>

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QFutureWatcher>
#include <QtCore/QTemporaryDir>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

#include <type_traits>
#include <utility>

using Error = AtomicFileResult::Error;
using TargetState = AtomicFileResult::TargetState;

static_assert(
    std::is_nothrow_move_constructible_v<
        AtomicFileBatch> && std::is_nothrow_move_assignable_v<AtomicFileBatch> && !std::is_copy_constructible_v<AtomicFileBatch>);

class TestAtomicFileBatch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void writesInOrderOfEntries();
    void startsEmptyAndIsEmptyAgain();
    void keepsFailuresApart();
    void lastOneWins_data();
    void lastOneWins();
    void keepsOrderWithOtherOperations();
    void takesTheDirectoryOfTheCall();
    void discardsWhatIsNotCommitted();
    void finishesWhenItIsGone();
    void moves();
    void leavesWholeFilesWhenCancelled();
    void reportsProgress();

private:
    QString path(const QString &name) const { return m_scratch->filePath(name); }
    QByteArray content(const QString &name) const { return contentOf(path(name)); }
    QStringList entries() const { return namesIn(m_scratch->path()); }

    std::unique_ptr<QTemporaryDir> m_scratch;
};

void TestAtomicFileBatch::init()
{
    m_scratch = std::make_unique<QTemporaryDir>();
    QVERIFY(m_scratch->isValid());
}

void TestAtomicFileBatch::writesInOrderOfEntries()
{
    AtomicFileBatch batch;
    constexpr int count = 150; // more than one group
    for (int i = 0; i < count; ++i)
        batch.write(path(QString::number(i)), QByteArray::number(i));
    const auto results = batch.commit().result();
    QCOMPARE(results.size(), count);
    for (int i = 0; i < count; ++i) {
        QVERIFY2(results[i], qPrintable(results[i].errorString()));
        QCOMPARE(QFileInfo(results[i].fileName()).fileName(), QString::number(i));
        QCOMPARE(results[i].targetState(), TargetState::Replaced);
        QCOMPARE(results[i].bytesWritten(), QByteArray::number(i).size());
        QCOMPARE(results[i].version(), AtomicFileVersion::of(path(QString::number(i))));
        QCOMPARE(content(QString::number(i)), QByteArray::number(i));
    }
    QCOMPARE(entries().size(), count);
}

void TestAtomicFileBatch::startsEmptyAndIsEmptyAgain()
{
    AtomicFileBatch batch;
    QVERIFY(batch.isEmpty());
    const auto nothing = batch.commit();
    QCOMPARE(nothing.result().size(), 0);
    QCOMPARE(nothing.resultCount(), 1);
    batch.writeText(path(QStringLiteral("text")), QString::fromUtf8("Grüße\r\n"));
    batch.write(path(QStringLiteral("empty")), QByteArray());
    QCOMPARE(batch.size(), 2);
    QCOMPARE(batch.commit().result().size(), 2);
    QVERIFY(batch.isEmpty());
    QCOMPARE(content(QStringLiteral("text")),
             QByteArray("Gr\xc3\xbc\xc3\x9f"
                        "e\r\n"));
    QCOMPARE(content(QStringLiteral("empty")), QByteArray(""));
    batch.write(path(QStringLiteral("text")), "again");
    QCOMPARE(batch.commit().result().size(), 1);
    QCOMPARE(content(QStringLiteral("text")), QByteArray("again"));
}

void TestAtomicFileBatch::keepsFailuresApart()
{
    QVERIFY(QDir(m_scratch->path()).mkdir(QStringLiteral("directory")));
    QVERIFY(AtomicFile::writeFile(path(QStringLiteral("existing")), "old").result());
    AtomicFileOptions createNew;
    createNew.existing = AtomicFileOptions::Existing::CreateNew;
    AtomicFileOptions expecting;
    expecting.expectedVersion = AtomicFileVersion();
    AtomicFileBatch batch;
    batch.write(path(QStringLiteral("first")), "first");
    batch.write(path(QStringLiteral("directory")), "no");
    batch.write(path(QStringLiteral("nowhere/file")), "no");
    batch.write(QString(), "no");
    batch.write(path(QStringLiteral("existing")), "no", createNew);
    batch.write(path(QStringLiteral("existing")), "no", expecting);
    batch.write(path(QStringLiteral("last")), "last");
    const auto results = batch.commit().result();
    const QList<Error> expected{Error::None,        Error::IsDirectory,   Error::NotFound,
                                Error::InvalidPath, Error::AlreadyExists, Error::Conflict,
                                Error::None};
    QCOMPARE(results.size(), expected.size());
    for (qsizetype i = 0; i < expected.size(); ++i) {
        QCOMPARE(results[i].error(), expected[i]);
        QCOMPARE(results[i].targetState(),
                 results[i] ? TargetState::Replaced : TargetState::Unchanged);
    }
    QCOMPARE(content(QStringLiteral("existing")), QByteArray("old"));
    QCOMPARE(entries(),
             (QStringList{QStringLiteral("directory"), QStringLiteral("existing"),
                          QStringLiteral("first"), QStringLiteral("last")}));
}

void TestAtomicFileBatch::lastOneWins_data()
{
    QTest::addColumn<QString>("other");
    QTest::newRow("same path") << QStringLiteral("file");
    QTest::newRow("another spelling") << QStringLiteral("./file");
}

void TestAtomicFileBatch::lastOneWins()
{
    QFETCH(const QString, other);
    AtomicFileOptions createNew;
    createNew.existing = AtomicFileOptions::Existing::CreateNew;
    AtomicFileOptions mustExist;
    mustExist.existing = AtomicFileOptions::Existing::MustExist;
    AtomicFileBatch batch;
    batch.write(path(QStringLiteral("file")), "first", createNew);
    batch.write(path(other), "second", mustExist);
    const auto results = batch.commit().result();
    for (const AtomicFileResult &result : results)
        QVERIFY2(result, qPrintable(result.errorString()));
    QVERIFY(results[0].version() != results[1].version());
    QCOMPARE(content(QStringLiteral("file")), QByteArray("second"));
}

void TestAtomicFileBatch::keepsOrderWithOtherOperations()
{
    AtomicFileOptions createNew;
    createNew.existing = AtomicFileOptions::Existing::CreateNew;
    const auto before = AtomicFile::writeFile(path(QStringLiteral("b")), "before", createNew);
    AtomicFileBatch batch;
    for (const char *name : {"a", "b", "c"})
        batch.write(path(QString::fromLatin1(name)), "batch");
    const auto committed = batch.commit();
    const auto read = AtomicFile::readFile(path(QStringLiteral("c")));
    const auto after = AtomicFile::writeFile(path(QStringLiteral("a")), "after");
    QVERIFY(before.result());
    QCOMPARE(committed.result().size(), 3);
    QCOMPARE(read.result().bytes, QByteArray("batch"));
    QVERIFY(after.result());
    QCOMPARE(content(QStringLiteral("a")), QByteArray("after"));
    QCOMPARE(content(QStringLiteral("b")), QByteArray("batch"));
}

void TestAtomicFileBatch::takesTheDirectoryOfTheCall()
{
    const QString before = QDir::currentPath();
    QVERIFY(QDir::setCurrent(m_scratch->path()));
    AtomicFileBatch batch;
    batch.write(QStringLiteral("relative"), "content");
    QVERIFY(QDir::setCurrent(before));
    QVERIFY(batch.commit().result().first());
    QCOMPARE(content(QStringLiteral("relative")), QByteArray("content"));
}

void TestAtomicFileBatch::discardsWhatIsNotCommitted()
{
    {
        AtomicFileBatch batch;
        batch.write(path(QStringLiteral("file")), "content");
    }
    QVERIFY(AtomicFile::waitForPending());
    QVERIFY(entries().isEmpty());
}

void TestAtomicFileBatch::finishesWhenItIsGone()
{
    QFuture<QList<AtomicFileResult>> future;
    {
        AtomicFileBatch batch;
        batch.write(path(QStringLiteral("file")), "content");
        future = batch.commit();
    }
    QVERIFY(AtomicFile::waitForPending());
    QVERIFY(future.isFinished());
    QVERIFY(future.result().first());
}

void TestAtomicFileBatch::moves()
{
    AtomicFileBatch batch;
    batch.write(path(QStringLiteral("a")), "a");
    AtomicFileBatch other(std::move(batch));
    QCOMPARE(other.size(), 1);
    batch = AtomicFileBatch();
    QVERIFY(batch.isEmpty());
    batch = std::move(other);
    QCOMPARE(batch.commit().result().size(), 1);
    QCOMPARE(content(QStringLiteral("a")), QByteArray("a"));
}

void TestAtomicFileBatch::leavesWholeFilesWhenCancelled()
{
    AtomicFileBatch batch;
    batch.write(path(QStringLiteral("a")), QByteArray(4096, 'a'));
    batch.write(path(QStringLiteral("b")), "b");
    QFuture<QList<AtomicFileResult>> future = batch.commit();
    future.cancel();
    QVERIFY(AtomicFile::waitForPending());
    QVERIFY(future.isCanceled());
    // Whatever was published before the cancel came is whole; nothing else is there.
    for (const QString &name : entries())
        QCOMPARE(content(name),
                 name == QLatin1String("a") ? QByteArray(4096, 'a') : QByteArray("b"));
}

void TestAtomicFileBatch::reportsProgress()
{
    AtomicFileBatch batch;
    batch.write(path(QStringLiteral("a")), QByteArray(3 << 20, 'a'));
    batch.write(path(QStringLiteral("b")), QByteArray(1 << 20, 'b'));
    QFutureWatcher<QList<AtomicFileResult>> watcher;
    QSignalSpy finished(&watcher, &QFutureWatcherBase::finished);
    watcher.setFuture(batch.commit());
    QVERIFY(finished.count() == 1 || finished.wait(30'000));
    QCOMPARE(watcher.progressMaximum(), 1000);
    QCOMPARE(watcher.progressValue(), 1000);
}

QTEST_GUILESS_MAIN(TestAtomicFileBatch)
#include "tst_atomicfilebatch.moc"
