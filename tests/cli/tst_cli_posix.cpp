// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// The command-line program and what only POSIX systems have: permissions that keep somebody away,
// directories as input, terminals.

#include "program.h"

#include "support/this_system.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {
constexpr auto oldContent = "the old content\n";
constexpr auto newContent = "the new content, which is longer\n";
} // namespace

class tst_CliPosix : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void modeIsOctal();
    void inputThatCannotBeRead();
    void sweepThatCannotRemove_data();
    void sweepThatCannotRemove();
    void sourceThatCannotBeRemoved();
    void directoryThatCannotBeSynced();
    void progressBarOnATerminal();

private:
    QString path(const QString &name) const { return m_scratch->filePath(name); }

    std::unique_ptr<QTemporaryDir> m_scratch;
};

void tst_CliPosix::init()
{
    m_scratch = std::make_unique<QTemporaryDir>();
    QVERIFY(m_scratch->isValid());
}

void tst_CliPosix::modeIsOctal()
{
    const QString target = path(u"target"_s);
    QCOMPARE(runProgram({u"write"_s, u"--mode"_s, u"0640"_s, target}, newContent).status, 0);
    const QFileDevice::Permissions expected = QFileDevice::ReadOwner | QFileDevice::WriteOwner
        | QFileDevice::ReadGroup;
    const QFileDevice::Permissions user = QFileDevice::ReadUser | QFileDevice::WriteUser
        | QFileDevice::ExeUser;
    QCOMPARE(QFile::permissions(target) & ~user, expected);
}

void tst_CliPosix::inputThatCannotBeRead()
{
    const QString target = path(u"target"_s);
    QVERIFY(putContent(target, oldContent));
    QProcess process;
    // A directory can be opened, but not read.
    process.setStandardInputFile(m_scratch->path());
    startProgram(process, {u"write"_s, u"--json"_s, target});
    const Run run = finishProgram(process);
    QCOMPARE(run.status, 1);
    QCOMPARE(run.errors.count('\n'), 1);
    QCOMPARE(run.out.count('\n'), 1);
    const QJsonObject told = QJsonDocument::fromJson(run.out).object();
    QCOMPARE(told.value("ok"_L1), QJsonValue(false));
    QCOMPARE(told.value("target"_L1).toString(), target);
    QCOMPARE(told.value("targetState"_L1).toString(), u"Unchanged"_s);
    QVERIFY(told.value("message"_L1).toString().contains(u"standard input"_s));
    QCOMPARE(contentOf(target), QByteArray(oldContent));
    QCOMPARE(namesIn(m_scratch->path()), QStringList{u"target"_s});
}

void tst_CliPosix::sweepThatCannotRemove_data()
{
    QTest::addColumn<bool>("json");
    QTest::addColumn<QString>("rules"); // of what the library may say
    QTest::newRow("text") << false << u""_s;
    QTest::newRow("JSON") << true << u""_s;
    QTest::newRow("with the library's warnings off") << false << u"*=false"_s;
}

void tst_CliPosix::sweepThatCannotRemove()
{
    QFETCH(const bool, json);
    QFETCH(const QString, rules);

    if (thissystem::ignoresPermissions())
        QSKIP("Root may remove a file from a directory that is write-protected");
    const QString left = u".af-abcdefghijklmnopqrst"_s;
    QVERIFY(putContent(path(left), oldContent));
    QVERIFY(
        QFile::setPermissions(m_scratch->path(), QFileDevice::ReadOwner | QFileDevice::ExeOwner));
    qputenv("QT_LOGGING_RULES", rules.toLatin1());
    const Run run = runProgram(QStringList{u"sweep"_s, m_scratch->path()}
                               + (json ? QStringList{u"--json"_s} : QStringList{}));
    qunsetenv("QT_LOGGING_RULES");
    QVERIFY(QFile::setPermissions(m_scratch->path(),
                                  QFileDevice::ReadOwner | QFileDevice::WriteOwner
                                      | QFileDevice::ExeOwner));
    QCOMPARE(namesIn(m_scratch->path()), QStringList{left});
    QCOMPARE(run.status, 1);
    QCOMPARE(run.errors.count('\n'), 1);
    QVERIFY2(run.errors.startsWith("atomicfile: "), run.errors.constData());
    QCOMPARE(run.out.count('\n'), json ? 1 : 0);
    if (json) {
        const QJsonObject told = QJsonDocument::fromJson(run.out).object();
        QCOMPARE(told.value("ok"_L1), QJsonValue(false));
        QVERIFY(told.value("removed"_L1).toArray().isEmpty());
        QVERIFY(!told.value("message"_L1).toString().isEmpty());
    }
}

