// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Existing and expectedVersion, looked at twice: what somebody else does in between is noticed.
#include "core/operations.h"
#include "outcome_text.h"
#include "support/fault_filesystem.h"
#include "support/memory_filesystem.h"
#include "support/recording_filesystem.h"

#include <QtTest>

#include <cerrno>

using namespace atomicfile;
using namespace atomicfile::test;

class ExpectationTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void existing_data();
    void existing();
    void createNewLosesTheRace_data();
    void createNewLosesTheRace();
    void matchingVersion();
    void otherVersion();
    void versionOfNothing();
    void changedBeforePublishing_data();
    void changedBeforePublishing();
    void changedWhilePublishing_data();
    void changedWhilePublishing();
    void staysWhereItCannotGoBack();
    void kindChangedBeforePublishing();
    void versionInTheResult();
    void readFileAndItsVersion();
    void readFileWhileItChanges();
    void versionOfFollowsLinks();
};

namespace {

Outcome write(FileSystem &system, const Options &options)
{
    NullMonitor monitor;
    return writeFile(system, "/there/target", bytesOf("new"), options, monitor);
}

void build(MemoryFileSystem &system) { system.addDirectory("/there"); }

/// Does something once, right before the content is synced: after inspecting, before publishing.
void interfere(RecordingFileSystem &recording, std::function<void()> deed)
{
    recording.setBefore([deed = std::move(deed)](std::size_t, const CallRecord &record) {
        if (record.call == Call::SyncFile)
            deed();
    });
}

} // namespace

void ExpectationTest::existing_data()
{
    QTest::addColumn<int>("policy");
    QTest::addColumn<bool>("isThere");
    QTest::addColumn<QByteArray>("expected");
    const QByteArray ok = "ok, Replaced";
    QTest::newRow("replace, new") << int(Existing::Replace) << false << ok;
    QTest::newRow("replace, there") << int(Existing::Replace) << true << ok;
    QTest::newRow("create-new, new") << int(Existing::CreateNew) << false << ok;
    QTest::newRow("create-new, there")
        << int(Existing::CreateNew) << true << QByteArray("AlreadyExists at Inspect, Unchanged");
    QTest::newRow("must-exist, new")
        << int(Existing::MustExist) << false << QByteArray("NotFound at Inspect, Unchanged");
    QTest::newRow("must-exist, there") << int(Existing::MustExist) << true << ok;
}

void ExpectationTest::existing()
{
    QFETCH(int, policy);
    QFETCH(bool, isThere);
    QFETCH(QByteArray, expected);
    MemoryFileSystem system;
    build(system);
    system.addFile("/there/source", "new");
    Options options;
    options.existing = static_cast<Existing>(policy);
    NullMonitor monitor;
    for (int operation = 0; operation < 3; ++operation) {
        if (system.exists("/there/target"))
            system.remove("/there/target");
        if (isThere)
            system.addFile("/there/target", "old");
        const Outcome outcome = operation == 0 ? write(system, options)
            : operation == 1 ? copyFile(system, "/there/source", "/there/target", options, monitor)
                             : moveFile(system, "/there/source", "/there/target", options, monitor);
        QCOMPARE(summary(outcome), expected.toStdString());
        if (outcome.ok())
            QVERIFY(system.content("/there/target") == "new");
        else
            QCOMPARE(system.exists("/there/target"), isThere);
    }
}

void ExpectationTest::createNewLosesTheRace_data()
{
    QTest::addColumn<bool>("hasRenameNoReplace");
    QTest::addColumn<bool>("hasLinks");
    QTest::newRow("renameNoReplace") << true << true;
    QTest::newRow("link and unlink") << false << true;
}

/// Somebody creates the target at the last moment, between the second look and the publishing.
void ExpectationTest::createNewLosesTheRace()
{
    QFETCH(bool, hasRenameNoReplace);
    QFETCH(bool, hasLinks);
    MemoryOptions can;
    can.hasRenameNoReplace = hasRenameNoReplace;
    can.hasLinks = hasLinks;
    MemoryFileSystem system(can);
    build(system);
    RecordingFileSystem recording(system);
    recording.setBefore([&](std::size_t, const CallRecord &record) {
        if (record.call == Call::RenameNoReplace)
            system.addFile("/there/target", "somebody else's");
    });
    Options options;
    options.existing = Existing::CreateNew;
    QCOMPARE(summary(write(recording, options)),
             std::string("AlreadyExists at Publish, Unchanged"));
    QVERIFY(system.content("/there/target") == "somebody else's");
    QVERIFY(system.listing("/there") == std::vector<std::string>{"target"});
}

