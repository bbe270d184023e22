// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT

#include <AtomicFile/AtomicFile>

#include <QtCore/QDataStream>
#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QRandomGenerator>
#include <QtCore/QTemporaryDir>
#include <QtCore/QTextStream>
#include <QtTest/QtTest>

using Error = AtomicFileResult::Error;
using State = AtomicFileResult::TargetState;

class tst_Device : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void commitReplaces();
    void destroyedOrClosedChangesNothing();
    void pieces_data();
    void pieces();
    void seekAndOverwrite();
    void textStream();
    void cancelWriting();
    void reuseAfterCommitAndFailure();
    void refusedModes_data();
    void refusedModes();
    void newOnlyAndExistingOnly();
    void commitIsOrderedWithOtherOperations();
    void commitWithoutOpenFails();

private:
    QString path(const char *name) const { return m_directory->filePath(QLatin1String(name)); }
    QByteArray content(const char *name) const
    {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("<missing>");
    }
    qsizetype entryCount() const
    {
        return QDir(m_directory->path()).entryList(QDir::Files | QDir::Hidden).size();
    }

    std::unique_ptr<QTemporaryDir> m_directory;
};

void tst_Device::init() { m_directory = std::make_unique<QTemporaryDir>(); }

void tst_Device::commitReplaces()
{
    for (const char *text : {"first", "second, longer"}) {
        AtomicFileDevice file(path("file"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(text), qint64(qstrlen(text)));
        QVERIFY(content("file") != text);
        QVERIFY2(file.commit(), qPrintable(file.errorString()));
        QVERIFY(!file.isOpen());
        QCOMPARE(file.result().targetState(), State::Replaced);
        QCOMPARE(file.result().version(), AtomicFileVersion::of(path("file")));
        QCOMPARE(content("file"), QByteArray(text));
    }
    QCOMPARE(entryCount(), 1);
}

void tst_Device::destroyedOrClosedChangesNothing()
{
    QVERIFY(AtomicFile::writeFile(path("file"), "old").result());
    {
        AtomicFileDevice file(path("file"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write("new"), 3);
        QCOMPARE(entryCount(), 2);
    }
    QCOMPARE(entryCount(), 1);
    AtomicFileDevice file(path("file"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write("new"), 3);
    file.close();
    QCOMPARE(entryCount(), 1);
    QCOMPARE(content("file"), QByteArray("old"));
}

void tst_Device::pieces_data()
{
    QTest::addColumn<int>("piece");
    for (const int piece : {1, 1000, 128 * 1024 - 1, 128 * 1024, 128 * 1024 + 1, 1000 * 1000})
        QTest::addRow("%d", piece) << piece;
}

void tst_Device::pieces()
{
    QFETCH(int, piece);
    QByteArray all;
    AtomicFileDevice file(path("file"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    auto *random = QRandomGenerator::global();
    for (int i = 0; i < 7 || (piece < 2000 && i < 300); ++i) {
        QByteArray bytes(i % 2 ? piece : 3, Qt::Uninitialized);
        for (char &byte : bytes)
            byte = char(random->bounded(256));
        QCOMPARE(file.write(bytes), bytes.size());
        all += bytes;
        QCOMPARE(file.pos(), all.size());
        QCOMPARE(file.size(), all.size());
    }
    QVERIFY(file.commit());
    QCOMPARE(file.result().bytesWritten(), all.size());
    QCOMPARE(content("file"), all);
}

void tst_Device::seekAndOverwrite()
{
    AtomicFileDevice file(path("file"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write("....body"), 8);
    QVERIFY(file.seek(0));
    QCOMPARE(file.write("HEAD"), 4);
    QVERIFY(file.seek(10));
    QCOMPARE(file.write("tail"), 4);
    QVERIFY(file.commit());
    QCOMPARE(content("file"), QByteArray("HEADbody\0\0tail", 14));
}

void tst_Device::textStream()
{
    AtomicFileDevice file(path("file"));
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Text));
    QTextStream stream(&file);
    stream << QStringLiteral("Grüße ") << 42 << Qt::endl;
    stream.flush();
    QVERIFY(file.commit());
    QCOMPARE(content("file"), QStringLiteral("Grüße 42\n").toUtf8());
}

void tst_Device::cancelWriting()
{
    AtomicFileDevice file(path("file"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write("content"), 7);
    file.cancelWriting();
    QCOMPARE(entryCount(), 0);
    QCOMPARE(file.write("more"), -1);
    QVERIFY(!file.commit());
    QCOMPARE(file.result().error(), Error::Cancelled);
    QCOMPARE(file.error(), QFileDevice::AbortError);
    QCOMPARE(entryCount(), 0);
}

void tst_Device::reuseAfterCommitAndFailure()
{
    AtomicFileDevice file(m_directory->filePath(QStringLiteral("no/such/directory")));
    QVERIFY(!file.open(QIODevice::WriteOnly));
    QCOMPARE(file.result().error(), Error::NotFound);
    QCOMPARE(file.error(), QFileDevice::OpenError);
    QVERIFY(!file.errorString().isEmpty());
    file.setFileName(path("file"));
    for (int i = 0; i < 3; ++i) {
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.error(), QFileDevice::NoError);
        QCOMPARE(file.write(QByteArray::number(i)), 1);
        QVERIFY(file.commit());
        QCOMPARE(content("file"), QByteArray::number(i));
    }
}

void tst_Device::refusedModes_data()
{
    QTest::addColumn<int>("mode");
    QTest::newRow("ReadOnly") << int(QIODevice::ReadOnly);
    QTest::newRow("ReadWrite") << int(QIODevice::ReadWrite);
    QTest::newRow("Append") << int(QIODevice::WriteOnly | QIODevice::Append);
}

void tst_Device::refusedModes()
{
    QFETCH(int, mode);
    QVERIFY(AtomicFile::writeFile(path("file"), "old").result());
    AtomicFileDevice file(path("file"));
    QVERIFY(!file.open(QIODevice::OpenMode(mode)));
    QCOMPARE(file.result().error(), Error::Unsupported);
    QCOMPARE(content("file"), QByteArray("old"));
    QCOMPARE(entryCount(), 1);
}

void tst_Device::newOnlyAndExistingOnly()
{
    AtomicFileDevice file(path("file"));
    QVERIFY(!file.open(QIODevice::WriteOnly | QIODevice::ExistingOnly));
    QCOMPARE(file.result().error(), Error::NotFound);
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::NewOnly));
    QVERIFY(file.commit());
    QVERIFY(!file.open(QIODevice::WriteOnly | QIODevice::NewOnly));
    QCOMPARE(file.result().error(), Error::AlreadyExists);
}

void tst_Device::commitIsOrderedWithOtherOperations()
{
    AtomicFileDevice file(path("file"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write("streamed"), 8);
    const QFuture<AtomicFileResult> before = AtomicFile::writeFile(path("file"), "before");
    const QFuture<AtomicFileResult> committed = file.commitAsync();
    const QFuture<AtomicFileContent> seen = AtomicFile::readFile(path("file"));
    const QFuture<AtomicFileResult> after = AtomicFile::writeFile(path("file"), "after");
    QVERIFY(!file.isOpen());
    QVERIFY(before.result());
    QVERIFY(committed.result());
    QCOMPARE(seen.result().bytes, QByteArray("streamed"));
    QVERIFY(after.result());
    QCOMPARE(content("file"), QByteArray("after"));
}

void tst_Device::commitWithoutOpenFails()
{
    AtomicFileDevice file(path("file"));
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(QStringLiteral("is not open")));
    QVERIFY(!file.commit());
    QVERIFY(!file.result());
    QCOMPARE(entryCount(), 0);
}

QTEST_GUILESS_MAIN(tst_Device)
#include "tst_device.moc"
