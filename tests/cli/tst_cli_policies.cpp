// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// What the command line's policies do to files: backups, further names, equal content, appending.

#include "program.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <system_error>

using namespace Qt::StringLiterals;

class tst_CliPolicies : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void backups_data();
    void backups();
    void unchanged_data();
    void unchanged();
    void hardLinks_data();
    void hardLinks();
    void harmlessPolicies_data();
    void harmlessPolicies();
    void appends();

private:
    QString path(const QString &name) const { return m_scratch->filePath(name); }

    std::unique_ptr<QTemporaryDir> m_scratch;
};

void tst_CliPolicies::init()
{
    m_scratch = std::make_unique<QTemporaryDir>();
    QVERIFY(m_scratch->isValid());
    // Where the program keeps the old content of what it overwrites.
    for (const char *const variable : {"XDG_STATE_HOME", "HOME", "LOCALAPPDATA"})
        qputenv(variable, QFile::encodeName(m_scratch->filePath(u"state"_s)));
}

void tst_CliPolicies::backups_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QStringList>("names"); // from the newest backup to the oldest
    QTest::newRow("one") << QStringList{u"--backup"_s} << QStringList{u"target~"_s};
    QTest::newRow("three") << QStringList{u"--backup=3"_s}
                           << QStringList{u"target.~1~"_s, u"target.~2~"_s, u"target.~3~"_s};
    QTest::newRow("suffix") << QStringList{u"--suffix=.old"_s} << QStringList{u"target.old"_s};
}

void tst_CliPolicies::backups()
{
    QFETCH(const QStringList, options);
    QFETCH(const QStringList, names);

    for (int i = 0; i <= 5; ++i) {
        const Run run = runProgram(QStringList{u"write"_s, path(u"target"_s)} + options,
                                   QByteArray::number(i));
        QCOMPARE(run.status, 0);
        QCOMPARE(run.errors, QByteArray());
    }
    QCOMPARE(contentOf(path(u"target"_s)), QByteArray("5"));
    for (int i = 0; i < names.size(); ++i)
        QCOMPARE(contentOf(path(names.at(i))), QByteArray::number(4 - i));
    QCOMPARE(namesIn(m_scratch->path()).size(), names.size() + 1);
}

void tst_CliPolicies::unchanged_data()
{
    QTest::addColumn<QString>("policy");
    QTest::addColumn<bool>("skips");
    QTest::newRow("rewrite") << u"rewrite"_s << false;
    QTest::newRow("skip") << u"skip"_s << true;
}

void tst_CliPolicies::unchanged()
{
    QFETCH(const QString, policy);
    QFETCH(const bool, skips);

    const QString target = path(u"target"_s);
    QVERIFY(putContent(target, "content"));
    const QByteArray before = runProgram({u"version-of"_s, target}).out;
    QCOMPARE(runProgram({u"write"_s, u"--unchanged"_s, policy, target}, "content").status, 0);
    QCOMPARE(runProgram({u"version-of"_s, target}).out == before, skips);
    QCOMPARE(runProgram({u"write"_s, u"--unchanged"_s, policy, target}, "another").status, 0);
    QCOMPARE(contentOf(target), QByteArray("another"));
}

void tst_CliPolicies::hardLinks_data()
{
    QTest::addColumn<QString>("policy");
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("other");
    QTest::newRow("break") << u"break"_s << 0 << QByteArray("new") << QByteArray("old");
    QTest::newRow("refuse") << u"refuse"_s << 1 << QByteArray("old") << QByteArray("old");
    QTest::newRow("in-place") << u"in-place"_s << 0 << QByteArray("new") << QByteArray("new");
}

void tst_CliPolicies::hardLinks()
{
    QFETCH(const QString, policy);
    QFETCH(const int, status);
    QFETCH(const QByteArray, target);
    QFETCH(const QByteArray, other);

    QVERIFY(putContent(path(u"target"_s), "old"));
    std::error_code error;
    std::filesystem::create_hard_link(path(u"target"_s).toStdU16String(),
                                      path(u"other"_s).toStdU16String(), error);
    QVERIFY(!error);
    const Run run = runProgram({u"write"_s, u"--hard-links"_s, policy, path(u"target"_s)}, "new");
    QCOMPARE(run.status, status);
    QCOMPARE(contentOf(path(u"target"_s)), target);
    QCOMPARE(contentOf(path(u"other"_s)), other);
}

void tst_CliPolicies::harmlessPolicies_data()
{
    QTest::addColumn<QString>("option");
    for (const QString &option : {u"--metadata=preserve"_s, u"--metadata=fresh"_s,
                                  u"--in-place=never"_s, u"--in-place=when-impossible"_s})
        QTest::addRow("%s", qPrintable(option)) << option;
}

void tst_CliPolicies::harmlessPolicies()
{
    QFETCH(const QString, option);

    // Where replacing is possible, they do not change what becomes of the content.
    QVERIFY(putContent(path(u"target"_s), "old"));
    QCOMPARE(runProgram({u"write"_s, option, path(u"target"_s)}, "new").status, 0);
    QCOMPARE(contentOf(path(u"target"_s)), QByteArray("new"));
    QCOMPARE(namesIn(m_scratch->path()), QStringList{u"target"_s});
}

void tst_CliPolicies::appends()
{
    const QString target = path(u"target"_s);
    QCOMPARE(runProgram({u"append"_s, target}, "first\n").status, 0);
    QCOMPARE(runProgram({u"append"_s, target}, "second\n").status, 0);
    QCOMPARE(contentOf(target), QByteArray("first\nsecond\n"));
    const Run run = runProgram({u"append"_s, u"--expect-version=none"_s, target}, "third\n");
    QCOMPARE(run.status, 3);
    QCOMPARE(contentOf(target), QByteArray("first\nsecond\n"));
    QCOMPARE(namesIn(m_scratch->path()), QStringList{u"target"_s});
}

QTEST_GUILESS_MAIN(tst_CliPolicies)
#include "tst_cli_policies.moc"