void ExpectationTest::matchingVersion()
{
    MemoryFileSystem system;
    build(system);
    system.addFile("/there/target", "old");
    Options options;
    options.expectedVersion = versionOf(system, "/there/target").value();
    const Outcome outcome = write(system, options);
    QCOMPARE(summary(outcome), std::string("ok, Replaced"));
    // Every replacement makes a new version: the same expectation fails now.
    QCOMPARE(summary(write(system, options)), std::string("Conflict at Inspect, Unchanged"));
    options.expectedVersion = outcome.version;
    QCOMPARE(summary(write(system, options)), std::string("ok, Replaced"));
}

void ExpectationTest::otherVersion()
{
    MemoryFileSystem system;
    build(system);
    system.addFile("/there/target", "old");
    Options options;
    options.expectedVersion = versionOf(system, "/there/target").value();
    system.overwrite("/there/target", 0, "mad");
    QCOMPARE(summary(write(system, options)), std::string("Conflict at Inspect, Unchanged"));
    QVERIFY(system.content("/there/target") == "mad");
    system.remove("/there/target");
    QCOMPARE(summary(write(system, options)), std::string("Conflict at Inspect, Unchanged"));
    QVERIFY(!system.exists("/there/target"));
}

void ExpectationTest::versionOfNothing()
{
    MemoryFileSystem system;
    build(system);
    const auto none = versionOf(system, "/there/target");
    QVERIFY(none.ok());
    QVERIFY(!none.value().exists);
    Options options;
    options.expectedVersion = none.value();
    QCOMPARE(summary(write(system, options)), std::string("ok, Replaced"));
    QCOMPARE(summary(write(system, options)), std::string("Conflict at Inspect, Unchanged"));
}

void ExpectationTest::changedBeforePublishing_data()
{
    QTest::addColumn<QByteArray>("deed");
    QTest::addColumn<QByteArray>("left");
    QTest::newRow("written into") << QByteArray("write") << QByteArray("mad");
    QTest::newRow("replaced") << QByteArray("replace") << QByteArray("other");
    QTest::newRow("removed") << QByteArray("remove") << QByteArray();
}

void ExpectationTest::changedBeforePublishing()
{
    QFETCH(QByteArray, deed);
    QFETCH(QByteArray, left);
    MemoryFileSystem system;
    build(system);
    system.addFile("/there/target", "old");
    RecordingFileSystem recording(system);
    interfere(recording, [&] {
        if (deed == "write")
            return system.overwrite("/there/target", 0, "mad");
        system.remove("/there/target");
        if (deed == "replace")
            system.addFile("/there/target", "other");
    });
    Options options;
    options.expectedVersion = versionOf(system, "/there/target").value();
    QCOMPARE(summary(write(recording, options)), std::string("Conflict at Publish, Unchanged"));
    QCOMPARE(system.content("/there/target").value_or(""), left.toStdString());
    QCOMPARE(system.listing("/there").size(), std::size_t(deed == "remove" ? 0 : 1));
}

void ExpectationTest::changedWhilePublishing_data()
{
    QTest::addColumn<bool>("replaced");
    QTest::newRow("replaced") << true;
    QTest::newRow("removed") << false;
}

/// After the last look at the target, before the one step that takes it away.
void ExpectationTest::changedWhilePublishing()
{
    QFETCH(bool, replaced);
    MemoryFileSystem system;
    build(system);
    system.addFile("/there/target", "old");
    Options options;
    options.expectedVersion = versionOf(system, "/there/target").value();
    RecordingFileSystem recording(system);
    bool isDone = false;
    recording.setBefore([&](std::size_t, const CallRecord &record) {
        if (record.call != Call::Exchange || isDone)
            return;
        isDone = true;
        system.remove("/there/target");
        if (replaced)
            system.addFile("/there/target", "somebody else's");
    });
    const Outcome outcome = write(recording, options);
    QVERIFY(isDone);
    QCOMPARE(summary(outcome), std::string("Conflict at Publish, Unchanged"));
    QVERIFY(!outcome.version.exists);
    const auto left = system.content("/there/target");
    QVERIFY(replaced ? left == "somebody else's" : !left);
    QCOMPARE(system.listing("/there").size(), std::size_t(replaced ? 1 : 0));
}

