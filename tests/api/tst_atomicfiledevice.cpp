// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "support/files.h"
#include "support/this_system.h"

#include <AtomicFile/AtomicFile>

#include <QtCore/QFile>
#include <QtCore/QRegularExpression>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include <memory>
#include <utility>

using Error = AtomicFileResult::Error;
using State = AtomicFileResult::TargetState;

class TestAtomicFileDevice : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void writesAStream_data();
    void writesAStream();
    void changesNothingBeforeCommit();
    void discardsWithoutCommit_data();
    void discardsWithoutCommit();
    void commitsOnceWhenASlotIsQuicker();
    void seeks();
    void refusesWhatIsNotOffered_data();
    void refusesWhatIsNotOffered();
    void refusesBadTargets();
    void obeysOpenModes();
    void cancelsWriting();
    void forgetsAnErrorAndNotTheFailure();
    void tellsOfTheFallbackAsTheOptionsDo();
    void setsPermissions();
    void commitsAsynchronously();
    void tellsTheProgressOfACommit();
    void cancelsARunningCommit();
    void isUsedAgainAfterCommit();
    void saysNoToCommittingTwice();
    void commitsInOrderWithOtherOperations();

private:
    QString at(const char *name) const { return m_scratch->filePath(QString::fromUtf8(name)); }
    QStringList entries() const { return namesIn(m_scratch->path()); }

    std::unique_ptr<QTemporaryDir> m_scratch;
};

void TestAtomicFileDevice::init()
{
    m_scratch = std::make_unique<QTemporaryDir>();
    QVERIFY(m_scratch->isValid());
}

