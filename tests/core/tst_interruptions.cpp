// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Short transfers and signals are handled once, and nobody sees them.
#include "outcome_text.h"
#include "scenarios.h"
#include "support/fault_filesystem.h"
#include "support/recording_filesystem.h"

#include <QtTest>

using namespace atomicfile;
using namespace atomicfile::test;

class InterruptionTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void shortTransfers_data();
    void shortTransfers();
    void signalsBeforeEveryCall_data();
    void signalsBeforeEveryCall();
    void closesAreNeverRepeated();
    void readingIsInterruptedToo();
    void sweepingIsInterruptedToo();

private:
    static void addScenarios();
    static void verify(const Scenario &one, const MemoryFileSystem &system,
                       const std::vector<Outcome> &outcomes);
    static void verifyEntry(const Scenario &one, const MemoryFileSystem &system,
                            const Outcome &outcome);
};

void InterruptionTest::addScenarios()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("amount");
    for (const Scenario &one : scenarios()) {
        for (const int amount : {1, 7, 4096}) {
            if (one.name == "write large" && amount < 4096)
                continue; // Millions of calls that show nothing more.
            QTest::addRow("%s, %d", one.name.c_str(), amount)
                << QString::fromStdString(one.name) << amount;
        }
    }
}

void InterruptionTest::verify(const Scenario &one, const MemoryFileSystem &system,
                              const std::vector<Outcome> &outcomes)
{
    const std::vector<Scenario> entries = entriesOf(one);
    for (std::size_t i = 0; i < entries.size(); ++i)
        verifyEntry(entries[i], system, outcomes[i]);
    QVERIFY(stagedFiles(system.tree()).empty());
    QCOMPARE(system.openHandleCount(), std::size_t(0));
}

void InterruptionTest::verifyEntry(const Scenario &one, const MemoryFileSystem &system,
                                   const Outcome &outcome)
{
    if (one.refusal) {
        QVERIFY(outcome.failure);
        QCOMPARE(nameOf(outcome.failure->kind), nameOf(*one.refusal));
    } else {
        QCOMPARE(summary(outcome), one.success());
        QVERIFY(system.content(one.resolved) == one.content);
        if (one.operation == Scenario::Operation::Write && !one.skips)
            QCOMPARE(outcome.bytesWritten, static_cast<std::int64_t>(one.content.size()));
    }
}

void InterruptionTest::shortTransfers_data() { addScenarios(); }

void InterruptionTest::shortTransfers()
{
    QFETCH(QString, name);
    QFETCH(int, amount);
    const Scenario &one = scenario(name.toStdString());
    const auto system = prepare(one);
    FaultFileSystem slow(*system);
    slow.limitTransfers(static_cast<std::size_t>(amount));
    verify(one, *system, runEntries(slow, one));
}

void InterruptionTest::signalsBeforeEveryCall_data()
{
    QTest::addColumn<QString>("name");
    for (const Scenario &one : scenarios())
        QTest::newRow(one.name.c_str()) << QString::fromStdString(one.name);
}

void InterruptionTest::signalsBeforeEveryCall()
{
    QFETCH(QString, name);
    const Scenario &one = scenario(name.toStdString());
    for (const std::size_t times : {1u, 3u, 50u}) {
        const auto system = prepare(one);
        FaultFileSystem interrupted(*system);
        interrupted.interruptEach(times);
        verify(one, *system, runEntries(interrupted, one));
    }
}

/// A handle whose close was interrupted is gone; its number may be somebody else's by then.
void InterruptionTest::closesAreNeverRepeated()
{
    const Scenario &one = scenario("write existing, durable");
    const auto quiet = prepare(one);
    RecordingFileSystem plain(*quiet);
    (void)run(plain, one); // Only its calls matter.
    const auto records = plain.records();
    for (std::size_t index = 0; index < records.size(); ++index) {
        const Call call = records[index].call;
        if (call != Call::CloseFile && call != Call::CloseDirectory)
            continue;
        const auto system = prepare(one);
        FaultFileSystem faulty(*system);
        faulty.setFault({index, ErrorClass::Interrupted, EINTR, Fault::Lasting::Once});
        RecordingFileSystem recording(faulty);
        (void)run(recording, one); // What it says of it is a matter of tst_faults.
        QCOMPARE(faulty.faults(), std::size_t(1));
        std::set<std::intptr_t> closed;
        for (const CallRecord &record : recording.records()) {
            if (record.call == Call::CloseFile)
                QVERIFY(closed.insert(record.file.value).second);
            else if (record.call == Call::CloseDirectory)
                QVERIFY(closed.insert(record.directory.value).second);
        }
    }
}

void InterruptionTest::readingIsInterruptedToo()
{
    MemoryFileSystem system;
    system.addFile("/file", "content that is read in pieces");
    FaultFileSystem slow(system);
    slow.interruptEach(2);
    slow.limitTransfers(3);
    const auto content = readText(slow, "/file");
    QVERIFY(content.ok());
    QCOMPARE(content.value().content, std::string("content that is read in pieces"));
    QVERIFY(content.value().version == versionOf(slow, "/file").value());
    QCOMPARE(system.openHandleCount(), std::size_t(0));
}

void InterruptionTest::sweepingIsInterruptedToo()
{
    MemoryFileSystem system;
    system.addFile("/.af-abcdefghijklmnopqrst", "left by a crash");
    FaultFileSystem interrupted(system);
    interrupted.interruptEach(2);
    const SweepOutcome swept = sweep(interrupted, "/");
    QVERIFY(!swept.failure);
    QCOMPARE(swept.removed.size(), std::size_t(1));
    QVERIFY(system.listing("/").empty());
}

QTEST_APPLESS_MAIN(InterruptionTest)
#include "tst_interruptions.moc"
