// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// The watch command: what it prints of other programs' changes, and how it ends.

#include "program.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

class tst_CliWatch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void tellsChanges();
    void tellsOneChange_data();
    void tellsOneChange();

private:
    QString path(const QString &name) const { return m_scratch->filePath(name); }
    QString versionOf(const QString &file) const
    {
        return QString::fromUtf8(runProgram({u"version-of"_s, file}).out).trimmed();
    }

    std::unique_ptr<QTemporaryDir> m_scratch;
};

void tst_CliWatch::init()
{
    m_scratch = std::make_unique<QTemporaryDir>();
    QVERIFY(m_scratch->isValid());
}

void tst_CliWatch::tellsChanges()
{
    const QString file = path(u"file"_s);
    QVERIFY(putContent(file, "old"));
    const QString old = versionOf(file);
    // Given the version, the program tells of a change that it was started too late to see happen.
    QProcess process;
    startProgram(process, {u"watch"_s, u"--count=3"_s, u"--expect-version"_s, old, file});
    // Each line comes at once, though standard output is no terminal.
    QCOMPARE(runProgram({u"write"_s, file}, "new content").status, 0);
    QTRY_VERIFY_WITH_TIMEOUT(process.canReadLine(), 120'000);
    QCOMPARE(process.readLine(), "changed " + versionOf(file).toUtf8() + '\n');
    QVERIFY(QFile::remove(file));
    QTRY_VERIFY_WITH_TIMEOUT(process.canReadLine(), 120'000);
    QCOMPARE(process.readLine(), QByteArray("removed\n"));
    QVERIFY(putContent(file, "created"));
    const Run run = finishProgram(process);
    QCOMPARE(run.status, 0);
    QCOMPARE(run.out, "changed " + versionOf(file).toUtf8() + '\n');
    QCOMPARE(run.errors, QByteArray());
}

void tst_CliWatch::tellsOneChange_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<bool>("exists");
    QTest::addColumn<bool>("json");
    for (const bool exists : {false, true}) {
        const char *state = exists ? "changed" : "removed";
        QTest::addRow("%s", state) << QStringList{u"--once"_s} << exists << false;
        QTest::addRow("%s, quiet", state)
            << QStringList{u"--count"_s, u"1"_s, u"--quiet"_s} << exists << false;
        QTest::addRow("%s, JSON", state) << QStringList{u"--once"_s, u"--json"_s} << exists << true;
    }
}

void tst_CliWatch::tellsOneChange()
{
    QFETCH(const QStringList, options);
    QFETCH(const bool, exists);
    QFETCH(const bool, json);

    const QString file = path(u"file"_s);
    if (exists)
        QVERIFY(putContent(file, "content"));
    const QString expected = exists ? u"none"_s : u"v1-1-2-3-4"_s;
    const Run run = runProgram(QStringList{u"watch"_s, u"--expect-version"_s, expected, file}
                               + options);
    QCOMPARE(run.status, 0);
    QCOMPARE(run.errors, QByteArray());
    QCOMPARE(run.out.count('\n'), 1);
    const QString version = versionOf(file);
    if (!json) {
        QCOMPARE(run.out, exists ? "changed " + version.toUtf8() + '\n' : QByteArray("removed\n"));
        return;
    }
    const QJsonObject object = QJsonDocument::fromJson(run.out).object();
    QCOMPARE(object.value("command"_L1).toString(), u"watch"_s);
    QCOMPARE(object.value("path"_L1).toString(), file);
    QCOMPARE(object.value("exists"_L1), QJsonValue(exists));
    QCOMPARE(object.value("version"_L1).toString(), version);
}

QTEST_GUILESS_MAIN(tst_CliWatch)
#include "tst_cli_watch.moc"
