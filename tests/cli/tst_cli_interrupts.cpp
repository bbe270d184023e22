// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Ctrl-C at the command-line program: in mid-stream, in the middle of a copy or a move, in the commit.

#include "program.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace Qt::StringLiterals;

namespace {
constexpr auto oldContent = "the old content\n";

/// A file that takes for ever to read: eight bytes for each page of the address space. An interrupt
/// comes in time however fast the machine is.
const auto endless = u"/proc/self/pagemap"_s;

bool hasEndlessFile()
{
    QFile file(endless);
    return file.open(QIODevice::ReadOnly) && file.read(8).size() == 8;
}

/// Starts the program by a shell that gives up a little of what processes inherit. exec keeps the
/// process, so that signals reach the program.
void startLimited(QProcess &process, const QString &limits, const QStringList &arguments)
{
    process.start(
        u"/bin/sh"_s,
        QStringList{u"-c"_s, limits + u"; exec \"$0\" \"$@\""_s, QStringLiteral(ATOMICFILE_PROGRAM)}
            + arguments);
    if (!process.waitForStarted())
        qFatal("the shell does not start");
}

/// Should the interrupt not be noticed, the endless file ends at 4 GiB and not with the disk.
const auto mostBytes = u"ulimit -f 8388608"_s;

/// A thread of the library's: it is at work on something that was asked for asynchronously.
bool isAtWork(const QProcess &process)
{
    const QString tasks = u"/proc/%1/task/"_s.arg(process.processId());
    const QStringList threads = QDir(tasks).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &thread : threads) {
        if (contentOf(tasks + thread + u"/comm"_s).startsWith("AtomicFile"))
            return true;
    }
    return false;
}
} // namespace

class tst_CliInterrupts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void interrupted_data();
    void interrupted();
    void ignoredSignalStaysIgnored_data();
    void ignoredSignalStaysIgnored();
    void interruptedTransfer_data();
    void interruptedTransfer();
    void interruptedMoveBetweenFileSystems();
    void earlierSourcesAreDone();
    void interruptedCommit();
    void interruptedWatch_data();
    void interruptedWatch();

private:
    QString path(const QString &name) const { return m_scratch->filePath(name); }

    std::unique_ptr<QTemporaryDir> m_scratch;
};

void tst_CliInterrupts::init()
{
    m_scratch = std::make_unique<QTemporaryDir>();
    QVERIFY(m_scratch->isValid());
}

void tst_CliInterrupts::interrupted_data()
{
    QTest::addColumn<int>("signal");
    QTest::addColumn<int>("blocks");

    QTest::newRow("SIGINT in mid-stream") << SIGINT << 8;
    QTest::newRow("SIGTERM in mid-stream") << SIGTERM << 8;
    QTest::newRow("SIGINT before any input") << SIGINT << 0;
}