/// The other program's file is not lost: the outcome says where it is.
void ExpectationTest::staysWhereItCannotGoBack()
{
    MemoryFileSystem system;
    build(system);
    system.addFile("/there/target", "old");
    Options options;
    options.expectedVersion = versionOf(system, "/there/target").value();
    FaultFileSystem faulty(system);
    RecordingFileSystem recording(faulty);
    int exchanges = 0;
    recording.setBefore([&](std::size_t index, const CallRecord &record) {
        if (record.call != Call::Exchange)
            return;
        if (++exchanges == 1) {
            system.remove("/there/target");
            system.addFile("/there/target", "somebody else's");
        } else {
            faulty.setFault({index, ErrorClass::DeviceError, EIO, Fault::Lasting::Once});
        }
    });
    const Outcome outcome = write(recording, options);
    QCOMPARE(exchanges, 2);
    QCOMPARE(summary(outcome), std::string("Conflict at Publish, Replaced"));
    QVERIFY(system.content("/there/target") == "new");
    QCOMPARE(outcome.retained.size(), std::size_t(1));
    QVERIFY(system.content(outcome.retained.front()) == "somebody else's");
}

/// A device or a directory that takes the target's place meanwhile is not replaced either.
void ExpectationTest::kindChangedBeforePublishing()
{
    MemoryFileSystem system;
    build(system);
    system.addFile("/there/target", "old");
    RecordingFileSystem recording(system);
    interfere(recording, [&] {
        system.remove("/there/target");
        system.addSpecial("/there/target", FileKind::CharacterDevice);
    });
    QCOMPARE(summary(write(recording, {})), std::string("NotRegularFile at Publish, Unchanged"));
    QCOMPARE(system.infoOf("/there/target").kind, FileKind::CharacterDevice);
    QVERIFY(system.listing("/there") == std::vector<std::string>{"target"});
}

void ExpectationTest::versionInTheResult()
{
    MemoryFileSystem system;
    build(system);
    system.addFile("/there/source", "new");
    system.mount("/other");
    system.addFile("/other/source", "from afar");
    NullMonitor monitor;
    const auto same = [&](const Outcome &outcome) {
        return outcome.ok() && outcome.version == versionOf(system, "/there/target").value();
    };
    QVERIFY(same(write(system, {})));
    QVERIFY(same(copyFile(system, "/there/source", "/there/target", {}, monitor)));
    QVERIFY(same(moveFile(system, "/there/source", "/there/target", {}, monitor)));
    QVERIFY(same(moveFile(system, "/other/source", "/there/target", {}, monitor)));
    Options options;
    options.existing = Existing::CreateNew;
    QVERIFY(!write(system, options).version.exists);
}

void ExpectationTest::readFileAndItsVersion()
{
    MemoryFileSystem system;
    system.addFile("/file", std::string(3'000'000, 'x'));
    system.addFile("/empty", "");
    const auto content = readText(system, "/file");
    QVERIFY(content.ok());
    QCOMPARE(content.value().content, std::string(3'000'000, 'x'));
    QVERIFY(content.value().version == versionOf(system, "/file").value());
    QVERIFY(readText(system, "/empty").value().content.empty());
    const auto missing = readText(system, "/missing");
    QVERIFY(!missing.ok());
    QCOMPARE(nameOf(missing.error().kind), nameOf(ErrorClass::NotFound));
    QCOMPARE(system.openHandleCount(), std::size_t(0));
}

/// Bytes and version belong together: a program that writes into the file makes it be read again, and
/// one that never stops makes it Busy.
void ExpectationTest::readFileWhileItChanges()
{
    MemoryFileSystem system;
    system.addFile("/file", "aaaa");
    RecordingFileSystem recording(system);
    int disturbances = 1;
    recording.setAfter([&](std::size_t, const CallRecord &record) {
        if (record.call == Call::ReadAt && disturbances-- > 0)
            system.overwrite("/file", 0, "bbbb");
    });
    const auto content = readText(recording, "/file");
    QVERIFY(content.ok());
    QCOMPARE(content.value().content, std::string("bbbb"));
    QVERIFY(content.value().version == versionOf(system, "/file").value());
    disturbances = 1'000'000;
    const auto never = readText(recording, "/file");
    QVERIFY(!never.ok());
    QCOMPARE(nameOf(never.error().kind), nameOf(ErrorClass::Busy));
}

void ExpectationTest::versionOfFollowsLinks()
{
    MemoryFileSystem system;
    system.addFile("/file", "x");
    system.addSymlink("/link", "file");
    system.addSymlink("/dangling", "missing");
    QVERIFY(versionOf(system, "/link").value() == versionOf(system, "/file").value());
    QVERIFY(!versionOf(system, "/dangling").value().exists);
}

QTEST_APPLESS_MAIN(ExpectationTest)
#include "tst_expectations.moc"