void TestAtomicFileDevice::writesAStream_data()
{
    QTest::addColumn<QList<int>>("sizes");
    QTest::addColumn<bool>("unbuffered");
    QTest::newRow("nothing") << QList<int>() << false;
    QTest::newRow("one write") << QList<int>{5} << false;
    QTest::newRow("many small writes") << QList<int>(100'000, 7) << false;
    QTest::newRow("large writes") << QList<int>{300'000, 262'144, 1'000'000} << false;
    QTest::newRow("small, large, small") << QList<int>{1, 300'000, 2, 262'143, 3} << false;
    QTest::newRow("unbuffered") << QList<int>{1, 300'000, 2} << true;
}

void TestAtomicFileDevice::writesAStream()
{
    QFETCH(const QList<int>, sizes);
    QFETCH(const bool, unbuffered);
    AtomicFileDevice device(at("file"));
    QVERIFY(device.open(QIODevice::WriteOnly
                        | (unbuffered ? QIODevice::Unbuffered : QIODevice::NotOpen)));
    QByteArray expected;
    for (const int size : sizes) {
        const QByteArray bytes(size, static_cast<char>('a' + expected.size() % 26));
        QCOMPARE(device.write(bytes), bytes.size());
        expected += bytes;
        QCOMPARE(device.pos(), expected.size());
        QCOMPARE(device.size(), expected.size());
    }
    QVERIFY2(device.commit(), qPrintable(device.errorString()));
    QVERIFY(!device.isOpen());
    QCOMPARE(device.result().bytesWritten(), expected.size());
    QCOMPARE(device.result().targetState(), State::Replaced);
    QCOMPARE(device.error(), QFileDevice::NoError);
    QVERIFY(contentOf(at("file")) == expected);
    QCOMPARE(entries(), QStringList{QStringLiteral("file")});
}

void TestAtomicFileDevice::changesNothingBeforeCommit()
{
    QVERIFY(putContent(at("file"), "old"));
    AtomicFileDevice device(at("file"));
    QVERIFY(device.open(QIODevice::WriteOnly));
    QCOMPARE(device.write(QByteArray(1'000'000, 'x')), 1'000'000);
    QCOMPARE(contentOf(at("file")), QByteArray("old"));
    QVERIFY(device.commit());
    QCOMPARE(contentOf(at("file")).size(), 1'000'000);
}

void TestAtomicFileDevice::discardsWithoutCommit_data()
{
    QTest::addColumn<bool>("close");
    QTest::newRow("closed") << true;
    QTest::newRow("destroyed") << false;
}

void TestAtomicFileDevice::discardsWithoutCommit()
{
    QFETCH(const bool, close);
    QVERIFY(putContent(at("file"), "old"));
    {
        AtomicFileDevice device(at("file"));
        QVERIFY(device.open(QIODevice::WriteOnly));
        QCOMPARE(device.write("new"), 3);
        if (close) {
            device.close();
            QCOMPARE(entries(), QStringList{QStringLiteral("file")});
        }
    }
    QCOMPARE(entries(), QStringList{QStringLiteral("file")});
    QCOMPARE(contentOf(at("file")), QByteArray("old"));
}

/// What a slot does while the device closes has happened before the call that closes it goes on.
void TestAtomicFileDevice::commitsOnceWhenASlotIsQuicker()
{
    AtomicFileDevice device(at("file"));
    QVERIFY(device.open(QIODevice::WriteOnly));
    QCOMPARE(device.write("content"), 7);
    bool committed = false;
    const auto connection = connect(&device, &QIODevice::aboutToClose, this, [&] {
        if (!std::exchange(committed, true))
            QVERIFY(device.commit());
    });
    device.close();
    disconnect(connection);
    QVERIFY(committed);
    QVERIFY(device.result());
    QCOMPARE(contentOf(at("file")), QByteArray("content"));
}

void TestAtomicFileDevice::seeks()
{
    AtomicFileDevice device(at("file"));
    QVERIFY(device.open(QIODevice::WriteOnly));
    QVERIFY(!device.isSequential());
    QCOMPARE(device.write("header....tail"), 14);
    QVERIFY(device.seek(6));
    QCOMPARE(device.write("MID"), 3);
    QCOMPARE(device.size(), 14);
    QVERIFY(device.seek(device.size()));
    QCOMPARE(device.write("!"), 1);
    QVERIFY(!device.seek(-1));
    QVERIFY(device.commit());
    QCOMPARE(contentOf(at("file")), QByteArray("headerMID.tail!"));
}

void TestAtomicFileDevice::refusesWhatIsNotOffered_data()
{
    QTest::addColumn<QIODevice::OpenMode>("mode");
    QTest::newRow("ReadOnly") << QIODevice::OpenMode(QIODevice::ReadOnly);
    QTest::newRow("ExistingOnly") << QIODevice::OpenMode(QIODevice::ExistingOnly);
    QTest::newRow("a contradiction")
        << (QIODevice::WriteOnly | QIODevice::NewOnly | QIODevice::ExistingOnly);
    QTest::newRow("NotOpen") << QIODevice::OpenMode(QIODevice::NotOpen);
}

void TestAtomicFileDevice::refusesWhatIsNotOffered()
{
    QFETCH(const QIODevice::OpenMode, mode);
    AtomicFileDevice device(at("file"));
    QVERIFY(!device.open(mode));
    QVERIFY(!device.isOpen());
    QCOMPARE(device.result().error(), Error::Unsupported);
    QCOMPARE(device.result().step(), AtomicFileResult::Step::Resolve);
    QCOMPARE(device.error(), QFileDevice::OpenError);
    QCOMPARE(device.errorString(), device.result().errorString());
    QVERIFY(entries().isEmpty());
}

void TestAtomicFileDevice::refusesBadTargets()
{
    AtomicFileDevice device;
    QVERIFY(!device.open(QIODevice::WriteOnly));
    QCOMPARE(device.result().error(), Error::InvalidPath);
    device.setFileName(at("no/such/file"));
    QCOMPARE(device.fileName(), at("no/such/file"));
    QVERIFY(!device.open(QIODevice::WriteOnly));
    QCOMPARE(device.result().error(), Error::NotFound);
    QVERIFY(device.errorString().contains(at("no/such")));
    device.setFileName(at("file"));
    QVERIFY(device.open(QIODevice::WriteOnly));
    QCOMPARE(device.result().error(), Error::None);
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("already open")));
    QVERIFY(!device.open(QIODevice::WriteOnly));
    QVERIFY(device.isOpen());
}

