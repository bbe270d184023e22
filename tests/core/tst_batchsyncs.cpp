// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Which groups the files of a batch are committed in, what is synced for them, and what that is worth.
#include "batch_requests.h"
#include "support/fault_filesystem.h"
#include "support/recording_filesystem.h"

#include <QtTest>

#include <algorithm>
#include <cerrno>
#include <chrono>

using namespace atomicfile;
using namespace atomicfile::test;

class BatchSyncTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void syncsOfAGroup_data();
    void syncsOfAGroup();
    void syncsOfAVolume_data();
    void syncsOfAVolume();
    void waitsForOthersWhereThatIsQuicker_data();
    void waitsForOthersWhereThatIsQuicker();
    void emptiesCachesOnce_data();
    void emptiesCachesOnce();
    void writesAgainWhereTheCacheWasNotEmptied();
    void emptiesTheCacheOfEachVolume();
    void namesAreDurableBeforeTheOldFilesGo();
    void aPowerCutAfterTheSyncOfAVolume();
    void tellsWhoseTheErrorIs();
    void takesHalfOfTheOpenFiles_data();
    void takesHalfOfTheOpenFiles();
    void directoriesOfOneIdentity();
};

void BatchSyncTest::syncsOfAGroup_data()
{
    QTest::addColumn<int>("files");
    QTest::addColumn<int>("groups");
    QTest::newRow("one") << 1 << 1;
    QTest::newRow("two") << 2 << 1;
    QTest::newRow("as many as fit") << 64 << 1;
    QTest::newRow("one more") << 65 << 2;
    QTest::newRow("many") << 200 << 4;
}

/// Each file once, and the directory that they are all in once for each group.
void BatchSyncTest::syncsOfAGroup()
{
    QFETCH(int, files);
    QFETCH(int, groups);
    NumberedFiles numbered(files);
    RecordingFileSystem &recording = numbered.recording;
    verifyAllWritten(numbered.batch, numbered.system, numbered.batch.write(recording));
    QCOMPARE(recording.count(Call::SyncFile), static_cast<std::size_t>(files));
    QCOMPARE(recording.count(Call::SyncDirectory), static_cast<std::size_t>(groups));
    // All of a group are durable before the first of it is published.
    std::size_t unpublished = 0;
    for (const CallRecord &record : recording.records()) {
        if (record.call == Call::SyncFile)
            ++unpublished;
        else if (record.call == Call::Rename && unpublished > 0)
            QVERIFY(unpublished == 64 || unpublished == static_cast<std::size_t>(files) % 64);
        if (record.call == Call::Rename)
            unpublished = 0;
    }
}

void BatchSyncTest::syncsOfAVolume_data()
{
    QTest::addColumn<int>("files");
    QTest::addColumn<int>("volumes"); // syncs of it
    QTest::addColumn<int>("singles"); // syncs of files
    QTest::newRow("one") << 1 << 0 << 1;
    QTest::newRow("two") << 2 << 0 << 2;
    QTest::newRow("three") << 3 << 1 << 0;
    QTest::newRow("as many as fit") << 64 << 1 << 0;
    QTest::newRow("one more") << 65 << 1 << 1;
    QTest::newRow("a thousand") << 1000 << 16 << 0;
}

/// Where the system offers it, the content of a group takes one sync, and the names another.
void BatchSyncTest::syncsOfAVolume()
{
    QFETCH(int, files);
    QFETCH(int, volumes);
    QFETCH(int, singles);
    MemoryOptions options;
    options.hasVolumeSync = true;
    NumberedFiles numbered(files, options);
    RecordingFileSystem &recording = numbered.recording;
    verifyAllWritten(numbered.batch, numbered.system, numbered.batch.write(recording));
    QCOMPARE(recording.count(Call::SyncVolume), static_cast<std::size_t>(volumes));
    QCOMPARE(recording.count(Call::SyncFile), static_cast<std::size_t>(singles));
    QCOMPARE(recording.count(Call::SyncDirectory), static_cast<std::size_t>(files + 63) / 64);
}

void BatchSyncTest::waitsForOthersWhereThatIsQuicker_data()
{
    constexpr std::int64_t MiB = 1 << 20;
    QTest::addColumn<qint64>("foreignBytes");
    QTest::addColumn<int>("milliseconds"); // that a sync of a file takes
    QTest::addColumn<int>("volumes");      // syncs of it that were asked for
    QTest::addColumn<int>("singles");
    QTest::newRow("little, fast disk") << qint64(16 * MiB) << 0 << 1 << 0;
    QTest::newRow("much, fast disk") << qint64(17 * MiB) << 0 << 1 << 64;
    QTest::newRow("much, slow disk") << qint64(17 * MiB) << 5 << 2 << 2;
    QTest::newRow("very much, slow disk") << qint64(80 * MiB) << 5 << 2 << 64;
}

