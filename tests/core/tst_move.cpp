// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "core/operations.h"
#include "outcome_text.h"
#include "support/fault_filesystem.h"
#include "support/memory_filesystem.h"
#include "support/recording_filesystem.h"

#include <QtTest>

using namespace atomicfile;
using namespace atomicfile::test;

namespace {

Outcome move(FileSystem &system, const Path &source, const Path &target,
             const Options &options = {})
{
    NullMonitor monitor;
    return moveFile(system, source, target, options, monitor);
}

void build(MemoryFileSystem &system)
{
    system.addDirectory("/a");
    system.addDirectory("/b");
    system.mount("/other");
}

const std::string ok = "ok, Replaced";

} // namespace

class MoveTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void withinAVolumeIsARename();
    void ontoItself();
    void ontoAHardLinkOfItself_data();
    void ontoAHardLinkOfItself();
    void ontoAHardLinkWhileTheSourceIsReplaced();
    void ofAnUnreadableFile();
    void ofASymlink();
    void ofADanglingSymlink();
    void throughASymlinkedTarget();
    void ofADirectory();
    void ofNothing();
    void order();
    void acrossKeepsMetadata();
    void acrossIsFoundByTrying();
    void acrossWhenTheSourceCannotBeRemoved();
    void acrossWhenTheSourceChanges();
    void acrossKeepsTheSourceUntilDurable();
};

void MoveTest::withinAVolumeIsARename()
{
    MemoryFileSystem system;
    build(system);
    system.addFile("/a/file", "content", 04751);
    system.setOwnerOf("/a/file", 1001, 2001);
    const FileInfo before = system.infoOf("/a/file");
    const Outcome outcome = move(system, "/a/file", "/b/file");
    QCOMPARE(summary(outcome), ok);
    const FileInfo after = system.infoOf("/b/file");
    QVERIFY(after.identity == before.identity);
    QCOMPARE(after.mode, before.mode);
    QCOMPARE(after.modified, before.modified);
    QCOMPARE(outcome.bytesWritten, std::int64_t(0));
    QVERIFY(!system.exists("/a/file"));
}

void MoveTest::ontoItself()
{
    MemoryFileSystem system;
    build(system);
    system.addFile("/a/file", "content");
    system.addSymlink("/link", "a/file");
    system.addSymlink("/c", "a");
    for (const char *target : {"/a/file", "/a/../a/file", "/c/file", "/link"}) {
        QCOMPARE(summary(move(system, "/a/file", target)), ok);
        QVERIFY2(system.content("/a/file") == "content", target);
    }
    QCOMPARE(system.infoOf("/link").kind, FileKind::Symlink);
}

void MoveTest::ontoAHardLinkOfItself_data()
{
    QTest::addColumn<QString>("target");
    QTest::newRow("same directory") << QStringLiteral("/a/second");
    QTest::newRow("other directory") << QStringLiteral("/b/second");
}

/// rename says ok to two links of one file and does nothing.
void MoveTest::ontoAHardLinkOfItself()
{
    QFETCH(QString, target);
    MemoryFileSystem system;
    build(system);
    system.addFile("/a/file", "content");
    const Path second = target.toStdString();
    system.addHardLink(second, "/a/file");
    QCOMPARE(summary(move(system, "/a/file", second)), ok);
    QVERIFY(!system.exists("/a/file"));
    QVERIFY(system.content(second) == "content");
    QCOMPARE(system.infoOf(second).linkCount, std::uint64_t(1));
}

/// The source's name goes because it is the same file: a new one of that name is not.
void MoveTest::ontoAHardLinkWhileTheSourceIsReplaced()
{
    MemoryFileSystem system;
    build(system);
    system.addFile("/a/source", "content");
    system.addHardLink("/b/target", "/a/source");
    RecordingFileSystem recording(system);
    recording.setBefore([&](std::size_t, const CallRecord &record) {
        if (record.call != Call::SyncFile)
            return;
        system.remove("/a/source");
        system.addFile("/a/source", "somebody else's");
    });
    QCOMPARE(summary(move(recording, "/a/source", "/b/target")),
             std::string("Conflict at Publish, Unchanged"));
    QVERIFY(system.content("/a/source") == "somebody else's");
    QVERIFY(system.content("/b/target") == "content");
}