void TestAtomicFileDevice::obeysOpenModes()
{
    AtomicFileDevice device(at("file"));
    QVERIFY(!device.open(QIODevice::WriteOnly | QIODevice::ExistingOnly));
    QCOMPARE(device.result().error(), Error::NotFound);
    QVERIFY(device.open(QIODevice::WriteOnly | QIODevice::NewOnly));
    QVERIFY(device.commit());
    QVERIFY(!device.open(QIODevice::WriteOnly | QIODevice::NewOnly));
    QCOMPARE(device.result().error(), Error::AlreadyExists);
    QVERIFY(device.open(QIODevice::WriteOnly | QIODevice::ExistingOnly));
    QVERIFY(device.commit());
}

void TestAtomicFileDevice::cancelsWriting()
{
    QVERIFY(putContent(at("file"), "old"));
    AtomicFileDevice device(at("file"));
    device.cancelWriting(); // not open: nothing to do
    QVERIFY(device.open(QIODevice::WriteOnly));
    QCOMPARE(device.write("new"), 3);
    device.cancelWriting();
    QCOMPARE(entries(), QStringList{QStringLiteral("file")});
    QCOMPARE(device.write("more"), -1);
    QVERIFY(!device.commit());
    QVERIFY(!device.isOpen());
    QCOMPARE(device.result().error(), Error::Cancelled);
    QCOMPARE(device.result().targetState(), State::Unchanged);
    QCOMPARE(device.error(), QFileDevice::WriteError);
    QCOMPARE(contentOf(at("file")), QByteArray("old"));
}

void TestAtomicFileDevice::forgetsAnErrorAndNotTheFailure()
{
    AtomicFileDevice device(at("file"));
    QVERIFY(device.open(QIODevice::WriteOnly));
    device.cancelWriting();
    device.unsetError();
    QCOMPARE(device.error(), QFileDevice::NoError);
    QCOMPARE(device.result().error(), Error::Cancelled);
    QVERIFY(!device.commit());
    QCOMPARE(device.error(), QFileDevice::WriteError);
    QVERIFY(entries().isEmpty());
}

void TestAtomicFileDevice::tellsOfTheFallbackAsTheOptionsDo()
{
    AtomicFileDevice device(at("file"));
    QVERIFY(!device.directWriteFallback());
    device.setDirectWriteFallback(true);
    QVERIFY(device.directWriteFallback());
    QCOMPARE(device.options().inPlace, AtomicFileOptions::InPlace::WhenReplaceImpossible);
    device.setOptions({});
    QVERIFY(!device.directWriteFallback());
    AtomicFileOptions options;
    options.inPlace = AtomicFileOptions::InPlace::WhenReplaceImpossible;
    device.setOptions(options);
    QVERIFY(device.directWriteFallback());
    // Programs set it for all their files: where it is not needed it is in nobody's way.
    QVERIFY2(device.open(QIODevice::WriteOnly), qPrintable(device.errorString()));
    QVERIFY(device.commit());
    device.setDirectWriteFallback(false);
    QCOMPARE(device.options().inPlace, AtomicFileOptions::InPlace::Never);
}

void TestAtomicFileDevice::setsPermissions()
{
    constexpr auto told = QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ReadGroup
        | QFileDevice::WriteGroup | QFileDevice::ReadOther | QFileDevice::WriteOther;
    constexpr auto closed = QFileDevice::ReadOwner | QFileDevice::WriteOwner;
    AtomicFileDevice device(at("file"));
    QVERIFY(!device.setPermissions(closed)); // not open
    for (const char *const content : {"new", "replacing"}) {
        QVERIFY(device.open(QIODevice::WriteOnly));
        QVERIFY(device.setPermissions(closed));
        QCOMPARE(device.permissions() & told, closed);
        QVERIFY(device.write(content) > 0);
        QVERIFY(device.commit());
        QCOMPARE(contentOf(at("file")), QByteArray(content));
        QCOMPARE(device.permissions(), QFile::permissions(at("file")));
        if (thissystem::hasModes())
            QCOMPARE(QFile::permissions(at("file")) & told, closed);
        QVERIFY(QFile::setPermissions(at("file"), closed | QFileDevice::ReadOther));
    }
    QVERIFY(device.open(QIODevice::WriteOnly));
    if (thissystem::hasModes())
        QCOMPARE(device.permissions() & told, closed | QFileDevice::ReadOther);
}