void tst_CliInterrupts::interrupted()
{
    QFETCH(const int, signal);
    QFETCH(const int, blocks);

    const QString target = path(u"target"_s);
    QVERIFY(putContent(target, oldContent));
    QProcess process;
    startProgram(process, {u"write"_s, target});
    for (int i = 0; i < blocks; ++i)
        QVERIFY(feed(process, block(i)));
    QTRY_COMPARE(stagedIn(m_scratch->path()).size(), 1);

    // Standard input stays open: the program may not depend on its end.
    QVERIFY(sendSignal(process, signal));
    QVERIFY(process.waitForFinished(60'000));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 130);
    QCOMPARE(process.readAllStandardError().count('\n'), 1);
    QCOMPARE(contentOf(target), QByteArray(oldContent));
    QCOMPARE(namesIn(m_scratch->path()), QStringList{u"target"_s});
}

void tst_CliInterrupts::ignoredSignalStaysIgnored_data()
{
    QTest::addColumn<QString>("ignored");
    QTest::addColumn<int>("sent");

    QTest::newRow("SIGINT, as in the background of a shell") << u"INT"_s << SIGINT;
    QTest::newRow("SIGTERM") << u"TERM"_s << SIGTERM;
}

void tst_CliInterrupts::ignoredSignalStaysIgnored()
{
    QFETCH(const QString, ignored);
    QFETCH(const int, sent);

    const QString target = path(u"target"_s);
    QProcess process;
    startLimited(process, u"trap '' "_s + ignored, {u"write"_s, target});
    QVERIFY(feed(process, block(0)));
    QTRY_COMPARE(stagedIn(m_scratch->path()).size(), 1);
    QVERIFY(sendSignal(process, sent));
    QVERIFY(feed(process, block(1)));
    const Run run = finishProgram(process);
    QCOMPARE(run.errors, QByteArray());
    QCOMPARE(run.status, 0);
    QVERIFY(contentOf(target) == block(0) + block(1));
}

void tst_CliInterrupts::interruptedTransfer_data()
{
    QTest::addColumn<QStringList>("command");
    QTest::addColumn<bool>("targetExists");

    for (const bool exists : {false, true}) {
        const char *state = exists ? "onto a file" : "to a new name";
        QTest::addRow("copy %s", state) << QStringList{u"copy"_s} << exists;
        // A file of procfs cannot be synced, as moving it durably would.
        QTest::addRow("move %s", state)
            << QStringList{u"move"_s, u"--durability"_s, u"none"_s} << exists;
    }
}

void tst_CliInterrupts::interruptedTransfer()
{
    QFETCH(const QStringList, command);
    QFETCH(const bool, targetExists);

    if (!hasEndlessFile())
        QSKIP("This system has no file without an end");
    const QString target = path(u"target"_s);
    if (targetExists)
        QVERIFY(putContent(target, oldContent));
    QProcess process;
    startLimited(process, mostBytes, command + QStringList{endless, target});
    QTRY_COMPARE(stagedIn(m_scratch->path()).size(), 1);
    QVERIFY(sendSignal(process, SIGINT));
    const Run run = finishProgram(process);
    QCOMPARE(run.status, 130);
    QCOMPARE(run.errors.count('\n'), 1);
    QCOMPARE(namesIn(m_scratch->path()), targetExists ? QStringList{u"target"_s} : QStringList{});
    if (targetExists)
        QCOMPARE(contentOf(target), QByteArray(oldContent));
}

void tst_CliInterrupts::interruptedMoveBetweenFileSystems()
{
    const QString other = directoryOnAnotherFileSystem(m_scratch->path());
    if (other.isEmpty())
        QSKIP("There is no second file system that may be written to");
    QTemporaryDir elsewhere(other + u"/atomicfile-XXXXXX"_s);
    QVERIFY(elsewhere.isValid());
    const QString source = path(u"file"_s);
    QByteArray content;
    for (int i = 0; i < 24; ++i)
        content += block(i);
    QVERIFY(putContent(source, content));
    const QString target = elsewhere.filePath(u"file"_s);
    QVERIFY(putContent(target, oldContent));

    QProcess process;
    startProgram(process, {u"move"_s, source, elsewhere.path()});
    // Whether the interrupt comes in time is up to the machine; what it may leave is not.
    while (stagedIn(elsewhere.path()).isEmpty() && !process.waitForFinished(0)) { }
    (void)sendSignal(process, SIGINT); // fails if the move is over
    const Run run = finishProgram(process);
    QVERIFY2(run.status == 130 || run.status == 0, QByteArray::number(run.status).constData());
    QCOMPARE(namesIn(elsewhere.path()), QStringList{u"file"_s});
    QCOMPARE(QFile::exists(source), run.status == 130);
    QVERIFY(contentOf(target) == (run.status == 130 ? QByteArray(oldContent) : content));
    if (run.status == 130)
        QVERIFY(contentOf(source) == content);
}

void tst_CliInterrupts::earlierSourcesAreDone()
{
    if (!hasEndlessFile())
        QSKIP("This system has no file without an end");
    const QString directory = path(u"directory"_s);
    QVERIFY(QDir().mkdir(directory));
    for (const QString &name : {u"a"_s, u"b"_s, u"c"_s})
        QVERIFY(putContent(path(name), name.toUtf8()));

    QProcess process;
    startLimited(
        process, mostBytes,
        {u"copy"_s, u"--json"_s, path(u"a"_s), path(u"b"_s), endless, path(u"c"_s), directory});
    // What is staged after b is there belongs to the file without an end.
    QTRY_VERIFY(QFile::exists(directory + u"/b"_s));
    QTRY_COMPARE(stagedIn(directory).size(), 1);
    QVERIFY(sendSignal(process, SIGINT));
    const Run run = finishProgram(process);
    QCOMPARE(run.status, 130);
    QCOMPARE(run.errors.count('\n'), 1);
    QCOMPARE(namesIn(directory), (QStringList{u"a"_s, u"b"_s}));
    QCOMPARE(contentOf(directory + u"/b"_s), QByteArray("b"));
    const QList<QByteArray> told = run.out.trimmed().split('\n');
    QCOMPARE(told.size(), 3);
    QVERIFY(told.at(0).contains("\"ok\":true"));
    QVERIFY(told.at(1).contains("\"ok\":true"));
    QVERIFY(told.at(2).contains("\"error\":\"Cancelled\""));
}

void tst_CliInterrupts::interruptedCommit()
{
    if (!QFile::exists(u"/proc/self/task"_s))
        QSKIP("This system does not tell the threads of a process");
    const QString target = path(u"target"_s);
    QVERIFY(putContent(target, oldContent));
    QByteArray content;
    for (int i = 0; i < 48; ++i)
        content += block(i);

    QProcess process;
    startProgram(process, {u"write"_s, target});
    QVERIFY(feed(process, content));
    QVERIFY2(!isAtWork(process), "nothing is asynchronous before the commit");
    process.closeWriteChannel();
    while (!isAtWork(process) && !process.waitForFinished(0)) { }
    // The input has ended and the commit runs. The interrupt may come before or after publishing; the
    // program has to tell which.
    (void)sendSignal(process, SIGINT); // fails if the program has ended
    const Run run = finishProgram(process);
    QVERIFY2(run.status == 130 || run.status == 0, QByteArray::number(run.status).constData());
    QCOMPARE(run.errors.count('\n'), run.status == 130 ? 1 : 0);
    QVERIFY(contentOf(target) == (run.status == 130 ? QByteArray(oldContent) : content));
    QCOMPARE(namesIn(m_scratch->path()), QStringList{u"target"_s});
}

void tst_CliInterrupts::interruptedWatch_data()
{
    QTest::addColumn<int>("signal");
    QTest::newRow("SIGINT") << SIGINT;
    QTest::newRow("SIGTERM") << SIGTERM;
}

void tst_CliInterrupts::interruptedWatch()
{
    QFETCH(const int, signal);
    const QString file = path(u"file"_s);
    QVERIFY(putContent(file, oldContent));
    QProcess process;
    startProgram(process, {u"watch"_s, u"--expect-version"_s, u"none"_s, file});
    QVERIFY(process.waitForReadyRead()); // By its first line the program is known to watch.
    QVERIFY(sendSignal(process, signal));
    const Run run = finishProgram(process);
    QCOMPARE(run.status, 130);
    QCOMPARE(run.out.count('\n'), 1);
    QCOMPARE(run.errors, QByteArray());
}

QTEST_GUILESS_MAIN(tst_CliInterrupts)
#include "tst_cli_interrupts.moc"