/// A sync of the volume waits for what other programs have written, too.
void BatchSyncTest::waitsForOthersWhereThatIsQuicker()
{
    QFETCH(qint64, foreignBytes);
    QFETCH(int, milliseconds);
    QFETCH(int, volumes);
    QFETCH(int, singles);
    MemoryOptions options;
    options.hasVolumeSync = true;
    options.foreignBytes = foreignBytes;
    options.syncTime = std::chrono::milliseconds(milliseconds);
    NumberedFiles numbered(64, options);
    RecordingFileSystem &recording = numbered.recording;
    verifyAllWritten(numbered.batch, numbered.system, numbered.batch.write(recording));
    QCOMPARE(recording.count(Call::SyncVolume), static_cast<std::size_t>(volumes));
    QCOMPARE(recording.count(Call::SyncFile), static_cast<std::size_t>(singles));
}

void BatchSyncTest::emptiesCachesOnce_data()
{
    QTest::addColumn<int>("profile");
    QTest::addColumn<bool>("hasWriteOut");
    QTest::addColumn<int>("files");
    QTest::addColumn<int>("folders");
    QTest::addColumn<bool>("isThere");
    QTest::addColumn<QString>("expected"); // files: synced, before that written out; directories
    const int macos = int(Profile::Darwin);
    const int windows = int(Profile::Windows);
    QTest::newRow("macOS, one") << macos << true << 1 << 1 << true << "1 0 1 0";
    QTest::newRow("macOS, two") << macos << true << 2 << 1 << true << "1 2 1 0";
    QTest::newRow("macOS, as many as fit") << macos << true << 64 << 1 << true << "1 64 1 0";
    QTest::newRow("macOS, one more") << macos << true << 65 << 1 << true << "2 64 2 0";
    QTest::newRow("macOS, three directories") << macos << true << 9 << 3 << false << "1 9 1 3";
    QTest::newRow("macOS, a server") << macos << false << 9 << 3 << false << "9 0 3 0";
    QTest::newRow("Windows, one, new") << windows << true << 1 << 1 << false << "1 0 0 0";
    QTest::newRow("Windows, new") << windows << true << 9 << 3 << false << "1 9 0 0";
    // What takes the place of another is synced once more there.
    QTest::newRow("Windows, one") << windows << true << 1 << 1 << true << "2 0 0 0";
    QTest::newRow("Windows") << windows << true << 9 << 3 << true << "2 18 0 0";
    QTest::newRow("Windows, a server") << windows << false << 9 << 3 << true << "18 0 0 0";
    QTest::newRow("Linux") << int(Profile::Linux) << true << 9 << 3 << true << "9 0 3 0";
}

/// All are handed to the device, whose cache is emptied once for the content, and once for the names.
void BatchSyncTest::emptiesCachesOnce()
{
    QFETCH(int, profile);
    QFETCH(bool, hasWriteOut);
    QFETCH(int, files);
    QFETCH(int, folders);
    QFETCH(bool, isThere);
    QFETCH(QString, expected);
    MemoryOptions options;
    options.profile = Profile(profile);
    options.hasWriteOut = hasWriteOut;
    MemoryFileSystem system(options);
    Batch batch(static_cast<std::size_t>(files));
    for (int i = 0; i < files; ++i) {
        const Path folder = "/" + std::to_string(i % folders);
        if (i < folders)
            system.addDirectory(folder);
        const Path target = folder / std::to_string(i);
        if (isThere)
            system.addFile(target, "old");
        batch.add(target, "content");
    }
    system.beginTracking();
    RecordingFileSystem recording(system);
    verifyAllWritten(batch, system, batch.write(recording));
    QStringList counts;
    for (const Call call :
         {Call::SyncFile, Call::WriteOutFile, Call::SyncDirectory, Call::WriteOutDirectory}) {
        const bool isInVain = (call == Call::WriteOutFile || call == Call::WriteOutDirectory)
            && (!hasWriteOut || Profile(profile) == Profile::Linux);
        counts.append(QString::number(isInVain ? 0 : recording.count(call)));
    }
    QCOMPARE(counts.join(u' '), expected);
    for (const CrashModel model : system.crashModels()) {
        for (const Tree &state : system.crashStates(model)) {
            for (const WriteRequest &request : batch.requests())
                QCOMPARE(state.content(request.target).value_or("nothing"), std::string("content"));
        }
    }
}

