// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "core/operations.h"
#include "core/staged_name.h"
#include "outcome_text.h"
#include "support/fault_filesystem.h"
#include "support/memory_filesystem.h"
#include "support/recording_filesystem.h"

#include <QtTest>

#include <algorithm>

using namespace atomicfile;
using namespace atomicfile::test;

namespace {

const Path leftover = "/there/.af-abcdefghijklmnopqr23";

} // namespace

class SweepTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void removesWhatACrashLeft();
    void leavesForeignNames_data();
    void leavesForeignNames();
    void leavesForeignKinds();
    void leavesWhatIsLocked();
    void leavesAWriterAlone_data();
    void leavesAWriterAlone();
    void removesStagedLinks();
    void refusesWhatIsNoDirectory();
    void goesOnAfterAFailure();
    void everyErrorIsReported();
    void namesAreRecognised();
    void writerAndSweepLockTheSameKey();
};

void SweepTest::removesWhatACrashLeft()
{
    MemoryFileSystem system;
    system.addDirectory("/there");
    system.addFile(leftover, "half a fi");
    system.addFile("/there/.af-222222222222222222zz", "");
    system.addFile("/there/document", "whole");
    const SweepOutcome swept = sweep(system, "/there");
    QVERIFY(!swept.failure);
    QCOMPARE(swept.removed.size(), std::size_t(2));
    QVERIFY(std::find(swept.removed.begin(), swept.removed.end(), leftover) != swept.removed.end());
    QVERIFY(system.listing("/there") == std::vector<std::string>{"document"});
    QCOMPARE(system.openHandleCount(), std::size_t(0));
}