void tst_CliPosix::sourceThatCannotBeRemoved()
{
    if (thissystem::ignoresPermissions())
        QSKIP("Root may remove a file from a directory that is write-protected");
    const QString other = directoryOnAnotherFileSystem(m_scratch->path());
    if (other.isEmpty())
        QSKIP("There is no second file system that may be written to");
    QTemporaryDir elsewhere(other + u"/atomicfile-XXXXXX"_s);
    QVERIFY(elsewhere.isValid());
    QVERIFY(putContent(path(u"file"_s), block(3)));
    QVERIFY(
        QFile::setPermissions(m_scratch->path(), QFileDevice::ReadOwner | QFileDevice::ExeOwner));

    const Run run = runProgram({u"move"_s, u"--json"_s, path(u"file"_s), elsewhere.path()});
    QVERIFY(QFile::setPermissions(m_scratch->path(),
                                  QFileDevice::ReadOwner | QFileDevice::WriteOwner
                                      | QFileDevice::ExeOwner));
    QCOMPARE(run.status, 4);
    QVERIFY2(run.out.contains("\"step\":\"RemoveSource\""), run.out.constData());
    QVERIFY2(run.out.contains("\"targetState\":\"Replaced\""), run.out.constData());
    QVERIFY(contentOf(path(u"file"_s)) == block(3));
    QVERIFY(contentOf(elsewhere.filePath(u"file"_s)) == block(3));
}

void tst_CliPosix::directoryThatCannotBeSynced()
{
    if (thissystem::ignoresPermissions())
        QSKIP("Root may open a directory that nobody may read");
    const QString directory = path(u"drop"_s);
    QVERIFY(QDir().mkdir(directory));
    QVERIFY(QFile::setPermissions(directory, QFileDevice::WriteOwner | QFileDevice::ExeOwner));

    const QString target = directory + u"/file"_s;
    const Run run = runProgram({u"write"_s, u"--json"_s, target}, oldContent);
    QVERIFY(QFile::setPermissions(
        directory, QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner));
    QCOMPARE(run.status, 4);
    QVERIFY2(run.out.contains("\"targetState\":\"ReplacedNotDurable\""), run.out.constData());
    QCOMPARE(contentOf(target), QByteArray(oldContent));
    QCOMPARE(namesIn(directory), QStringList{u"file"_s});
}

void tst_CliPosix::progressBarOnATerminal()
{
    // script(1) runs a command on a terminal of its own.
    const QString script = QStandardPaths::findExecutable(u"script"_s);
    if (script.isEmpty())
        QSKIP("script(1) is not installed");
    QVERIFY(putContent(path(u"source"_s), QByteArray(16 * mebibyte, 'x')));

    QProcess terminal;
    const QString command = u"'%1' write '%2' < '%3'"_s.arg(QStringLiteral(ATOMICFILE_PROGRAM),
                                                            path(u"target"_s), path(u"source"_s));
    terminal.start(script, {u"-qec"_s, command, u"/dev/null"_s});
    QVERIFY(terminal.waitForFinished(60'000));
    QCOMPARE(terminal.exitCode(), 0);
    const QByteArray screen = terminal.readAllStandardOutput();
    QVERIFY2(screen.contains("[####"), screen.constData());
    QCOMPARE(QFileInfo(path(u"target"_s)).size(), 16 * mebibyte);

    // Elsewhere than on a terminal there is none.
    const Run run = runProgram({u"copy"_s, path(u"source"_s), path(u"copy"_s)});
    QCOMPARE(run.status, 0);
    QCOMPARE(run.errors, QByteArray());
}

QTEST_GUILESS_MAIN(tst_CliPosix)
#include "tst_cli_posix.moc"