/// The sync that was to empty the cache fails, and what it held is gone: all are written once more, each by itself.
void BatchSyncTest::writesAgainWhereTheCacheWasNotEmptied()
{
    MemoryOptions options;
    options.profile = Profile::Darwin;
    MemoryFileSystem system(options);
    system.addDirectory("/there");
    system.beginTracking();
    RecordingFileSystem recording(system);
    FaultFileSystem failing(recording);
    Batch batch(4);
    batch.addNumbered(4);
    NumberedFiles numbered(4, options);
    (void)numbered.batch.write(numbered.recording); // To know which call it is.
    const auto records = numbered.recording.records();
    const auto found = std::find_if(records.begin(), records.end(), [](const CallRecord &record) {
        return record.call == Call::SyncFile;
    });
    failing.setFault(
        {static_cast<std::size_t>(found - records.begin()), ErrorClass::DeviceError, EIO});
    failing.setOnFault([&](const CallRecord &record) { system.noteSyncFailed(record.file); });
    verifyAllWritten(batch, system, batch.write(failing));
    QCOMPARE(recording.count(Call::WriteOutFile), std::size_t(4));
    QCOMPARE(recording.count(Call::SyncFile), std::size_t(4));
    for (const CrashModel model : system.crashModels()) {
        for (const Tree &state : system.crashStates(model)) {
            for (std::size_t i = 0; i < 4; ++i)
                QVERIFY(state.content(batch.requests()[i].target) == batch.content(i));
        }
    }
}

/// Each volume has a device of its own.
void BatchSyncTest::emptiesTheCacheOfEachVolume()
{
    MemoryOptions options;
    options.profile = Profile::Darwin;
    MemoryFileSystem system(options);
    system.addDirectory("/here");
    system.addDirectory("/there");
    system.mount("/there");
    Batch batch(4);
    for (const char *name : {"/here/one", "/there/one", "/here/two", "/there/two"})
        batch.add(name, "content");
    system.beginTracking();
    RecordingFileSystem recording(system);
    verifyAllWritten(batch, system, batch.write(recording));
    QCOMPARE(recording.count(Call::WriteOutFile), std::size_t(4));
    QCOMPARE(recording.count(Call::SyncFile), std::size_t(2));
    for (const CrashModel model : system.crashModels()) {
        for (const Tree &state : system.crashStates(model)) {
            for (const WriteRequest &request : batch.requests())
                QVERIFY(state.content(request.target) == std::string("content"));
        }
    }
}

/// On Windows what removes the files that were replaced writes the journal through. Without that the names are on
/// the medium all the same.
void BatchSyncTest::namesAreDurableBeforeTheOldFilesGo()
{
    MemoryOptions options;
    options.profile = Profile::Windows;
    NumberedFiles numbered(3, options);
    for (const WriteRequest &request : numbered.batch.requests())
        numbered.system.addFile(request.target, "old");
    numbered.system.beginTracking();
    FaultFileSystem failing(numbered.recording);
    failing.pretend(Call::Unlink);
    for (const Outcome &outcome : numbered.batch.write(failing))
        QCOMPARE(summary(outcome), std::string("ok, Replaced"));
    QCOMPARE(numbered.recording.count(Call::Unlink), std::size_t(0));
    for (const Tree &state : numbered.system.crashStates(CrashModel::Ordered)) {
        for (std::size_t i = 0; i < 3; ++i)
            QVERIFY(state.content(numbered.batch.requests()[i].target)
                    == numbered.batch.content(i));
    }
}

/// From the sync of the volume on each target is the old or the new file, and at the end the new one.
void BatchSyncTest::aPowerCutAfterTheSyncOfAVolume()
{
    MemoryOptions options;
    options.hasVolumeSync = true;
    MemoryFileSystem system(options);
    system.addDirectory("/there");
    Batch batch(3);
    batch.addNumbered(3);
    for (const WriteRequest &request : batch.requests())
        system.addFile(request.target, "old");
    system.beginTracking();
    RecordingFileSystem recording(system);
    std::size_t moments = 0;
    bool isSynced = false;
    QStringList problems;
    const auto look = [&](bool isDone) {
        ++moments;
        for (const CrashModel model : system.crashModels()) {
            for (const Tree &state : system.crashStates(model)) {
                for (std::size_t i = 0; i < 3; ++i) {
                    const auto found = state.content(batch.requests()[i].target);
                    if (found != batch.content(i) && (isDone || found != std::string("old")))
                        problems.append(QString::fromStdString(found.value_or("nothing")));
                }
            }
        }
    };
    recording.setAfter([&](std::size_t, const CallRecord &record) {
        isSynced = isSynced || record.call == Call::SyncVolume;
        if (isSynced)
            look(false);
    });
    for (const Outcome &outcome : batch.write(recording))
        QCOMPARE(summary(outcome), std::string("ok, Replaced"));
    look(true);
    QCOMPARE(problems, QStringList());
    QVERIFY(moments > 8);
}