/// Renaming asks for no right to the file itself; syncing it does.
void MoveTest::ofAnUnreadableFile()
{
    MemoryFileSystem system;
    build(system);
    system.setModeOf("/a", 0777);
    system.addFile("/a/source", "content", 0200);
    system.setOwnerOf("/a/source", 1001, 2001);
    system.become(1001, 2001);
    const Outcome outcome = move(system, "/a/source", "/a/target");
    QCOMPARE(summary(outcome), ok);
    QVERIFY((outcome.losses & static_cast<unsigned>(Loss::Durability)) != 0);
    QVERIFY(system.exists("/a/target"));
    QVERIFY(!system.exists("/a/source"));
}

void MoveTest::ofASymlink()
{
    for (const char *target : {"/b/moved", "/other/moved"}) {
        MemoryFileSystem system;
        build(system);
        system.addFile("/a/real", "content");
        system.addSymlink("/a/link", "/a/real");
        QCOMPARE(summary(move(system, "/a/link", target)), ok);
        QCOMPARE(system.infoOf(target).kind, FileKind::Symlink);
        QVERIFY(system.content(target) == "content");
        QVERIFY(!system.exists("/a/link"));
        QVERIFY(system.content("/a/real") == "content");
    }
}

void MoveTest::ofADanglingSymlink()
{
    for (const char *target : {"/b/moved", "/other/moved"}) {
        MemoryFileSystem system;
        build(system);
        system.addSymlink("/a/link", "nowhere/at/all");
        QCOMPARE(summary(move(system, "/a/link", target)), ok);
        QCOMPARE(system.tree().inode(target)->destination, std::string("nowhere/at/all"));
        QVERIFY(!system.exists("/a/link"));
    }
}

void MoveTest::throughASymlinkedTarget()
{
    MemoryFileSystem system;
    build(system);
    system.addFile("/a/file", "content");
    system.addFile("/b/real", "old");
    system.addSymlink("/a/target", "/b/real");
    const Outcome outcome = move(system, "/a/file", "/a/target");
    QCOMPARE(summary(outcome), ok);
    QVERIFY(system.content("/b/real") == "content");
    QCOMPARE(system.infoOf("/a/target").kind, FileKind::Symlink);
    QCOMPARE(outcome.target, Path("/b/real"));
}

void MoveTest::ofADirectory()
{
    MemoryFileSystem system;
    build(system);
    for (const char *target : {"/b/new", "/other/new"})
        QCOMPARE(summary(move(system, "/a", target)),
                 std::string("IsDirectory at Inspect, Unchanged"));
    QVERIFY(system.exists("/a"));
}

void MoveTest::ofNothing()
{
    MemoryFileSystem system;
    build(system);
    system.addFile("/b/file", "old");
    QCOMPARE(summary(move(system, "/a/missing", "/b/file")),
             std::string("NotFound at Inspect, Unchanged"));
    QCOMPARE(summary(move(system, "", "/b/file")),
             std::string("InvalidPath at Resolve, Unchanged"));
    QVERIFY(system.content("/b/file") == "old");
}

/// The content, the rename, the file's names, the new name's directory, the old name's directory.
void MoveTest::order()
{
    MemoryFileSystem system;
    build(system);
    system.addFile("/a/file", "content");
    RecordingFileSystem recording(system);
    QCOMPARE(summary(move(recording, "/a/file", "/b/file")), ok);
    std::vector<Call> calls;
    std::vector<std::intptr_t> directories;
    for (const CallRecord &record : recording.records()) {
        if (record.call == Call::SyncFile || record.call == Call::Rename
            || record.call == Call::SyncDirectory)
            calls.push_back(record.call);
        if (record.call == Call::Rename)
            directories = {record.otherDirectory.value, record.directory.value};
    }
    const std::vector<Call> expected{Call::SyncFile, Call::Rename, Call::SyncFile,
                                     Call::SyncDirectory, Call::SyncDirectory};
    QVERIFY(calls == expected);
    std::vector<std::intptr_t> synced;
    for (const CallRecord &record : recording.records()) {
        if (record.call == Call::SyncDirectory)
            synced.push_back(record.directory.value);
    }
    QVERIFY(synced == directories);
}

