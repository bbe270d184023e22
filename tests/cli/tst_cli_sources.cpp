// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Copying and moving several files at once with the command-line program.

#include "program.h"

#include "support/this_system.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

class tst_CliSources : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void severalSources_data();
    void severalSources();
    void oneFailureAmongSeveral();
    void sourcesOfOneName_data();
    void sourcesOfOneName();

private:
    QString path(const QString &name) const { return m_scratch->filePath(name); }

    std::unique_ptr<QTemporaryDir> m_scratch;
};

void tst_CliSources::init()
{
    m_scratch = std::make_unique<QTemporaryDir>();
    QVERIFY(m_scratch->isValid());
}

void tst_CliSources::severalSources_data()
{
    QTest::addColumn<QString>("command");
    QTest::newRow("copy") << u"copy"_s;
    QTest::newRow("move") << u"move"_s;
}

void tst_CliSources::severalSources()
{
    QFETCH(const QString, command);

    QVERIFY(QDir(m_scratch->path()).mkdir(u"directory"_s));
    QStringList arguments{command};
    for (const QString &name : {u"a"_s, u"b"_s, u"c"_s}) {
        QVERIFY(putContent(path(name), name.toUtf8()));
        arguments += path(name);
    }
    QCOMPARE(runProgram(arguments + QStringList{path(u"directory"_s)}).status, 0);
    QCOMPARE(namesIn(path(u"directory"_s)), (QStringList{u"a"_s, u"b"_s, u"c"_s}));
    QCOMPARE(contentOf(path(u"directory/b"_s)), QByteArray("b"));
    QCOMPARE(QFile::exists(path(u"a"_s)), command == u"copy"_s);
}

void tst_CliSources::oneFailureAmongSeveral()
{
    QVERIFY(QDir(m_scratch->path()).mkdir(u"directory"_s));
    QVERIFY(putContent(path(u"a"_s), "a"));
    QVERIFY(putContent(path(u"c"_s), "c"));
    const Run run = runProgram(
        {u"move"_s, path(u"a"_s), path(u"missing"_s), path(u"c"_s), path(u"directory"_s)});
    QCOMPARE(run.status, 1);
    QCOMPARE(run.errors.count('\n'), 1);
    QVERIFY2(run.errors.contains("missing"), run.errors.constData());
    QCOMPARE(namesIn(path(u"directory"_s)), (QStringList{u"a"_s, u"c"_s}));
}

void tst_CliSources::sourcesOfOneName_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<QString>("second");
    QTest::addColumn<bool>("targetExists");
    QTest::addColumn<bool>("hasLink"); // in the directory, b leads to a

    for (const QString &command : {u"copy"_s, u"move"_s}) {
        const char *name = command == u"copy"_s ? "copy" : "move";
        QTest::addRow("%s from two folders", name) << command << u"y/a"_s << false << false;
        QTest::addRow("%s onto a file that stood there", name)
            << command << u"y/a"_s << true << false;
        QTest::addRow("%s in another spelling", name)
            << command << u"x/../y/./a"_s << false << false;
        QTest::addRow("%s through a link to the first", name)
            << command << u"y/b"_s << false << true;
    }
}

void tst_CliSources::sourcesOfOneName()
{
    QFETCH(const QString, command);
    QFETCH(const QString, second);
    QFETCH(const bool, targetExists);
    QFETCH(const bool, hasLink);

    for (const QString &directory : {u"x"_s, u"y"_s, u"d"_s})
        QVERIFY(QDir(m_scratch->path()).mkdir(directory));
    QVERIFY(putContent(path(u"x/a"_s), "first"));
    QVERIFY(putContent(path(second), "second"));
    if (targetExists)
        QVERIFY(putContent(path(u"d/a"_s), "old"));
    if (hasLink)
        MAKE_SYMLINK_OR_SKIP(u"a"_s, path(u"d/b"_s));

    const Run run = runProgram({command, u"--json"_s, path(u"x/a"_s), path(second), path(u"d"_s)});
    QCOMPARE(contentOf(path(u"d/a"_s)), QByteArray("first"));
    QCOMPARE(contentOf(path(second)), QByteArray("second"));
    QCOMPARE(QFile::exists(path(u"x/a"_s)), command == u"copy"_s);
    QCOMPARE(run.status, 1);
    QCOMPARE(run.errors.count('\n'), 1);
    QCOMPARE(run.out.count('\n'), 2);
    const QByteArray told = run.out.split('\n').at(1);
    QVERIFY2(told.contains("\"error\":\"AlreadyExists\""), told.constData());
    QVERIFY2(told.contains("\"ok\":false"), told.constData());
    QVERIFY2(told.contains("\"targetState\":\"Unchanged\""), told.constData());
}

QTEST_GUILESS_MAIN(tst_CliSources)
#include "tst_cli_sources.moc"
