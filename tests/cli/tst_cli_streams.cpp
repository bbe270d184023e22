// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// The command-line program under load: large input, kill -9, two file systems.

#include "program.h"

#include "support/this_system.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {
constexpr auto oldContent = "the old content\n";
} // namespace

class tst_CliStreams : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void largeInputInLittleMemory();
    void killedThenSwept();
    void moveBetweenFileSystems_data();
    void moveBetweenFileSystems();

private:
    QString path(const QString &name) const { return m_scratch->filePath(name); }

    std::unique_ptr<QTemporaryDir> m_scratch;
};

void tst_CliStreams::init()
{
    m_scratch = std::make_unique<QTemporaryDir>();
    QVERIFY(m_scratch->isValid());
}

void tst_CliStreams::largeInputInLittleMemory()
{
    constexpr int blocks = 64;
    constexpr qint64 mostMemory = 32 * mebibyte; // half of what is streamed

    QProcess process;
    startProgram(process, {u"write"_s, path(u"target"_s)});
    QVERIFY(feed(process, block(0)));
    const qint64 before = peakMemory(process.processId());
    if (before < 0)
        QSKIP("This system does not tell the peak memory of a process");
    for (int i = 1; i < blocks; ++i)
        QVERIFY(feed(process, block(i)));
    const qint64 after = peakMemory(process.processId());
    const Run run = finishProgram(process);
    QCOMPARE(run.status, 0);
    QVERIFY2(after - before < mostMemory, QByteArray::number(after - before).constData());

    QFile target(path(u"target"_s));
    QVERIFY(target.open(QIODevice::ReadOnly));
    QCOMPARE(target.size(), blocks * mebibyte);
    for (int i = 0; i < blocks; ++i)
        QVERIFY2(target.read(mebibyte) == block(i), QByteArray::number(i).constData());
}

void tst_CliStreams::killedThenSwept()
{
    const QString target = path(u"target"_s);
    QVERIFY(putContent(target, oldContent));

    QProcess killed;
    startProgram(killed, {u"write"_s, target});
    QVERIFY(feed(killed, block(0)));
    QTRY_COMPARE(stagedIn(m_scratch->path()).size(), 1);
    const QString left = stagedIn(m_scratch->path()).constFirst();
    killed.kill();
    QVERIFY(killed.waitForFinished(60'000));
    QCOMPARE(contentOf(target), QByteArray(oldContent));
    QCOMPARE(stagedIn(m_scratch->path()), QStringList{left});

    // A writer that is alive keeps its staged file, and a document that only looks like one stays.
    QProcess alive;
    startProgram(alive, {u"write"_s, target});
    QVERIFY(feed(alive, block(1)));
    QTRY_COMPARE(stagedIn(m_scratch->path()).size(), 2);
    QVERIFY(putContent(path(u".af-notes"_s), "mine"));

    const Run sweep = runProgram({u"sweep"_s, m_scratch->path()});
    QCOMPARE(sweep.status, 0);
    QCOMPARE(sweep.out.count('\n'), 1);
    QVERIFY2(sweep.out.contains(left.toUtf8()), sweep.out.constData());
    QVERIFY(!QFile::exists(path(left)));
    QCOMPARE(stagedIn(m_scratch->path()).size(), 2);
    QCOMPARE(contentOf(path(u".af-notes"_s)), QByteArray("mine"));

    QCOMPARE(finishProgram(alive).status, 0);
    QVERIFY(contentOf(target) == block(1));
}

void tst_CliStreams::moveBetweenFileSystems_data()
{
    QTest::addColumn<bool>("fromScratch");
    QTest::newRow("away") << true;
    QTest::newRow("back") << false;
}

void tst_CliStreams::moveBetweenFileSystems()
{
    QFETCH(const bool, fromScratch);
    const QString other = directoryOnAnotherFileSystem(m_scratch->path());
    if (other.isEmpty())
        QSKIP("There is no second file system that may be written to");
    QTemporaryDir elsewhere(other + u"/atomicfile-XXXXXX"_s);
    QVERIFY(elsewhere.isValid());

    const QString source = fromScratch ? path(u"file"_s) : elsewhere.filePath(u"file"_s);
    const QString directory = fromScratch ? elsewhere.path() : m_scratch->path();
    QVERIFY(putContent(source, block(7)));
    QVERIFY(QFile::setPermissions(source, QFileDevice::ReadOwner | QFileDevice::WriteOwner));
    const QDateTime modified = QFileInfo(source).lastModified();

    const Run run = runProgram({u"move"_s, source, directory});
    QCOMPARE(run.status, 0);
    QVERIFY(!QFile::exists(source));
    const QString target = directory + u"/file"_s;
    QVERIFY(contentOf(target) == block(7));
    QCOMPARE(QFileInfo(target).lastModified(), modified);
    if (thissystem::hasModes())
        QVERIFY(!(QFile::permissions(target) & (QFileDevice::ReadGroup | QFileDevice::ReadOther)));
    QCOMPARE(namesIn(directory), QStringList{u"file"_s});
}

QTEST_GUILESS_MAIN(tst_CliStreams)
#include "tst_cli_streams.moc"
