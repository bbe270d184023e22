// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Drives the real command-line program: what it does to files, how it exits.

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
/// With what a system that tells text from binary streams would change or stop at.
constexpr auto newContent = "the new content, which is longer\n\r\n\x1a and goes on\r";
} // namespace

class tst_Cli : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void usage_data();
    void usage();
    void help();
    void write_data();
    void write();
    void symlinks_data();
    void symlinks();
    void expectedVersion();
    void transfer_data();
    void transfer();
    void versionOfNothing();

private:
    QString path(const QString &name) const { return m_scratch->filePath(name); }

    std::unique_ptr<QTemporaryDir> m_scratch;
};

void tst_Cli::init()
{
    m_scratch = std::make_unique<QTemporaryDir>();
    QVERIFY(m_scratch->isValid());
}

void tst_Cli::usage_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QByteArray>("message");

    QTest::newRow("no command") << u""_s << QByteArray("command is missing");
    QTest::newRow("unknown command") << u"replace a b"_s << QByteArray("no command \"replace\"");
    QTest::newRow("unknown option") << u"write --fast a"_s << QByteArray("fast");
    QTest::newRow("write without target") << u"write"_s << QByteArray("write TARGET");
    QTest::newRow("write with two targets") << u"write a b"_s << QByteArray("write TARGET");
    QTest::newRow("copy of nothing") << u"copy a"_s << QByteArray("copy SOURCE");
    QTest::newRow("move of nothing") << u"move a"_s << QByteArray("move SOURCE");
    QTest::newRow("sweep of two") << u"sweep a b"_s << QByteArray("sweep DIRECTORY");
    QTest::newRow("version-of nothing") << u"version-of"_s << QByteArray("version-of PATH");
    QTest::newRow("durability") << u"write --durability forever a"_s
                                << QByteArray("none, consistent, durable");
    QTest::newRow("existing") << u"write --existing maybe a"_s
                              << QByteArray("replace, create-new, must-exist");
    QTest::newRow("symlinks") << u"write --symlinks ask a"_s
                              << QByteArray("follow, replace, refuse");
    QTest::newRow("hard-links") << u"write --hard-links keep a"_s
                                << QByteArray("break, refuse, in-place");
    QTest::newRow("metadata") << u"write --metadata=some a"_s << QByteArray("preserve, fresh");
    QTest::newRow("in-place") << u"write --in-place always a"_s
                              << QByteArray("never, when-impossible");
    QTest::newRow("unchanged") << u"write --unchanged keep a"_s << QByteArray("rewrite, skip");
    QTest::newRow("no backups") << u"write --backup=0 a"_s << QByteArray("from 1 on");
    QTest::newRow("backup no number") << u"write --backup=many a"_s << QByteArray("from 1 on");
    QTest::newRow("backup without a value takes none")
        << u"write --backup 3 a"_s << QByteArray("write TARGET");
    QTest::newRow("suffix") << u"write --suffix=/old a"_s << QByteArray("end of a name");
    QTest::newRow("append without target") << u"append"_s << QByteArray("append TARGET");
    QTest::newRow("watch of two") << u"watch a b"_s << QByteArray("watch PATH");
    QTest::newRow("watch for no change") << u"watch --count 0 a"_s << QByteArray("from 1 on");
    QTest::newRow("mode no number") << u"write --mode rw a"_s << QByteArray("octal");
    QTest::newRow("mode not octal") << u"write --mode 0888 a"_s << QByteArray("octal");
    QTest::newRow("mode too large") << u"write --mode 1777 a"_s << QByteArray("octal");
    QTest::newRow("busy-timeout") << u"write --busy-timeout soon a"_s << QByteArray("milliseconds");
    QTest::newRow("negative busy-timeout")
        << u"write --busy-timeout -5 a"_s << QByteArray("milliseconds");
    QTest::newRow("expect-version")
        << u"write --expect-version what? a"_s << QByteArray("version-of");
    QTest::newRow("several sources, no directory")
        << u"move a b c"_s << QByteArray("not a directory");
}

void tst_Cli::usage()
{
    QFETCH(const QString, line);
    QFETCH(const QByteArray, message);

    QProcess process;
    process.setWorkingDirectory(m_scratch->path());
    startProgram(process, line.split(u' ', Qt::SkipEmptyParts));
    const Run run = finishProgram(process);
    QCOMPARE(run.status, 2);
    QVERIFY2(run.errors.contains(message), run.errors.constData());
    QCOMPARE(run.errors.count('\n'), 1);
    QCOMPARE(run.out, QByteArray());
    QCOMPARE(namesIn(m_scratch->path()), QStringList());
}

void tst_Cli::help()
{
    const Run help = runProgram({u"--help"_s});
    QCOMPARE(help.status, 0);
    QCOMPARE(help.errors, QByteArray());
    for (const char *word :
         {"write TARGET", "--durability", "--existing", "--symlinks", "--mode", "--expect-version",
          "--busy-timeout", "--json", "--quiet", "append TARGET", "watch PATH", "--hard-links",
          "--metadata", "--in-place", "--unchanged", "--backup", "--suffix", "--count", "--once"})
        QVERIFY2(help.out.contains(word), word);

    const Run version = runProgram({u"--version"_s});
    QCOMPARE(version.status, 0);
    QVERIFY2(version.out.startsWith("atomicfile 0."), version.out.constData());
}

