// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// What is done with the bytes: chunks, holes, shared storage, full disks.
#include "core/operations.h"
#include "outcome_text.h"
#include "support/fault_filesystem.h"
#include "support/memory_filesystem.h"
#include "support/recording_filesystem.h"

#include <QtTest>

#include <cerrno>

using namespace atomicfile;
using namespace atomicfile::test;

namespace {

Outcome write(FileSystem &system, const std::string &content, const Options &options = {})
{
    NullMonitor monitor;
    return writeFile(system, "/target", bytesOf(content), options, monitor);
}

Outcome copy(FileSystem &system, const Options &options = {})
{
    NullMonitor monitor;
    return copyFile(system, "/source", "/target", options, monitor);
}

/// One file does not know its length, as on procfs and sysfs.
class WrongLength final : public DecoratedFileSystem
{
public:
    WrongLength(FileSystem &system, const FileIdentity &file, std::int64_t length)
        : DecoratedFileSystem(system)
        , m_file(file)
        , m_length(length)
    {
    }
    Result<FileInfo> statFile(FileHandle file, Times times) override
    {
        auto info = DecoratedFileSystem::statFile(file, times);
        if (info && info.value().identity == m_file)
            info.value().size = m_length;
        return info;
    }

private:
    const FileIdentity m_file;
    const std::int64_t m_length;
};

} // namespace

class ContentTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sizes_data();
    void sizes();
    void reservesLargeContent();
    void fullDiskIsFoundBeforeWriting();
    void fullDiskIsFoundWhileWriting();
    void reservingIsOptional();
    void syncsByDurability_data();
    void syncsByDurability();
    void waysToCopy_data();
    void waysToCopy();
    void clonesToAName_data();
    void clonesToAName();
    void barredWaysLeaveTheOthers_data();
    void barredWaysLeaveTheOthers();
    void holesStayHoles_data();
    void holesStayHoles();
    void copyFollowsTheSource();
    void copyOfASourceOfUnknownLength_data();
    void copyOfASourceOfUnknownLength();
    void copyOfASourceThatCannotBeRead();
    void copyOfAShrinkingSource();
    void copyOntoItself();
};

void ContentTest::sizes_data()
{
    QTest::addColumn<int>("size");
    for (const int size :
         {0, 1, 4095, 4096, 4097, (1 << 20) - 1, 1 << 20, (1 << 20) + 1, (3 << 20) + 17})
        QTest::addRow("%d", size) << size;
}

void ContentTest::sizes()
{
    QFETCH(int, size);
    std::string content;
    while (content.size() < static_cast<std::size_t>(size))
        content += std::to_string(content.size()) + ' ';
    content.resize(static_cast<std::size_t>(size));
    MemoryFileSystem system;
    system.addFile("/target", std::string(static_cast<std::size_t>(size) + 5000, 'o'));
    const Outcome outcome = write(system, content);
    QCOMPARE(summary(outcome), std::string("ok, Replaced"));
    QVERIFY(system.content("/target") == content);
    QCOMPARE(outcome.bytesWritten, std::int64_t(size));
    QCOMPARE(outcome.attempts, 1);
}

void ContentTest::reservesLargeContent()
{
    MemoryFileSystem system;
    RecordingFileSystem recording(system);
    QVERIFY(write(recording, std::string(1000, 'x')).ok());
    QCOMPARE(recording.count(Call::Reserve), std::size_t(0));
    QVERIFY(write(recording, std::string(2 << 20, 'x')).ok());
    QCOMPARE(recording.count(Call::Reserve), std::size_t(1));
}

void ContentTest::fullDiskIsFoundBeforeWriting()
{
    MemoryOptions can;
    can.capacity = 1 << 20;
    MemoryFileSystem system(can);
    system.addFile("/target", "old");
    RecordingFileSystem recording(system);
    QCOMPARE(summary(write(recording, std::string(3 << 20, 'x'))),
             std::string("NoSpace at Write, Unchanged"));
    QCOMPARE(recording.count(Call::WriteAt), std::size_t(0));
    QVERIFY(system.content("/target") == "old");
    QVERIFY(system.listing("/") == std::vector<std::string>{"target"});
}