/// The sync of a volume fails for all: each is written once more, and its own sync tells which one it was.
void BatchSyncTest::tellsWhoseTheErrorIs()
{
    MemoryOptions options;
    options.hasVolumeSync = true;
    MemoryFileSystem system(options);
    system.addDirectory("/there");
    RecordingFileSystem recording(system);
    Batch batch(4);
    batch.addNumbered(4);
    (void)batch.write(recording); // To know which call it is.
    std::size_t index = 0;
    const auto records = recording.records();
    while (records[index].call != Call::SyncVolume)
        ++index;

    MemoryFileSystem again(options);
    again.addDirectory("/there");
    RecordingFileSystem seen(again);
    FaultFileSystem failing(seen);
    failing.setFault({index, ErrorClass::DeviceError, EIO});
    verifyAllWritten(batch, again, batch.write(failing));
    QCOMPARE(seen.count(Call::CreateFile),
             std::size_t(8)); // A second sync of the first four proves nothing.
    QCOMPARE(seen.count(Call::SyncFile), std::size_t(4));
}

void BatchSyncTest::takesHalfOfTheOpenFiles_data()
{
    QTest::addColumn<int>("folders");
    QTest::addColumn<bool>("isDurable");
    QTest::addColumn<int>("mostFiles");              // of a group
    QTest::newRow("one folder") << 1 << true << 511; // and that folder
    QTest::newRow("a folder for each") << 1000 << true << 256;
    QTest::newRow("ten folders") << 10 << true << 502;
    QTest::newRow("not synced") << 1 << false << 0; // nothing tells of the groups
}

void BatchSyncTest::takesHalfOfTheOpenFiles()
{
    QFETCH(int, folders);
    QFETCH(bool, isDurable);
    QFETCH(int, mostFiles);
    constexpr int files = 1000;
    MemoryOptions memory;
    memory.openFiles = 1024;
    MemoryFileSystem system(memory);
    Options options;
    options.durability = isDurable ? Durability::Durable : Durability::None;
    Batch batch(files);
    for (int i = 0; i < files; ++i) {
        const Path folder = "/" + std::to_string(i % folders);
        if (i < folders)
            system.addDirectory(folder);
        batch.add(folder / std::to_string(i), "content", options);
    }
    RecordingFileSystem recording(system);
    std::size_t most = 0;
    recording.setAfter(
        [&](std::size_t, const CallRecord &) { most = std::max(most, system.openHandleCount()); });
    verifyAllWritten(batch, system, batch.write(recording));
    // A directory is open for a moment before it is known to be open already.
    QVERIFY2(most >= 512 && most <= 514, qPrintable(QString::number(most)));
    int inGroup = 0;
    int largest = 0;
    for (const CallRecord &record : recording.records()) {
        if (record.call == Call::SyncDirectory) {
            largest = std::max(largest, inGroup);
            inGroup = 0;
        } else if (record.call == Call::Rename) {
            ++inGroup;
        }
    }
    QCOMPARE(largest, mostFiles);
}

/// Some file systems give one identity to directories on different volumes.
void BatchSyncTest::directoriesOfOneIdentity()
{
    class Alike final : public DecoratedFileSystem
    {
    public:
        using DecoratedFileSystem::DecoratedFileSystem;
        Result<FileInfo> statDirectory(DirectoryHandle directory) override
        {
            auto info = DecoratedFileSystem::statDirectory(directory);
            if (info)
                info.value().identity = {1, {1, 1}};
            return info;
        }
    };
    MemoryFileSystem system;
    system.addDirectory("/here");
    system.addDirectory("/there");
    Alike alike(system);
    Batch batch(2);
    batch.add("/here/one", "content of one");
    batch.add("/there/two", "content of two");
    verifyAllWritten(batch, system, batch.write(alike));
}

QTEST_APPLESS_MAIN(BatchSyncTest)
#include "tst_batchsyncs.moc"