void MoveTest::acrossKeepsMetadata()
{
    MemoryFileSystem system;
    build(system);
    system.addFile("/other/file", "content", 0751);
    system.setOwnerOf("/other/file", 1001, 2001);
    const FileInfo before = system.infoOf("/other/file");
    const Outcome outcome = move(system, "/other/file", "/a/file");
    QCOMPARE(summary(outcome), ok);
    const FileInfo after = system.infoOf("/a/file");
    QVERIFY(after.identity.volume != before.identity.volume);
    QCOMPARE(after.mode, before.mode);
    QCOMPARE(after.owner, before.owner);
    QCOMPARE(after.group, before.group);
    QCOMPARE(after.modified, before.modified);
    QCOMPARE(after.accessed, before.accessed);
    QCOMPARE(outcome.losses, Losses(0));
    QVERIFY(!system.exists("/other/file"));
}

/// Two mounts of one volume have one number and are two devices all the same.
void MoveTest::acrossIsFoundByTrying()
{
    MemoryFileSystem system;
    build(system);
    system.addFile("/a/file", "content");
    RecordingFileSystem plain(system);
    QCOMPARE(summary(move(plain, "/a/file", "/b/file")), ok);
    const auto records = plain.records();
    std::size_t index = 0;
    while (records.at(index).call != Call::Rename)
        ++index;
    system.addFile("/a/again", "content");
    FaultFileSystem faulty(system);
    faulty.setFault({index, ErrorClass::NotSameDevice, EXDEV, Fault::Lasting::Once});
    system.remove("/b/file");
    const Outcome outcome = move(faulty, "/a/again", "/b/file");
    QCOMPARE(summary(outcome), ok);
    QCOMPARE(faulty.faults(), std::size_t(1));
    QCOMPARE(outcome.bytesWritten, std::int64_t(7));
    QVERIFY(system.content("/b/file") == "content");
    QVERIFY(!system.exists("/a/again"));
}

void MoveTest::acrossWhenTheSourceCannotBeRemoved()
{
    MemoryFileSystem system;
    build(system);
    system.addFile("/other/file", "content");
    system.setModeOf("/other", 0555);
    system.setModeOf("/a", 0777);
    system.become(1001, 2001);
    const Outcome outcome = move(system, "/other/file", "/a/file");
    // The rename may say so before it says that there are two volumes.
    QVERIFY(outcome.failure);
    QCOMPARE(summary(outcome), std::string("PermissionDenied at RemoveSource, Replaced"));
    QVERIFY(system.content("/other/file") == "content");
    QVERIFY(system.content("/a/file") == "content");
}

/// What was written into the source after it was copied must not be removed with it.
void MoveTest::acrossWhenTheSourceChanges()
{
    MemoryFileSystem system;
    build(system);
    system.addFile("/other/file", "content");
    RecordingFileSystem recording(system);
    recording.setBefore([&](std::size_t, const CallRecord &record) {
        if (record.call == Call::SyncDirectory && system.content("/other/file") == "content")
            system.overwrite("/other/file", 0, "CONTENT");
    });
    QCOMPARE(summary(move(recording, "/other/file", "/a/file")),
             std::string("Conflict at RemoveSource, Replaced"));
    QVERIFY(system.content("/other/file") == "CONTENT");
    QVERIFY(system.content("/a/file") == "content");
}

void MoveTest::acrossKeepsTheSourceUntilDurable()
{
    MemoryOptions can;
    MemoryFileSystem system(can);
    build(system);
    system.addFile("/other/file", "content");
    RecordingFileSystem recording(system);
    bool synced = false;
    recording.setAfter([&](std::size_t, const CallRecord &record) {
        synced |= record.call == Call::SyncDirectory;
    });
    recording.setBefore([&](std::size_t, const CallRecord &record) {
        if (record.call == Call::Unlink)
            QVERIFY(synced);
    });
    Options options;
    options.durability = Durability::Consistent;
    QCOMPARE(summary(move(recording, "/other/file", "/a/file", options)), ok);
    QVERIFY(synced);
}

QTEST_APPLESS_MAIN(MoveTest)
#include "tst_move.moc"