void ContentTest::fullDiskIsFoundWhileWriting()
{
    MemoryOptions can;
    can.capacity = 5 << 19;
    can.hasReserve = false;
    MemoryFileSystem system(can);
    system.addFile("/target", "old");
    RecordingFileSystem recording(system);
    QCOMPARE(summary(write(recording, std::string(3 << 20, 'x'))),
             std::string("NoSpace at Write, Unchanged"));
    QVERIFY(recording.count(Call::WriteAt) > 1);
    QVERIFY(system.content("/target") == "old");
    QVERIFY(system.listing("/") == std::vector<std::string>{"target"});
}

void ContentTest::reservingIsOptional()
{
    MemoryOptions can;
    can.hasReserve = false;
    MemoryFileSystem system(can);
    const std::string content(2 << 20, 'x');
    QCOMPARE(summary(write(system, content)), std::string("ok, Replaced"));
    QVERIFY(system.content("/target") == content);
}

void ContentTest::syncsByDurability_data()
{
    QTest::addColumn<int>("durability");
    QTest::addColumn<int>("fileSyncs");
    QTest::addColumn<int>("directorySyncs");
    QTest::newRow("none") << int(Durability::None) << 0 << 0;
    QTest::newRow("consistent") << int(Durability::Consistent) << 1 << 0;
    QTest::newRow("durable") << int(Durability::Durable) << 1 << 1;
}

/// Neither fewer nor more: a sync is what a save costs.
void ContentTest::syncsByDurability()
{
    QFETCH(int, durability);
    QFETCH(int, fileSyncs);
    QFETCH(int, directorySyncs);
    Options options;
    options.durability = static_cast<Durability>(durability);
    MemoryFileSystem system;
    RecordingFileSystem recording(system);
    QVERIFY(write(recording, "new", options).ok());
    QCOMPARE(recording.count(Call::SyncFile), static_cast<std::size_t>(fileSyncs));
    QCOMPARE(recording.count(Call::SyncDirectory), static_cast<std::size_t>(directorySyncs));
}

void ContentTest::waysToCopy_data()
{
    QTest::addColumn<bool>("hasClone");
    QTest::addColumn<bool>("hasCopyRange");
    QTest::newRow("clone") << true << true;
    QTest::newRow("copyRange") << false << true;
    QTest::newRow("memory") << false << false;
}

/// The best way that there is, and no other.
void ContentTest::waysToCopy()
{
    QFETCH(bool, hasClone);
    QFETCH(bool, hasCopyRange);
    MemoryOptions can;
    can.hasClone = hasClone;
    can.hasCopyRange = hasCopyRange;
    MemoryFileSystem system(can);
    const std::string content(std::size_t(3) << 20, 'x');
    system.addFile("/source", content, 0640);
    RecordingFileSystem recording(system);
    QCOMPARE(summary(copy(recording)), std::string("ok, Replaced"));
    QVERIFY(system.content("/target") == content);
    QCOMPARE(system.infoOf("/target").mode, ModeBits(0640));
    QCOMPARE(recording.count(Call::CloneContent), std::size_t(1));
    QCOMPARE(recording.count(Call::CopyRange) > 0, !hasClone);
    QCOMPARE(recording.count(Call::WriteAt) > 0, !hasClone && !hasCopyRange);
    QVERIFY(system.content("/source") == content);
}

void ContentTest::clonesToAName_data()
{
    QTest::addColumn<bool>("exists");
    QTest::addColumn<ErrorClass>("barred");
    QTest::addColumn<bool>("clones");
    QTest::newRow("a new target") << false << ErrorClass::Unknown << true;
    // A clone would bring the source's attributes to a target that has its own.
    QTest::newRow("an existing target") << true << ErrorClass::Unknown << false;
    QTest::newRow("not on this volume") << false << ErrorClass::Unsupported << false;
    QTest::newRow("forbidden") << false << ErrorClass::PermissionDenied << false;
}

