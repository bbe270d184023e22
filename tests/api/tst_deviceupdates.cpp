// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "support/files.h"
#include "support/this_system.h"

#include <AtomicFile/AtomicFile>

#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include <memory>

using Error = AtomicFileResult::Error;
using State = AtomicFileResult::TargetState;
using Step = AtomicFileResult::Step;
using OpenMode = QIODevice::OpenMode;

/// Files that are changed rather than written anew: Append, ReadWrite, resize().
class TestDeviceUpdates : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void beginsAsQFileDoes_data();
    void beginsAsQFileDoes();
    void doesWhatQFileDoes_data();
    void doesWhatQFileDoes();
    void appendsWhereverItIs();
    void readsItsWrites();
    void readsLines();
    void resizes();
    void refusesToResizeWhatIsNotOpen();
    void changesNothingBeforeCommit();
    void patchesALargeFile();
    void keepsThePermissionsOfTheTarget();
    void followsLinks();
    void losesNoUpdate_data();
    void losesNoUpdate();
    void replacesWhateverIsThereWhenItBeganWithNothing();
    void obeysAnExpectedVersion();
    void needsATarget();

private:
    QString at(const char *name) const { return m_scratch->filePath(QString::fromUtf8(name)); }
    QStringList entries() const { return namesIn(m_scratch->path()); }

    std::unique_ptr<QTemporaryDir> m_scratch;
};

void TestDeviceUpdates::init()
{
    m_scratch = std::make_unique<QTemporaryDir>();
    QVERIFY(m_scratch->isValid());
}

void TestDeviceUpdates::beginsAsQFileDoes_data()
{
    QTest::addColumn<OpenMode>("mode");
    QTest::addColumn<bool>("isThere");
    const std::pair<const char *, OpenMode> modes[] = {
        {"WriteOnly", QIODevice::WriteOnly},
        {"Append", QIODevice::Append},
        {"Append, WriteOnly", QIODevice::Append | QIODevice::WriteOnly},
        {"Append, Truncate", QIODevice::Append | QIODevice::Truncate},
        {"ReadWrite", QIODevice::ReadWrite},
        {"ReadWrite, Append", QIODevice::ReadWrite | QIODevice::Append},
        {"ReadWrite, Truncate", QIODevice::ReadWrite | QIODevice::Truncate},
        {"ReadWrite, Unbuffered", QIODevice::ReadWrite | QIODevice::Unbuffered},
        {"ReadWrite, Text", QIODevice::ReadWrite | QIODevice::Text},
        {"ReadWrite, ExistingOnly", QIODevice::ReadWrite | QIODevice::ExistingOnly},
        {"ReadWrite, NewOnly", QIODevice::ReadWrite | QIODevice::NewOnly},
        {"NewOnly", QIODevice::NewOnly},
        {"Append, NewOnly", QIODevice::Append | QIODevice::NewOnly},
    };
    for (const auto &[name, mode] : modes) {
        QTest::addRow("%s, target", name) << mode << true;
        QTest::addRow("%s, no target", name) << mode << false;
    }
}

void TestDeviceUpdates::beginsAsQFileDoes()
{
    QFETCH(const OpenMode, mode);
    QFETCH(const bool, isThere);
    for (const char *const name : {"plain", "file"})
        QVERIFY(!isThere || putContent(at(name), "one\r\ntwo"));
    QFile plain(at("plain"));
    AtomicFileDevice device(at("file"));
    QCOMPARE(device.open(mode), plain.open(mode));
    QCOMPARE(device.isOpen(), plain.isOpen());
    if (!plain.isOpen())
        return;
    QCOMPARE(device.isSequential(), plain.isSequential());
    QCOMPARE(device.isReadable(), plain.isReadable());
    QCOMPARE(device.isWritable(), plain.isWritable());
    QCOMPARE(device.isTextModeEnabled(), plain.isTextModeEnabled());
    QCOMPARE(device.pos(), plain.pos());
    QCOMPARE(device.size(), plain.size());
    QCOMPARE(device.atEnd(), plain.atEnd());
    QCOMPARE(device.bytesAvailable(), plain.bytesAvailable());
    if (plain.isReadable()) {
        QCOMPARE(device.peek(3), plain.peek(3));
        QCOMPARE(device.readAll(), plain.readAll());
    }
    QCOMPARE(device.write("!"), plain.write("!"));
    plain.close();
    QVERIFY2(device.commit(), qPrintable(device.errorString()));
    QCOMPARE(contentOf(at("file")), contentOf(at("plain")));
}

