// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "support/files.h"

#include <AtomicFile/AtomicFile>

#include <QtCore/QDataStream>
#include <QtCore/QFile>
#include <QtCore/QRegularExpression>
#include <QtCore/QTemporaryDir>
#include <QtCore/QTextStream>
#include <QtTest/QTest>

#include <limits>
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
    void worksUnderATextStream();
    void takesWhatAStreamStillHolds_data();
    void takesWhatAStreamStillHolds();
    void discardsWhatAStreamStillHolds_data();
    void discardsWhatAStreamStillHolds();
    void cancelsWhatAStreamStillHolds();
    void failsWithWhatAStreamStillHolds_data();
    void failsWithWhatAStreamStillHolds();
    void worksUnderADataStream();
    void commitsOnceWhenASlotIsQuicker();
    void seeks();
    void refusesWhatIsNotOffered_data();
    void refusesWhatIsNotOffered();
    void refusesBadTargets();
    void obeysOpenModes();
    void cancelsWriting();
    void commitsAsynchronously();
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

void TestAtomicFileDevice::worksUnderATextStream()
{
    AtomicFileDevice device(at("file"));
    QFile plain(at("plain")); // has the ends of lines that this system likes
    for (QIODevice *const to :
         {static_cast<QIODevice *>(&device), static_cast<QIODevice *>(&plain)}) {
        QVERIFY(to->open(QIODevice::WriteOnly | QIODevice::Text));
        QTextStream(to) << "line " << 1 << Qt::endl << QString::fromUtf8("\u20ac");
    }
    plain.close();
    QVERIFY(device.commit());
    QCOMPARE(contentOf(at("file")), contentOf(at("plain")));
    QVERIFY(contentOf(at("file")).startsWith("line 1"));
}

void TestAtomicFileDevice::takesWhatAStreamStillHolds_data()
{
    QTest::addColumn<bool>("async");
    QTest::addColumn<int>("length");
    for (const bool async : {false, true}) {
        const char *const call = async ? "commitAsync" : "commit";
        QTest::addRow("%s, nothing", call) << async << 0;
        QTest::addRow("%s, a little", call) << async << 7;
        // Beyond what the text stream holds, and what the device does.
        QTest::addRow("%s, much", call) << async << 1'000'001;
    }
}

/// As with QSaveFile, nobody has to flush or destroy the text stream first.
void TestAtomicFileDevice::takesWhatAStreamStillHolds()
{
    QFETCH(const bool, async);
    QFETCH(const int, length);
    QVERIFY(putContent(at("file"), "old"));
    AtomicFileDevice device(at("file"));
    QVERIFY(device.open(QIODevice::WriteOnly));
    QTextStream out(&device);
    for (int i = 0; i < length; ++i)
        out << QLatin1Char('x');
    const AtomicFileResult result = async ? device.commitAsync().result()
                                          : (device.commit(), device.result());
    QVERIFY2(result, qPrintable(result.errorString()));
    QVERIFY(!device.isOpen());
    QCOMPARE(out.status(), QTextStream::Ok);
    QCOMPARE(result.bytesWritten(), length);
    QCOMPARE(contentOf(at("file")), QByteArray(length, 'x'));
    QCOMPARE(entries(), QStringList{QStringLiteral("file")});
}

void TestAtomicFileDevice::discardsWhatAStreamStillHolds_data() { discardsWithoutCommit_data(); }

void TestAtomicFileDevice::discardsWhatAStreamStillHolds()
{
    QFETCH(const bool, close);
    QVERIFY(putContent(at("file"), "old"));
    auto device = std::make_unique<AtomicFileDevice>(at("file"));
    QVERIFY(device->open(QIODevice::WriteOnly));
    QTextStream out(device.get());
    out << "new";
    if (close) {
        device->close();
        QVERIFY(!device->isOpen());
        QCOMPARE(device->result().error(), Error::None);
        QCOMPARE(device->size(), 0);
    } else {
        device.reset();
    }
    QCOMPARE(entries(), QStringList{QStringLiteral("file")});
    QCOMPARE(contentOf(at("file")), QByteArray("old"));
}

void TestAtomicFileDevice::cancelsWhatAStreamStillHolds()
{
    QVERIFY(putContent(at("file"), "old"));
    AtomicFileDevice device(at("file"));
    QVERIFY(device.open(QIODevice::WriteOnly));
    QTextStream out(&device);
    out << "new";
    device.cancelWriting();
    out << "more";
    QVERIFY(!device.commit());
    QCOMPARE(out.status(), QTextStream::WriteFailed);
    QCOMPARE(device.result().error(), Error::Cancelled);
    QCOMPARE(device.result().targetState(), State::Unchanged);
    QCOMPARE(entries(), QStringList{QStringLiteral("file")});
    QCOMPARE(contentOf(at("file")), QByteArray("old"));
}

void TestAtomicFileDevice::failsWithWhatAStreamStillHolds_data()
{
    QTest::addColumn<bool>("async");
    QTest::newRow("commit") << false;
    QTest::newRow("commitAsync") << true;
}

/// No file may be as long as this one would have to be, wherever the test runs.
void TestAtomicFileDevice::failsWithWhatAStreamStillHolds()
{
    QFETCH(const bool, async);
    QVERIFY(putContent(at("file"), "old"));
    AtomicFileDevice device(at("file"));
    QVERIFY(device.open(QIODevice::WriteOnly));
    QCOMPARE(device.write("start"), 5);
    QVERIFY(device.seek(std::numeric_limits<qint64>::max()));
    QTextStream out(&device);
    out << "end";
    const AtomicFileResult result = async ? device.commitAsync().result()
                                          : (device.commit(), device.result());
    QCOMPARE(result.error(), Error::FileTooLarge);
    QCOMPARE(result.step(), AtomicFileResult::Step::Write);
    QCOMPARE(result.targetState(), State::Unchanged);
    QCOMPARE(device.error(), QFileDevice::WriteError);
    QCOMPARE(device.errorString(), result.errorString());
    QCOMPARE(out.status(), QTextStream::WriteFailed);
    QVERIFY(!device.isOpen());
    QCOMPARE(entries(), QStringList{QStringLiteral("file")});
    QCOMPARE(contentOf(at("file")), QByteArray("old"));
}

void TestAtomicFileDevice::worksUnderADataStream()
{
    AtomicFileDevice device(at("file"));
    QVERIFY(device.open(QIODevice::WriteOnly));
    QDataStream out(&device);
    out << quint32(0x01020304) << quint8(5);
    QVERIFY(device.commit());
    QCOMPARE(contentOf(at("file")), QByteArray("\1\2\3\4\5"));
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
    QTest::newRow("ReadWrite") << QIODevice::OpenMode(QIODevice::ReadWrite);
    QTest::newRow("Append") << (QIODevice::WriteOnly | QIODevice::Append);
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
    AtomicFileOptions options;
    options.inPlace = AtomicFileOptions::InPlace::WhenReplaceImpossible;
    device.setOptions(options);
    QCOMPARE(device.options().inPlace, options.inPlace);
    QVERIFY(!device.open(QIODevice::WriteOnly));
    QCOMPARE(device.result().error(), Error::Unsupported);
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
    QCOMPARE(device.error(), QFileDevice::AbortError);
    QCOMPARE(contentOf(at("file")), QByteArray("old"));
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