/// macOS clones only to a name that is free.
void ContentTest::clonesToAName()
{
    QFETCH(bool, exists);
    QFETCH(ErrorClass, barred);
    QFETCH(bool, clones);
    MemoryOptions darwin;
    darwin.profile = Profile::Darwin;
    darwin.hasClone = true;
    MemoryFileSystem system(darwin);
    const std::string content(std::size_t(3) << 20, 'x');
    system.addFile("/source", content, 0640);
    if (exists)
        system.addFile("/target", "old", 0600);
    FaultFileSystem faulty(system);
    if (barred != ErrorClass::Unknown) {
        MemoryFileSystem other(system.tree(), darwin);
        RecordingFileSystem plain(other);
        QVERIFY(copy(plain).ok());
        const auto records = plain.records();
        std::size_t index = 0;
        while (records.at(index).call != Call::CloneFile)
            ++index;
        faulty.setFault({index, barred, 0, Fault::Lasting::Kind});
    }
    RecordingFileSystem recording(faulty);
    QCOMPARE(summary(copy(recording)), std::string("ok, Replaced"));
    QVERIFY(system.content("/target") == content);
    QCOMPARE(system.infoOf("/target").mode, ModeBits(exists ? 0600 : 0640));
    QCOMPARE(recording.count(Call::CloneFile), std::size_t(exists ? 0 : 1));
    QCOMPARE(recording.count(Call::CreateFile), std::size_t(clones ? 0 : 1));
    QCOMPARE(recording.count(Call::WriteAt) > 0, !clones);
}

void ContentTest::barredWaysLeaveTheOthers_data()
{
    QTest::addColumn<ErrorClass>("kind");
    QTest::addColumn<int>("code");
    QTest::newRow("EPERM") << ErrorClass::PermissionDenied << EPERM;
    QTest::newRow("EACCES") << ErrorClass::PermissionDenied << EACCES;
    QTest::newRow("ETXTBSY") << ErrorClass::Busy << ETXTBSY;
    QTest::newRow("ENOSYS") << ErrorClass::Unsupported << ENOSYS;
}

/// A sandbox or a security module may forbid the calls that copy inside the system.
void ContentTest::barredWaysLeaveTheOthers()
{
    QFETCH(ErrorClass, kind);
    QFETCH(int, code);
    for (const Call barred : {Call::CloneContent, Call::CopyRange}) {
        MemoryFileSystem model;
        model.addFile("/source", "content");
        RecordingFileSystem plain(model);
        QVERIFY(copy(plain).ok());
        const auto records = plain.records();
        std::size_t index = 0;
        while (records.at(index).call != barred)
            ++index;
        MemoryFileSystem system;
        system.addFile("/source", "content");
        FaultFileSystem faulty(system);
        faulty.setFault({index, kind, code, Fault::Lasting::Kind});
        QCOMPARE(summary(copy(faulty)), std::string("ok, Replaced"));
        QVERIFY(system.content("/target") == "content");
    }
}

void ContentTest::holesStayHoles_data()
{
    QTest::addColumn<bool>("hasCopyRange");
    QTest::addColumn<bool>("isOtherVolume");
    QTest::newRow("copyRange") << true << false;
    QTest::newRow("memory") << false << false;
    QTest::newRow("move to another volume") << true << true;
}

void ContentTest::holesStayHoles()
{
    QFETCH(bool, hasCopyRange);
    QFETCH(bool, isOtherVolume);
    MemoryOptions can;
    can.hasCopyRange = hasCopyRange;
    MemoryFileSystem system(can);
    system.mount("/other");
    const Path source = isOtherVolume ? "/other/source" : "/source";
    system.addFile(source, "");
    system.overwrite(source, 10 * blockSize + 7, "island");
    system.overwrite(source, 50 * blockSize, std::string(3 * blockSize, 'i'));
    const auto file = [&] {
        const auto root = system.openDirectory(source.parent_path(), DirectoryAccess::Read);
        const auto opened = system.openFile(root.value(), "source", FileAccess::ReadWrite);
        (void)system.setSize(opened.value(), 100 * blockSize + 1); // Nothing limits it here.
        (void)system.closeFile(opened.value());
        (void)system.closeDirectory(root.value());
    };
    file();
    const FileInfo before = system.infoOf(source);
    const auto content = system.content(source);
    NullMonitor monitor;
    const Outcome outcome = isOtherVolume ? moveFile(system, source, "/target", {}, monitor)
                                          : copyFile(system, source, "/target", {}, monitor);
    QCOMPARE(summary(outcome), std::string("ok, Replaced"));
    const FileInfo after = system.infoOf("/target");
    QCOMPARE(after.size, before.size);
    QCOMPARE(after.allocated, before.allocated);
    QVERIFY(system.content("/target") == content);
}