void tst_Cli::write_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<bool>("exists");
    QTest::addColumn<int>("status");

    QTest::newRow("new") << QStringList{} << false << 0;
    QTest::newRow("replace") << QStringList{} << true << 0;
    for (const QString &level : {u"none"_s, u"consistent"_s, u"durable"_s}) {
        QTest::addRow("durability %s", qPrintable(level))
            << QStringList{u"--durability"_s, level} << true << 0;
    }
    for (const bool exists : {false, true}) {
        const char *state = exists ? "existing" : "missing";
        QTest::addRow("replace %s", state) << QStringList{u"--existing=replace"_s} << exists << 0;
        QTest::addRow("create-new %s", state)
            << QStringList{u"--existing=create-new"_s} << exists << (exists ? 1 : 0);
        QTest::addRow("must-exist %s", state)
            << QStringList{u"--existing=must-exist"_s} << exists << (exists ? 0 : 1);
    }
    QTest::newRow("busy-timeout") << QStringList{u"--busy-timeout"_s, u"500"_s} << true << 0;
}

void tst_Cli::write()
{
    QFETCH(QStringList, options);
    QFETCH(const bool, exists);
    QFETCH(const int, status);

    const QString target = path(u"target"_s);
    if (exists)
        QVERIFY(putContent(target, oldContent));
    const Run run = runProgram(QStringList{u"write"_s, target} + options, newContent);
    QCOMPARE(run.status, status);
    QCOMPARE(run.errors.count('\n'), status == 0 ? 0 : 1);
    if (status == 0)
        QCOMPARE(contentOf(target), QByteArray(newContent));
    else if (exists)
        QCOMPARE(contentOf(target), QByteArray(oldContent));
    QCOMPARE(namesIn(m_scratch->path()),
             status == 0 || exists ? QStringList{u"target"_s} : QStringList{});
}

void tst_Cli::symlinks_data()
{
    QTest::addColumn<QString>("policy");
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("linkStays");
    QTest::addColumn<bool>("destinationIsNew");

    QTest::newRow("follow") << u"follow"_s << 0 << true << true;
    QTest::newRow("replace") << u"replace"_s << 0 << false << false;
    QTest::newRow("refuse") << u"refuse"_s << 1 << true << false;
}

void tst_Cli::symlinks()
{
    QFETCH(const QString, policy);
    QFETCH(const int, status);
    QFETCH(const bool, linkStays);
    QFETCH(const bool, destinationIsNew);

    const QString destination = path(u"destination"_s);
    const QString link = path(u"link"_s);
    QVERIFY(putContent(destination, oldContent));
    MAKE_SYMLINK_OR_SKIP(destination, link);

    QCOMPARE(runProgram({u"write"_s, u"--symlinks"_s, policy, link}, newContent).status, status);
    QCOMPARE(QFileInfo(link).isSymLink(), linkStays);
    QCOMPARE(contentOf(destination), QByteArray(destinationIsNew ? newContent : oldContent));
    if (!linkStays)
        QCOMPARE(contentOf(link), QByteArray(newContent));
}

void tst_Cli::expectedVersion()
{
    const QString target = path(u"target"_s);
    QVERIFY(putContent(target, oldContent));
    const Run asked = runProgram({u"version-of"_s, target});
    QCOMPARE(asked.status, 0);
    const QString version = QString::fromUtf8(asked.out).trimmed();
    QVERIFY(!version.isEmpty());

    QCOMPARE(runProgram({u"write"_s, u"--expect-version"_s, version, target}, newContent).status,
             0);
    QCOMPARE(contentOf(target), QByteArray(newContent));

    const Run conflict = runProgram({u"write"_s, u"--expect-version"_s, version, target}, "third");
    QCOMPARE(conflict.status, 3);
    QCOMPARE(conflict.errors.count('\n'), 1);
    QCOMPARE(contentOf(target), QByteArray(newContent));
    QCOMPARE(namesIn(m_scratch->path()), QStringList{u"target"_s});
}

void tst_Cli::transfer_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<QString>("destination"); // relative to the scratch folder
    QTest::addColumn<QString>("target");

    for (const QString &command : {u"copy"_s, u"move"_s}) {
        QTest::addRow("%s to a new name", qPrintable(command)) << command << u"new"_s << u"new"_s;
        QTest::addRow("%s onto a file", qPrintable(command)) << command << u"taken"_s << u"taken"_s;
        QTest::addRow("%s into a directory", qPrintable(command))
            << command << u"directory"_s << u"directory/source"_s;
    }
}

void tst_Cli::transfer()
{
    QFETCH(const QString, command);
    QFETCH(const QString, destination);
    QFETCH(const QString, target);

    QVERIFY(QDir(m_scratch->path()).mkdir(u"directory"_s));
    QVERIFY(putContent(path(u"source"_s), newContent));
    QVERIFY(putContent(path(u"taken"_s), oldContent));

    const Run run = runProgram({command, path(u"source"_s), path(destination)});
    QCOMPARE(run.status, 0);
    QCOMPARE(run.errors, QByteArray());
    QCOMPARE(contentOf(path(target)), QByteArray(newContent));
    QCOMPARE(QFile::exists(path(u"source"_s)), command == u"copy"_s);
}

void tst_Cli::versionOfNothing()
{
    const QString missing = path(u"missing"_s);
    const Run run = runProgram({u"version-of"_s, missing});
    QCOMPARE(run.status, 0);
    const QString version = QString::fromUtf8(run.out).trimmed();

    // "There is no such file" can be expected like any other version.
    QCOMPARE(runProgram({u"write"_s, u"--expect-version"_s, version, missing}, "first").status, 0);
    QCOMPARE(runProgram({u"write"_s, u"--expect-version"_s, version, missing}, "second").status, 3);
    QCOMPARE(contentOf(missing), QByteArray("first"));
}

QTEST_GUILESS_MAIN(tst_Cli)
#include "tst_cli.moc"
