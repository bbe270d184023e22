// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Which calls a save makes, one by one: whoever adds one sees it here, and says why in docs/performance.md.
#include "batch_requests.h"
#include "support/recording_filesystem.h"

#include <QtTest>

using namespace atomicfile;
using namespace atomicfile::test;

class CallsOfASaveTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void calls_data();
    void calls();
};

void CallsOfASaveTest::calls_data()
{
    const QString begin = QStringLiteral("openDirectory stat ");
    const QString mayReplace = QStringLiteral("checkWritable ");
    const QString stage = QStringLiteral("random createFile lockFile statFile writeAt ");
    const QString carry = QStringLiteral("openFile statFile readAccessControl readAccessControl "
                                         "listAttributes setMode statFile closeFile ");
    const QString sync = QStringLiteral("syncFile statFile+times ");
    const QString publish = QStringLiteral("stat rename ");
    const QString syncNames = QStringLiteral("syncDirectory ");
    const QString end = QStringLiteral("closeFile closeDirectory");
    QTest::addColumn<bool>("isThere");
    QTest::addColumn<int>("durability");
    QTest::addColumn<QString>("expected");
    QTest::newRow("replacing, durable")
        << true << int(Durability::Durable)
        << begin + mayReplace + stage + carry + sync + publish + syncNames + end;
    QTest::newRow("creating, durable")
        << false << int(Durability::Durable) << begin + stage + sync + publish + syncNames + end;
    QTest::newRow("replacing, consistent")
        << true << int(Durability::Consistent)
        << begin + mayReplace + stage + carry + sync + publish + end;
    QTest::newRow("replacing, not synced") << true << int(Durability::None)
                                           << begin + mayReplace
            + QStringLiteral("random createFile openFile lockFile statFile writeAt ") + carry
            + QStringLiteral("closeFile statFile+times ") + publish + end;
}

void CallsOfASaveTest::calls()
{
    QFETCH(bool, isThere);
    QFETCH(int, durability);
    QFETCH(QString, expected);
    MemoryFileSystem system;
    system.addDirectory("/there");
    if (isThere)
        system.addFile("/there/file", "old");
    RecordingFileSystem recording(system);
    Options options;
    options.durability = static_cast<Durability>(durability);
    Batch content(1);
    content.add("/there/file", "new");
    NullMonitor monitor;
    const Outcome outcome = writeFile(recording, "/there/file", content.requests()[0].bytes,
                                      options, monitor);
    QCOMPARE(summary(outcome), std::string("ok, Replaced"));
    QStringList calls;
    for (const CallRecord &record : recording.records()) {
        const char *times = record.times == Times::Asked ? "+times" : "";
        calls.append(QString::fromUtf8(callName(record.call).data()) + QLatin1String(times));
    }
    QCOMPARE(calls.join(QLatin1Char(' ')), expected);
}

QTEST_APPLESS_MAIN(CallsOfASaveTest)
#include "tst_callsofasave.moc"