void SweepTest::leavesForeignNames_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name :
         {".af-", ".af-short", ".af-abcdefghijklmnopqrstu", ".af-ABCDEFGHIJKLMNOPQRST",
          ".af-abcdefghijklmnopqr01", "af-abcdefghijklmnopqrst", ".ag-abcdefghijklmnopqrst",
          ".af-abcdefghij.lmnopqrst", "document.af-abcdefghijklmnopqrst",
          ".af-abcdefghijklmnopqrst~"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void SweepTest::leavesForeignNames()
{
    QFETCH(QString, name);
    MemoryFileSystem system;
    const Path path = Path("/") / name.toStdString();
    system.addFile(path, "somebody's");
    const SweepOutcome swept = sweep(system, "/");
    QVERIFY(!swept.failure);
    QVERIFY(swept.removed.empty());
    QVERIFY(system.content(path) == "somebody's");
}

void SweepTest::leavesForeignKinds()
{
    MemoryFileSystem system;
    system.addDirectory("/there");
    system.addDirectory("/there/.af-directoryabcdefghijk");
    system.addSpecial("/there/.af-fifoabcdefghijklmnop", FileKind::Fifo);
    system.addSpecial("/there/.af-socketabcdefghijklmn", FileKind::Socket);
    system.addSpecial("/there/.af-deviceabcdefghijklmn", FileKind::BlockDevice);
    const auto before = system.listing("/there");
    for (const std::string &name : before)
        QVERIFY2(isStagedName(name), name.c_str());
    const SweepOutcome swept = sweep(system, "/there");
    QVERIFY(!swept.failure);
    QVERIFY(swept.removed.empty());
    QVERIFY(system.listing("/there") == before);
}

void SweepTest::leavesWhatIsLocked()
{
    MemoryFileSystem system;
    system.addDirectory("/there");
    system.addFile(leftover, "being written elsewhere");
    system.lockForeign(leftover);
    const SweepOutcome swept = sweep(system, "/there");
    QVERIFY(!swept.failure);
    QVERIFY(swept.removed.empty());
    QVERIFY(system.exists(leftover));
}

void SweepTest::leavesAWriterAlone_data()
{
    QTest::addColumn<int>("durability");
    QTest::newRow("none") << int(Durability::None);
    QTest::newRow("consistent") << int(Durability::Consistent);
    QTest::newRow("durable") << int(Durability::Durable);
}

/// A sweep before and after every call of a write: it must not disturb it, whenever it comes. Only in
/// the instant between creating the file and locking it may it take the file, and then the write
/// begins anew.
void SweepTest::leavesAWriterAlone()
{
    QFETCH(int, durability);
    MemoryFileSystem system;
    system.addDirectory("/there");
    system.addFile("/there/target", "old");
    RecordingFileSystem recording(system);
    bool wasEmptied = false;
    const auto sweepNow = [&](std::size_t, const CallRecord &record) {
        const bool unlocked = record.call == Call::CreateFile || record.call == Call::LockFile
            || record.call == Call::OpenFile;
        if (unlocked && wasEmptied)
            return;
        const SweepOutcome swept = sweep(system, "/there");
        QVERIFY(!swept.failure);
        if (!swept.removed.empty()) {
            QVERIFY2(unlocked, describe(record).c_str());
            wasEmptied = true;
        }
    };
    recording.setBefore(sweepNow);
    recording.setAfter(sweepNow);
    Options options;
    options.durability = static_cast<Durability>(durability);
    NullMonitor monitor;
    const Outcome outcome = writeFile(recording, "/there/target", bytesOf("new"), options, monitor);
    QCOMPARE(summary(outcome), std::string("ok, Replaced"));
    QVERIFY(wasEmptied);
    QVERIFY(system.content("/there/target") == "new");
    QVERIFY(system.listing("/there") == std::vector<std::string>{"target"});
}

/// What a move of a link between volumes leaves when it dies.
void SweepTest::removesStagedLinks()
{
    MemoryFileSystem system;
    system.addDirectory("/there");
    system.addFile("/there/document", "whole");
    system.addSymlink(leftover, "document");
    const SweepOutcome swept = sweep(system, "/there");
    QVERIFY(!swept.failure);
    QVERIFY(system.listing("/there") == std::vector<std::string>{"document"});
    QVERIFY(system.content("/there/document") == "whole");
}

void SweepTest::refusesWhatIsNoDirectory()
{
    MemoryFileSystem system;
    system.addFile("/file", "");
    QCOMPARE(summary(*sweep(system, "").failure), std::string("InvalidPath at Resolve"));
    QCOMPARE(summary(*sweep(system, Path(std::string("/a\0b", 4))).failure),
             std::string("InvalidPath at Resolve"));
    QCOMPARE(summary(*sweep(system, "/file").failure), std::string("NotFound at Resolve"));
    QCOMPARE(summary(*sweep(system, "/missing").failure), std::string("NotFound at Resolve"));
}

void SweepTest::goesOnAfterAFailure()
{
    MemoryFileSystem system;
    system.addDirectory("/there");
    system.addFile("/there/.af-aaaaaaaaaaaaaaaaaaaa", "");
    system.addFile("/there/.af-bbbbbbbbbbbbbbbbbbbb", "");
    RecordingFileSystem plain(system);
    FaultFileSystem faulty(system);
    // openDirectory, readDirectory, then the first file's stat.
    faulty.setFault({2, ErrorClass::DeviceError, EIO, Fault::Lasting::Once});
    const SweepOutcome swept = sweep(faulty, "/there");
    QVERIFY(swept.failure);
    QCOMPARE(nameOf(swept.failure->kind), nameOf(ErrorClass::DeviceError));
    QVERIFY(swept.removed == std::vector<Path>{"/there/.af-bbbbbbbbbbbbbbbbbbbb"});
    QVERIFY(system.exists("/there/.af-aaaaaaaaaaaaaaaaaaaa"));
}

void SweepTest::everyErrorIsReported()
{
    for (std::size_t index = 0;; ++index) {
        MemoryFileSystem system;
        system.addDirectory("/there");
        system.addFile(leftover, "half");
        FaultFileSystem faulty(system);
        faulty.setFault({index, ErrorClass::DeviceError, EIO, Fault::Lasting::Once});
        RecordingFileSystem recording(faulty);
        const SweepOutcome swept = sweep(recording, "/there");
        if (faulty.faults() == 0)
            return;
        const CallRecord record = recording.records().at(index);
        const bool closes = record.call == Call::CloseFile || record.call == Call::CloseDirectory;
        // Whoever does not get at the state directory has nothing there.
        const bool looks = record.call == Call::OpenDirectory && record.name == "/state/atomicfile";
        QVERIFY2(swept.failure.has_value() != (closes || looks), describe(record).c_str());
        // The state directory is looked at afterwards.
        const bool isGone = !system.exists(leftover);
        QVERIFY(isGone == (closes || looks));
        QCOMPARE(swept.removed.size(), std::size_t(isGone ? 1 : 0));
        QCOMPARE(system.openHandleCount(), std::size_t(0));
    }
}

void SweepTest::namesAreRecognised()
{
    MemoryFileSystem system;
    std::set<Path> seen;
    for (int i = 0; i < 1000; ++i) {
        const auto name = stagedName(system);
        QVERIFY(name.ok());
        QVERIFY2(isStagedName(name.value()), name.value().string().c_str());
        QVERIFY(seen.insert(name.value()).second);
        QCOMPARE((stagedPrefix() += stagedKey(name.value())).string(), name.value().string());
    }
}

/// Else a system that locks the key would let the sweep take the file of a living writer.
void SweepTest::writerAndSweepLockTheSameKey()
{
    MemoryFileSystem system;
    RecordingFileSystem recording(system);
    Path created;
    std::vector<Path> keys;
    recording.setAfter([&](std::size_t, const CallRecord &record) {
        if (record.call == Call::CreateFile)
            created = record.name;
        if (record.call != Call::LockFile)
            return;
        keys.push_back(record.name);
        if (keys.size() == 1)
            (void)sweep(recording, "/"); // Only what it locks matters here.
    });
    NullMonitor monitor;
    QVERIFY(writeFile(recording, "/target", bytesOf("new"), {}, monitor).ok());
    QCOMPARE(keys.size(), std::size_t(2));
    QCOMPARE(keys[0].string(), stagedKey(created).string());
    QCOMPARE(keys[1].string(), keys[0].string());
}

QTEST_APPLESS_MAIN(SweepTest)
#include "tst_sweep.moc"