void ContentTest::copyFollowsTheSource()
{
    MemoryFileSystem system;
    system.addFile("/real", "content");
    system.addSymlink("/source", "real");
    QCOMPARE(summary(copy(system)), std::string("ok, Replaced"));
    QCOMPARE(system.infoOf("/target").kind, FileKind::Regular);
    QVERIFY(system.content("/target") == "content");
    QCOMPARE(system.infoOf("/source").kind, FileKind::Symlink);
    system.remove("/real");
    QCOMPARE(summary(copy(system)), std::string("NotFound at Inspect, Unchanged"));
}

void ContentTest::copyOfASourceOfUnknownLength_data()
{
    QTest::addColumn<int>("length");
    QTest::addColumn<bool>("hasCopyRange");
    for (const bool hasCopyRange : {true, false}) {
        const char *way = hasCopyRange ? "copyRange" : "memory";
        QTest::addRow("says that it is empty, %s", way) << 0 << hasCopyRange;
        QTest::addRow("says that it is longer, %s", way) << (8 << 20) << hasCopyRange;
    }
}

void ContentTest::copyOfASourceOfUnknownLength()
{
    QFETCH(int, length);
    QFETCH(bool, hasCopyRange);
    MemoryOptions can;
    can.hasCopyRange = hasCopyRange;
    MemoryFileSystem system(can);
    const std::string content(std::size_t(3) << 20, 'x');
    system.addFile("/source", content);
    WrongLength wrong(system, system.infoOf("/source").identity, length);
    QCOMPARE(summary(copy(wrong)), std::string("ok, Replaced"));
    QVERIFY(system.content("/target") == content);
}

/// What failed is the source, and nobody should look for the fault at the target.
void ContentTest::copyOfASourceThatCannotBeRead()
{
    MemoryOptions can;
    can.hasCopyRange = false;
    MemoryFileSystem model(can);
    model.addFile("/source", "content");
    RecordingFileSystem plain(model);
    QVERIFY(copy(plain).ok());
    const auto records = plain.records();
    std::size_t index = 0;
    while (records.at(index).call != Call::ReadAt)
        ++index;
    MemoryFileSystem system(can);
    system.addFile("/source", "content");
    FaultFileSystem faulty(system);
    faulty.setFault({index, ErrorClass::DeviceError, EIO, Fault::Lasting::Kind});
    const Outcome outcome = copy(faulty);
    QCOMPARE(summary(outcome), std::string("DeviceError at Inspect, Unchanged"));
    QCOMPARE(outcome.failure->path.string(), std::string("/source"));
}

/// Half of a file that somebody cuts meanwhile is nobody's copy.
void ContentTest::copyOfAShrinkingSource()
{
    MemoryOptions can;
    can.hasCopyRange = false;
    MemoryFileSystem system(can);
    system.addFile("/source", std::string(3 << 20, 'x'));
    system.addFile("/target", "old");
    RecordingFileSystem recording(system);
    recording.setAfter([&](std::size_t, const CallRecord &record) {
        if (record.call != Call::WriteAt)
            return;
        const auto root = system.openDirectory("/", DirectoryAccess::Read).value();
        const auto source = system.openFile(root, "source", FileAccess::ReadWrite).value();
        QVERIFY(system.setSize(source, 5).ok());
        QVERIFY(system.closeFile(source).ok());
        QVERIFY(system.closeDirectory(root).ok());
    });
    QCOMPARE(summary(copy(recording)), std::string("Conflict at Inspect, Unchanged"));
    QVERIFY(system.content("/target") == "old");
}

void ContentTest::copyOntoItself()
{
    MemoryFileSystem system;
    system.addFile("/source", "content", 0604);
    system.addSymlink("/link", "source");
    NullMonitor monitor;
    for (const char *target : {"/source", "/link"}) {
        QCOMPARE(summary(copyFile(system, "/source", target, {}, monitor)),
                 std::string("ok, Replaced"));
        QVERIFY(system.content("/source") == "content");
        QCOMPARE(system.infoOf("/source").mode, ModeBits(0604));
    }
}

QTEST_APPLESS_MAIN(ContentTest)
#include "tst_content.moc"
