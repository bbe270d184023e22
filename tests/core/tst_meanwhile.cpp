// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// What other programs do to the target and its directory while it is being replaced.
#include "core/operations.h"
#include "outcome_text.h"
#include "support/memory_filesystem.h"
#include "support/recording_filesystem.h"

#include <QtTest>

using namespace atomicfile;
using namespace atomicfile::test;

namespace {

/// Of the other program's operation.
const Path key = "abcdefghijklmnopqrst";
const Path displaced = ".af-old-target.abcdefghijklmnopqrst";

/// What follows in the middle of another program's replace.
enum class Then { GoesOn, Stays, Cancel };

class Switch final : public Monitor
{
public:
    bool isCancelled() noexcept override { return cancelled; }
    void progress(std::int64_t, std::int64_t) noexcept override { }

    bool cancelled = false;
};

Outcome write(FileSystem &system, const Path &path, Monitor &monitor)
{
    return writeFile(system, path, bytesOf("new"), {}, monitor);
}

Outcome write(FileSystem &system, const Path &path)
{
    NullMonitor monitor;
    return write(system, path, monitor);
}

/// The index of the first call that asks for the target.
std::size_t firstLook(const RecordingFileSystem &recording)
{
    const auto records = recording.records();
    std::size_t index = 0;
    while (records.at(index).call != Call::Stat)
        ++index;
    return index;
}

MemoryOptions windows()
{
    MemoryOptions options;
    options.profile = Profile::Windows;
    return options;
}

} // namespace

class MeanwhileTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void directoryMoved();
    void targetRemoved_data();
    void targetRemoved();
    void halfReplacedForAMoment();
    void halfReplacedByALivingProcess_data();
    void halfReplacedByALivingProcess();
    void halfReplacedByADeadProcess();
    void halfReplacedAndFinishedByOthers_data();
    void halfReplacedAndFinishedByOthers();
    void anotherTargetIsHalfReplaced();
    void severalCrashesWereHalfWay_data();
    void severalCrashesWereHalfWay();
    void halfReplacedWithoutLocks();
};

/// The directory is renamed and another one put in its place while the file is being written: what was
/// opened is what is written to.
void MeanwhileTest::directoryMoved()
{
    MemoryFileSystem system;
    system.addDirectory("/place");
    system.addFile("/place/file", "old");
    RecordingFileSystem recording(system);
    recording.setBefore([&](std::size_t, const CallRecord &record) {
        if (record.call != Call::WriteAt)
            return;
        const auto root = system.openDirectory("/", DirectoryAccess::Read).value();
        QVERIFY(system.rename(root, "place", root, "moved").ok());
        QVERIFY(system.closeDirectory(root).ok());
        system.addDirectory("/place");
        system.addFile("/place/file", "a trap");
    });
    QCOMPARE(summary(write(recording, "/place/file")), std::string("ok, Replaced"));
    QVERIFY(system.content("/place/file") == "a trap");
    QVERIFY(system.content("/moved/file") == "new");
    QVERIFY(system.listing("/moved") == std::vector<std::string>{"file"});
}

void MeanwhileTest::targetRemoved_data()
{
    QTest::addColumn<Profile>("profile");
    QTest::newRow("Linux") << Profile::Linux;
    QTest::newRow("Windows") << Profile::Windows;
}

/// Whoever saves means the name; that another program removes the file takes nothing from that.
void MeanwhileTest::targetRemoved()
{
    QFETCH(Profile, profile);
    MemoryOptions options;
    options.profile = profile;
    for (std::size_t moment = 0;; ++moment) {
        MemoryFileSystem system(options);
        system.addFile("/target", "old", 0600);
        RecordingFileSystem recording(system);
        bool isPublished = false;
        recording.setBefore([&](std::size_t index, const CallRecord &record) {
            isPublished = isPublished || record.call == Call::Replace
                || record.call == Call::Rename;
            if (index == moment && !isPublished)
                system.remove("/target");
        });
        const Outcome outcome = write(recording, "/target");
        QVERIFY2(summary(outcome) == "ok, Replaced", summary(outcome).c_str());
        QCOMPARE(system.content("/target"), std::optional<std::string>("new"));
        QCOMPARE(system.listing("/").size(), std::size_t(1));
        // Before it is seen there is nothing to keep.
        const bool isSeen = moment > firstLook(recording);
        if (isSeen && profile == Profile::Linux)
            QCOMPARE(system.infoOf("/target").mode, ModeBits(0600));
        if (moment >= recording.records().size())
            break;
    }
}