void TestDeviceUpdates::doesWhatQFileDoes_data()
{
    QTest::addColumn<bool>("unbuffered");
    QTest::newRow("buffered") << false;
    QTest::newRow("unbuffered") << true;
}

/// The same wild sequence on both: reading, writing, seeking and cutting, also far from each other.
void TestDeviceUpdates::doesWhatQFileDoes()
{
    QFETCH(const bool, unbuffered);
    const OpenMode mode = unbuffered ? QIODevice::ReadWrite | QIODevice::Unbuffered
                                     : OpenMode(QIODevice::ReadWrite);
    const QByteArray content = QByteArray("0123456789abcdef\n").repeated(40'000);
    for (const char *const name : {"plain", "file"})
        QVERIFY(putContent(at(name), content));
    QFile plain(at("plain"));
    AtomicFileDevice device(at("file"));
    QVERIFY(plain.open(mode) && device.open(mode));
    quint32 state = 1;
    const auto next = [&state](quint32 limit) {
        state = state * 1664525U + 1013904223U;
        return qint64((state >> 8) % limit);
    };
    for (int round = 0; round < 2'000; ++round) {
        const qint64 length = round % 50 == 0 ? next(400'000) : next(60);
        const qint64 position = next(800'000);
        const QByteArray bytes(length, static_cast<char>('A' + round % 26));
        switch (next(6)) {
        case 0:
            QCOMPARE(device.seek(position), plain.seek(position));
            break;
        case 1:
            QCOMPARE(device.write(bytes), plain.write(bytes));
            break;
        case 2:
            QCOMPARE(device.read(length), plain.read(length));
            break;
        case 3:
            QCOMPARE(device.peek(length), plain.peek(length));
            break;
        case 4:
            QCOMPARE(device.readLine(100), plain.readLine(100));
            break;
        case 5:
            if (round % 20 != 0)
                break;
            QCOMPARE(device.resize(position), plain.resize(position));
            // A QFile that has read ahead beyond the new end goes there, wherever it was.
            QCOMPARE(device.seek(0), plain.seek(0));
            break;
        }
        QCOMPARE(device.pos(), plain.pos());
        QCOMPARE(device.size(), plain.size());
        QCOMPARE(device.atEnd(), plain.atEnd());
    }
    plain.close();
    QVERIFY2(device.commit(), qPrintable(device.errorString()));
    QVERIFY(contentOf(at("file")) == contentOf(at("plain")));
    QCOMPARE(entries(), (QStringList{QStringLiteral("file"), QStringLiteral("plain")}));
}

void TestDeviceUpdates::appendsWhereverItIs()
{
    QVERIFY(putContent(at("file"), "start"));
    AtomicFileDevice device(at("file"));
    QVERIFY(device.open(QIODevice::ReadWrite | QIODevice::Append));
    QCOMPARE(device.pos(), 5);
    QVERIFY(device.seek(1));
    QCOMPARE(device.write(" and"), 4);
    QCOMPARE(device.pos(), 9);
    QVERIFY(device.seek(0));
    QCOMPARE(device.read(3), QByteArray("sta"));
    QCOMPARE(device.write(" end"), 4);
    QVERIFY(device.atEnd());
    QVERIFY(device.resize(2));
    QCOMPARE(device.write("op"), 2);
    QVERIFY(device.seek(0));
    QCOMPARE(device.readAll(), QByteArray("stop"));
    QVERIFY(device.commit());
    QCOMPARE(contentOf(at("file")), QByteArray("stop"));
}

void TestDeviceUpdates::readsItsWrites()
{
    AtomicFileDevice device(at("file"));
    QVERIFY(device.open(QIODevice::ReadWrite | QIODevice::Truncate));
    QCOMPARE(device.write("hello world"), 11);
    QCOMPARE(device.bytesAvailable(), 0);
    QVERIFY(device.seek(6));
    QCOMPARE(device.bytesAvailable(), 5);
    QCOMPARE(device.peek(10), QByteArray("world"));
    QCOMPARE(device.read(2), QByteArray("wo"));
    QCOMPARE(device.write("RL"), 2);
    QCOMPARE(device.readAll(), QByteArray("d"));
    QVERIFY(device.flush());
    QVERIFY(device.commit());
    QVERIFY(!device.flush());
    QCOMPARE(contentOf(at("file")), QByteArray("hello woRLd"));
}

void TestDeviceUpdates::readsLines()
{
    QVERIFY(putContent(at("file"), "one\r\ntwo\r\nthree"));
    AtomicFileDevice device(at("file"));
    QVERIFY(device.open(QIODevice::ReadWrite | QIODevice::Text));
    QVERIFY(!device.atEnd());
    QCOMPARE(device.readLine(), QByteArray("one\n"));
    QCOMPARE(device.readLine(), QByteArray("two\n"));
    QCOMPARE(device.readLine(), QByteArray("three"));
    QVERIFY(device.atEnd());
}

void TestDeviceUpdates::resizes()
{
    QVERIFY(putContent(at("file"), "0123456789"));
    AtomicFileDevice device(at("file"));
    QVERIFY(device.open(QIODevice::ReadWrite));
    QCOMPARE(device.read(4), QByteArray("0123")); // and the rest is read ahead
    QVERIFY(device.resize(6));
    QCOMPARE(device.pos(), 4);
    QCOMPARE(device.size(), 6);
    QCOMPARE(device.readAll(), QByteArray("45"));
    QVERIFY(device.resize(8));
    QCOMPARE(device.readAll(), QByteArray(2, '\0'));
    QVERIFY(device.resize(3));
    QCOMPARE(device.pos(), 3);
    QVERIFY(!device.resize(-1));
    QVERIFY(device.commit());
    QCOMPARE(contentOf(at("file")), QByteArray("012"));
}

void TestDeviceUpdates::refusesToResizeWhatIsNotOpen()
{
    QVERIFY(putContent(at("file"), "old"));
    AtomicFileDevice device(at("file"));
    QVERIFY(!device.resize(0));
    QVERIFY(device.open(QIODevice::ReadWrite));
    device.cancelWriting();
    QVERIFY(!device.resize(0));
    QVERIFY(!device.flush());
    QCOMPARE(device.read(1), QByteArray());
    QCOMPARE(device.result().error(), Error::Cancelled);
    device.close();
    QCOMPARE(contentOf(at("file")), QByteArray("old"));
}

void TestDeviceUpdates::changesNothingBeforeCommit()
{
    QVERIFY(putContent(at("file"), "old"));
    {
        AtomicFileDevice device(at("file"));
        QVERIFY(device.open(QIODevice::Append));
        QCOMPARE(device.write(QByteArray(1'000'000, 'x')), 1'000'000);
        QCOMPARE(contentOf(at("file")), QByteArray("old"));
    }
    QCOMPARE(contentOf(at("file")), QByteArray("old"));
    QCOMPARE(entries(), QStringList{QStringLiteral("file")});
}

void TestDeviceUpdates::patchesALargeFile()
{
    QByteArray content(20'000'000, 'x');
    QVERIFY(putContent(at("file"), content));
    AtomicFileDevice device(at("file"));
    QVERIFY(device.open(QIODevice::ReadWrite));
    QVERIFY(device.seek(10'000'000));
    const QByteArray patch(4096, 'y');
    QCOMPARE(device.write(patch), patch.size());
    QVERIFY(device.commit());
    content.replace(10'000'000, patch.size(), patch);
    QVERIFY(contentOf(at("file")) == content);
}

void TestDeviceUpdates::keepsThePermissionsOfTheTarget()
{
    QVERIFY(putContent(at("file"), "old"));
    QVERIFY(QFile::setPermissions(at("file"), QFileDevice::ReadOwner | QFileDevice::WriteOwner));
    const auto before = QFile::permissions(at("file"));
    AtomicFileDevice device(at("file"));
    QVERIFY(device.open(QIODevice::Append));
    QCOMPARE(device.write(", new"), 5);
    QVERIFY(device.commit());
    QCOMPARE(QFile::permissions(at("file")), before);
    QCOMPARE(contentOf(at("file")), QByteArray("old, new"));
}

void TestDeviceUpdates::followsLinks()
{
    QVERIFY(putContent(at("file"), "old"));
    MAKE_SYMLINK_OR_SKIP(at("file"), at("link"));
    AtomicFileDevice device(at("link"));
    QVERIFY(device.open(QIODevice::Append));
    QCOMPARE(device.write(", new"), 5);
    QVERIFY(device.commit());
    QCOMPARE(contentOf(at("file")), QByteArray("old, new"));
    AtomicFileOptions options;
    options.symlinks = AtomicFileOptions::Symlinks::Replace;
    device.setOptions(options);
    QVERIFY(!device.open(QIODevice::Append));
    QCOMPARE(device.result().error(), Error::NotRegularFile);
}

void TestDeviceUpdates::losesNoUpdate_data()
{
    QTest::addColumn<QString>("deed");
    QTest::addColumn<bool>("isThere");
    QTest::newRow("replaced") << QStringLiteral("replace") << true;
    QTest::newRow("written into") << QStringLiteral("write") << true;
    QTest::newRow("removed") << QStringLiteral("remove") << true;
    QTest::newRow("created") << QStringLiteral("replace") << false;
}

void TestDeviceUpdates::losesNoUpdate()
{
    QFETCH(const QString, deed);
    QFETCH(const bool, isThere);
    QVERIFY(!isThere || putContent(at("file"), "old"));
    AtomicFileDevice device(at("file"));
    QVERIFY(device.open(QIODevice::Append));
    QCOMPARE(device.write("mine"), 4);
    if (deed == u"replace")
        QVERIFY(AtomicFile::writeFile(at("file"), "theirs").result());
    else if (deed == u"write")
        QVERIFY(putContent(at("file"), "theirs"));
    else
        QVERIFY(QFile::remove(at("file")));
    QVERIFY(!device.commit());
    QCOMPARE(device.result().error(), Error::Conflict);
    QCOMPARE(device.result().step(), Step::Publish);
    QCOMPARE(device.result().targetState(), State::Unchanged);
    QCOMPARE(device.error(), QFileDevice::RenameError);
    if (deed == u"remove")
        QVERIFY(entries().isEmpty());
    else
        QCOMPARE(contentOf(at("file")), QByteArray("theirs"));
    // The device begins anew with what is there now.
    QVERIFY(device.open(QIODevice::Append));
    QCOMPARE(device.write("!"), 1);
    QVERIFY(device.commit());
    QCOMPARE(contentOf(at("file")), QByteArray(deed == u"remove" ? "!" : "theirs!"));
}

void TestDeviceUpdates::replacesWhateverIsThereWhenItBeganWithNothing()
{
    QVERIFY(putContent(at("file"), "old"));
    for (const OpenMode mode :
         {OpenMode(QIODevice::WriteOnly), QIODevice::ReadWrite | QIODevice::Truncate}) {
        AtomicFileDevice device(at("file"));
        QVERIFY(device.open(mode));
        QCOMPARE(device.write("mine"), 4);
        QVERIFY(putContent(at("file"), "theirs"));
        QVERIFY(device.commit());
        QCOMPARE(contentOf(at("file")), QByteArray("mine"));
    }
}

void TestDeviceUpdates::obeysAnExpectedVersion()
{
    QVERIFY(putContent(at("file"), "old"));
    AtomicFileOptions options;
    options.expectedVersion = AtomicFileVersion::of(at("file"));
    AtomicFileDevice device(at("file"));
    device.setOptions(options);
    QVERIFY(device.open(QIODevice::Append));
    QCOMPARE(device.write(", new"), 5);
    QVERIFY(device.commit());
    QVERIFY(!device.open(QIODevice::Append)); // The expected version is there no more.
    QCOMPARE(device.result().error(), Error::Conflict);
    QCOMPARE(device.result().step(), Step::Inspect);
    QCOMPARE(contentOf(at("file")), QByteArray("old, new"));
}

void TestDeviceUpdates::needsATarget()
{
    AtomicFileDevice device(at("file"));
    QVERIFY(!device.open(QIODevice::Append | QIODevice::ExistingOnly));
    QCOMPARE(device.result().error(), Error::NotFound);
    device.setFileName(m_scratch->path());
    QVERIFY(!device.open(QIODevice::ReadWrite));
    QCOMPARE(device.result().error(), Error::IsDirectory);
    QVERIFY(entries().isEmpty());
}

QTEST_GUILESS_MAIN(TestDeviceUpdates)
#include "tst_deviceupdates.moc"
