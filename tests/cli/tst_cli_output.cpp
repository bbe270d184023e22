// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// What the command-line program prints, for a person and for a program, and what it keeps to itself.

#include "program.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {
constexpr auto oldContent = "the old content\n";
constexpr auto newContent = "the new content, which is longer\n";
} // namespace

class tst_CliOutput : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void json_data();
    void json();
    void jsonOfSweepAndVersion();
    void quiet();
    void quietJson_data();
    void quietJson();

private:
    QString path(const QString &name) const { return m_scratch->filePath(name); }

    std::unique_ptr<QTemporaryDir> m_scratch;
};

void tst_CliOutput::init()
{
    m_scratch = std::make_unique<QTemporaryDir>();
    QVERIFY(m_scratch->isValid());
}

void tst_CliOutput::json_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("error");
    QTest::addColumn<QString>("state");

    QTest::newRow("write") << QStringList{u"write"_s, u"target"_s} << 0 << u"None"_s
                           << u"Replaced"_s;
    QTest::newRow("copy") << QStringList{u"copy"_s, u"source"_s, u"target"_s} << 0 << u"None"_s
                          << u"Replaced"_s;
    QTest::newRow("move") << QStringList{u"move"_s, u"source"_s, u"target"_s} << 0 << u"None"_s
                          << u"Replaced"_s;
    QTest::newRow("already exists")
        << QStringList{u"copy"_s, u"--existing=create-new"_s, u"source"_s, u"source2"_s} << 1
        << u"AlreadyExists"_s << u"Unchanged"_s;
    QTest::newRow("not found") << QStringList{u"copy"_s, u"missing"_s, u"target"_s} << 1
                               << u"NotFound"_s << u"Unchanged"_s;
    QTest::newRow("directory as target")
        << QStringList{u"write"_s, u"directory"_s} << 1 << u"IsDirectory"_s << u"Unchanged"_s;
}

void tst_CliOutput::json()
{
    QFETCH(const QStringList, arguments);
    QFETCH(const int, status);
    QFETCH(const QString, error);
    QFETCH(const QString, state);

    QVERIFY(QDir(m_scratch->path()).mkdir(u"directory"_s));
    QVERIFY(putContent(path(u"source"_s), newContent));
    QVERIFY(putContent(path(u"source2"_s), oldContent));
    QProcess process;
    process.setWorkingDirectory(m_scratch->path());
    startProgram(process, arguments + QStringList{u"--json"_s});
    process.write(newContent);
    const Run run = finishProgram(process);

    QCOMPARE(run.status, status);
    QCOMPARE(run.out.count('\n'), 1);
    QJsonParseError parseError;
    const QJsonObject object = QJsonDocument::fromJson(run.out, &parseError).object();
    QCOMPARE(parseError.error, QJsonParseError::NoError);
    QCOMPARE(object.value("command"_L1).toString(), arguments.constFirst());
    QCOMPARE(object.value("ok"_L1).toBool(), status == 0);
    QCOMPARE(object.value("error"_L1).toString(), error);
    QCOMPARE(object.value("targetState"_L1).toString(), state);
    QCOMPARE(object.value("step"_L1).toString() == u"None"_s, status == 0);
    QCOMPARE(object.contains("message"_L1), status != 0);
    QVERIFY(object.value("retainedFiles"_L1).toArray().isEmpty());
    if (status == 0) {
        const qint64 bytes = arguments.constFirst() == u"move"_s
            ? 0
            : static_cast<qint64>(qstrlen(newContent));
        QCOMPARE(object.value("bytesWritten"_L1).toInteger(), bytes);
        const Run version = runProgram({u"version-of"_s, path(u"target"_s)});
        QCOMPARE(object.value("version"_L1).toString().toUtf8() + '\n', version.out);
    }
}

void tst_CliOutput::jsonOfSweepAndVersion()
{
    QVERIFY(putContent(path(u"file"_s), oldContent));
    const Run version = runProgram({u"--json"_s, u"version-of"_s, path(u"file"_s)});
    QCOMPARE(version.status, 0);
    const QJsonObject told = QJsonDocument::fromJson(version.out).object();
    QVERIFY(told.value("exists"_L1).toBool());
    QVERIFY(!told.value("version"_L1).toString().isEmpty());

    const Run sweep = runProgram({u"--json"_s, u"sweep"_s, m_scratch->path()});
    QCOMPARE(sweep.status, 0);
    const QJsonObject swept = QJsonDocument::fromJson(sweep.out).object();
    QVERIFY(swept.value("removed"_L1).isArray());
    QVERIFY(swept.value("removed"_L1).toArray().isEmpty());
    QCOMPARE(swept.value("ok"_L1), QJsonValue(true));
    const Run missing = runProgram({u"sweep"_s, path(u"missing"_s)});
    QCOMPARE(missing.status, 1);
    QCOMPARE(missing.errors.count('\n'), 1);
}

void tst_CliOutput::quiet()
{
    const QString target = path(u"target"_s);
    const Run run = runProgram({u"write"_s, u"--quiet"_s, target}, newContent);
    QCOMPARE(run.status, 0);
    QCOMPARE(run.out + run.errors, QByteArray());

    const Run failed = runProgram({u"write"_s, u"-q"_s, u"--existing=create-new"_s, target}, "x");
    QCOMPARE(failed.status, 1);
    QCOMPARE(failed.out, QByteArray());
    QCOMPARE(failed.errors.count('\n'), 1);
}

void tst_CliOutput::quietJson_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("write") << QStringList{u"write"_s, u"target"_s};
    QTest::newRow("version-of") << QStringList{u"version-of"_s, u"target"_s};
    QTest::newRow("sweep") << QStringList{u"sweep"_s, u"."_s};
}

void tst_CliOutput::quietJson()
{
    QFETCH(const QStringList, arguments);

    // --quiet is about what a person reads; whoever asks for JSON means to get it.
    QProcess process;
    process.setWorkingDirectory(m_scratch->path());
    startProgram(process, arguments + QStringList{u"--json"_s, u"--quiet"_s});
    const Run run = finishProgram(process);
    QCOMPARE(run.status, 0);
    QCOMPARE(run.errors, QByteArray());
    QCOMPARE(run.out.count('\n'), 1);
    QCOMPARE(QJsonDocument::fromJson(run.out).object().value("command"_L1).toString(),
             arguments.constFirst());
}

QTEST_GUILESS_MAIN(tst_CliOutput)
#include "tst_cli_output.moc"