void TestAtomicFileDevice::commitsAsynchronously()
{
    QFuture<AtomicFileResult> future;
    {
        AtomicFileDevice device(at("file"));
        QVERIFY(device.open(QIODevice::WriteOnly));
        QCOMPARE(device.write("content"), 7);
        future = device.commitAsync();
        QVERIFY(!device.isOpen());
    }
    QVERIFY(future.result());
    QCOMPARE(contentOf(at("file")), QByteArray("content"));
}

void TestAtomicFileDevice::tellsTheProgressOfACommit()
{
    AtomicFileDevice device(at("file"));
    QVERIFY(device.open(QIODevice::WriteOnly));
    QCOMPARE(device.write("content"), 7);
    auto future = device.commitAsync();
    future.waitForFinished();
    QCOMPARE(future.progressMaximum(), 1000);
    QCOMPARE(future.progressValue(), 1000);
}

void TestAtomicFileDevice::cancelsARunningCommit()
{
    // Another operation holds the commit up for long enough on any machine, by its size.
    AtomicFileDevice device(at("file"));
    QVERIFY(device.open(QIODevice::WriteOnly));
    QCOMPARE(device.write("content"), 7);
    const auto first = AtomicFile::writeFile(at("file"), QByteArray(32 << 20, 'x'));
    const auto second = device.commitAsync();
    device.cancelWriting();
    QCOMPARE(second.result().error(), Error::Cancelled);
    QVERIFY(first.result());
    QCOMPARE(entries(), QStringList{QStringLiteral("file")});
    QCOMPARE(contentOf(at("file")).size(), 32 << 20);
}

void TestAtomicFileDevice::isUsedAgainAfterCommit()
{
    AtomicFileDevice device(at("first"));
    for (const char *name : {"first", "second", "second"}) {
        device.setFileName(at(name));
        QVERIFY(device.open(QIODevice::WriteOnly));
        QCOMPARE(device.pos(), 0);
        QCOMPARE(device.write(name), qint64(qstrlen(name)));
        QVERIFY(device.commit());
        QCOMPARE(contentOf(at(name)), QByteArray(name));
    }
}

void TestAtomicFileDevice::saysNoToCommittingTwice()
{
    AtomicFileDevice device(at("file"));
    QVERIFY(device.open(QIODevice::WriteOnly));
    QVERIFY(device.commit());
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("not open")));
    QVERIFY(!device.commit());
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("not open")));
    QVERIFY(!device.commitAsync().result());
    QCOMPARE(entries(), QStringList{QStringLiteral("file")});
}

void TestAtomicFileDevice::commitsInOrderWithOtherOperations()
{
    AtomicFileDevice device(at("file"));
    QVERIFY(device.open(QIODevice::WriteOnly));
    QCOMPARE(device.write("device"), 6);
    AtomicFile::writeFile(at("file"), "before");
    const auto committed = device.commitAsync();
    const auto read = AtomicFile::readFile(at("file"));
    AtomicFile::writeFile(at("file"), "after");
    QVERIFY2(committed.result(), qPrintable(committed.result().errorString()));
    QCOMPARE(read.result().bytes, QByteArray("device"));
    QVERIFY(AtomicFile::waitForPending());
    QCOMPARE(contentOf(at("file")), QByteArray("after"));
}

QTEST_GUILESS_MAIN(TestAtomicFileDevice)
#include "tst_atomicfiledevice.moc"