/// Another program is between the two steps of replacing the same target.
void MeanwhileTest::halfReplacedForAMoment()
{
    MemoryOptions options;
    options.profile = Profile::Windows;
    MemoryFileSystem system(options);
    system.addFile("/target", "old");
    const auto root = system.openDirectory("/", DirectoryAccess::Read).value();
    int replaces = 0;
    RecordingFileSystem recording(system);
    recording.setBefore([&](std::size_t, const CallRecord &record) {
        if (record.call == Call::Replace && ++replaces == 1)
            QVERIFY(system.rename(root, "target", root, "elsewhere").ok());
    });
    recording.setAfter([&](std::size_t, const CallRecord &record) {
        if (record.call == Call::Replace && replaces == 1)
            QVERIFY(system.rename(root, "elsewhere", root, "target").ok());
    });
    const Outcome outcome = write(recording, "/target");
    QVERIFY2(summary(outcome) == "ok, Replaced", summary(outcome).c_str());
    QCOMPARE(outcome.attempts, 2);
    QVERIFY(outcome.losses == Losses());
    QCOMPARE(system.content("/target"), std::optional<std::string>("new"));
    QCOMPARE(system.listing("/").size(), std::size_t(1));
    QVERIFY(system.closeDirectory(root).ok());
}

void MeanwhileTest::halfReplacedByALivingProcess_data()
{
    QTest::addColumn<Then>("then");
    QTest::addColumn<std::string>("expected");
    QTest::addColumn<bool>("loses");
    QTest::newRow("it goes on") << Then::GoesOn << std::string("ok, Replaced") << false;
    QTest::newRow("it stays as it is") << Then::Stays << std::string("ok, Replaced") << true;
    QTest::newRow("this one is cancelled")
        << Then::Cancel << std::string("Cancelled at Publish, Unchanged") << false;
}

/// It is waited for, since the access control list comes back with what it does.
void MeanwhileTest::halfReplacedByALivingProcess()
{
    QFETCH(Then, then);
    QFETCH(std::string, expected);
    QFETCH(bool, loses);
    MemoryFileSystem system(windows());
    system.addFile("/target", "old");
    const auto root = system.openDirectory("/", DirectoryAccess::Read).value();
    FileHandle held;
    Switch monitor;
    RecordingFileSystem recording(system);
    recording.setBefore([&](std::size_t, const CallRecord &record) {
        if (record.call == Call::SyncFile && !held.isOpen()) {
            QVERIFY(system.rename(root, "target", root, displaced).ok());
            held = system.openFile(root, displaced, FileAccess::Attributes).value();
            QVERIFY(system.lockFile(held, key).ok());
        }
        if (record.call != Call::Pause)
            return;
        monitor.cancelled = then == Then::Cancel;
        if (then == Then::GoesOn && !system.content("/target"))
            system.addFile("/target", "of the other");
    });
    const Outcome outcome = write(recording, "/target", monitor);
    QCOMPARE(summary(outcome), expected);
    QCOMPARE(outcome.losses != 0, loses);
    QCOMPARE(recording.count(Call::Pause) == 1, then != Then::Stays);
    QCOMPARE(system.content("/target"),
             then == Then::Cancel ? std::nullopt : std::optional<std::string>("new"));
    // The other program's file is its own affair, and nothing else is left.
    QVERIFY(system.content("/" / displaced) == "old");
    QCOMPARE(system.listing("/").size(), std::size_t(then == Then::Cancel ? 1 : 2));
    QVERIFY(system.closeFile(held).ok());
    QVERIFY(system.closeDirectory(root).ok());
}

/// Nobody finishes that, so it is taken back at once, and then replaced as a whole.
void MeanwhileTest::halfReplacedByADeadProcess()
{
    MemoryFileSystem system(windows());
    system.addFile("/target", "old");
    const auto root = system.openDirectory("/", DirectoryAccess::Read).value();
    bool isDone = false;
    RecordingFileSystem recording(system);
    recording.setBefore([&](std::size_t, const CallRecord &record) {
        if (record.call == Call::SyncFile && !std::exchange(isDone, true))
            QVERIFY(system.rename(root, "target", root, displaced).ok());
    });
    const Outcome outcome = write(recording, "/target");
    QCOMPARE(summary(outcome), std::string("ok, Replaced"));
    QCOMPARE(outcome.losses, Losses());
    QCOMPARE(recording.count(Call::Pause), std::size_t(0));
    QCOMPARE(system.content("/target"), std::optional<std::string>("new"));
    QCOMPARE(system.listing("/").size(), std::size_t(1));
    QVERIFY(system.closeDirectory(root).ok());
}

void MeanwhileTest::halfReplacedAndFinishedByOthers_data()
{
    QTest::addColumn<bool>("isRemoved");
    QTest::addColumn<Call>("before");
    for (const Call call :
         {Call::ReadDirectory, Call::OpenFile, Call::LockFile, Call::Stat, Call::RenameNoReplace}) {
        QTest::addRow("removed before %s", callName(call).data()) << true << call;
        QTest::addRow("left before %s", callName(call).data()) << false << call;
    }
}

/// From the first look, which finds no target, to where the old file would get its name back, others
/// may come and put a whole new one there, with or without removing what a dead one has left.
void MeanwhileTest::halfReplacedAndFinishedByOthers()
{
    QFETCH(bool, isRemoved);
    QFETCH(Call, before);
    MemoryFileSystem system(windows());
    system.addFile("/" / displaced, "old");
    bool isSeen = false;
    bool isDone = false;
    RecordingFileSystem recording(system);
    recording.setBefore([&](std::size_t, const CallRecord &record) {
        if (isSeen && record.call == before && !std::exchange(isDone, true)) {
            system.addFile("/target", "of the other", 0604);
            if (isRemoved)
                system.remove("/" / displaced);
        }
        isSeen = isSeen || record.call == Call::Stat;
    });
    Options options;
    options.existing = Existing::MustExist;
    NullMonitor monitor;
    const Outcome outcome = writeFile(recording, "/target", bytesOf("new"), options, monitor);
    QVERIFY2(summary(outcome) == "ok, Replaced", summary(outcome).c_str());
    QVERIFY(isDone);
    QCOMPARE(outcome.losses, Losses());
    QCOMPARE(system.content("/target"), std::optional<std::string>("new"));
    QCOMPARE(system.listing("/").size(), std::size_t(1));
}

/// Another program is at work on a file whose name begins with that of the target and a dot.
void MeanwhileTest::anotherTargetIsHalfReplaced()
{
    MemoryFileSystem system(windows());
    const Path others = ".af-old-target.txt.abcdefghijklmnopqrst";
    system.addFile("/" / others, "of the other");
    const auto root = system.openDirectory("/", DirectoryAccess::Read).value();
    const auto held = system.openFile(root, others, FileAccess::Attributes).value();
    QVERIFY(system.lockFile(held, key).ok());
    RecordingFileSystem recording(system);
    const Outcome outcome = write(recording, "/target");
    QCOMPARE(summary(outcome), std::string("ok, Replaced"));
    QCOMPARE(recording.count(Call::Pause), std::size_t(0));
    QVERIFY(system.content("/" / others) == "of the other");
    QVERIFY(system.closeFile(held).ok());
    QVERIFY(system.closeDirectory(root).ok());
}

void MeanwhileTest::severalCrashesWereHalfWay_data()
{
    QTest::addColumn<bool>("lastIsListedFirst");
    QTest::addColumn<bool>("bySweep");
    for (const bool bySweep : {false, true}) {
        const char *by = bySweep ? "sweep" : "save";
        QTest::addRow("%s, the last is listed last", by) << false << bySweep;
        QTest::addRow("%s, the last is listed first", by) << true << bySweep;
    }
}

/// The first one ended after it had published, with the old file still there.
void MeanwhileTest::severalCrashesWereHalfWay()
{
    QFETCH(bool, lastIsListedFirst);
    QFETCH(bool, bySweep);
    MemoryFileSystem system(windows());
    const std::string prefix = "/.af-old-target.";
    const std::string a(20, 'a');
    const std::string b(20, 'b');
    system.addFile(prefix + (lastIsListedFirst ? b : a), "older");
    system.addFile(prefix + (lastIsListedFirst ? a : b), "the last");
    if (!bySweep) {
        Options options;
        options.backup.generations = 1;
        NullMonitor monitor;
        const Outcome outcome = writeFile(system, "/target", bytesOf("new"), options, monitor);
        QCOMPARE(summary(outcome), std::string("ok, Replaced"));
        QVERIFY(system.content("/target~") == "the last");
    }
    QVERIFY(!sweep(system, "/").failure);
    QVERIFY(system.content("/target") == (bySweep ? "the last" : "new"));
    if (bySweep) // In one go if the last is looked at first.
        QVERIFY(!sweep(system, "/").failure);
    QVERIFY(system.listing("/").size() == std::size_t(bySweep ? 1 : 2));
}

/// A server without locks: who is half-way may be alive, but not for as long as is waited for others.
void MeanwhileTest::halfReplacedWithoutLocks()
{
    class NoLocks final : public DecoratedFileSystem
    {
    public:
        using DecoratedFileSystem::DecoratedFileSystem;
        Status lockFile(FileHandle, const Path &) override
        {
            return SystemError{ErrorClass::Unsupported, Call::LockFile, {}};
        }
    };
    MemoryFileSystem memory(windows());
    memory.addFile("/" / displaced, "old");
    NoLocks system(memory);
    const SweepOutcome swept = sweep(system, "/");
    QVERIFY(swept.failure && swept.failure->kind == ErrorClass::Unsupported);
    QVERIFY(memory.content("/" / displaced) == "old");
    Options options;
    options.existing = Existing::MustExist;
    NullMonitor monitor;
    const Outcome outcome = writeFile(system, "/target", bytesOf("new"), options, monitor);
    QVERIFY2(summary(outcome) == "ok, Replaced", summary(outcome).c_str());
    QVERIFY(memory.content("/target") == "new");
    QCOMPARE(memory.listing("/").size(), std::size_t(1));
}

QTEST_APPLESS_MAIN(MeanwhileTest)
#include "tst_meanwhile.moc"
