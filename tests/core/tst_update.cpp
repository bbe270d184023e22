// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// A staged file that begins with what the target holds: which version of it, how it gets there, and
// what others do meanwhile.
#include "core/commit.h"
#include "core/operations.h"
#include "core/stage.h"
#include "outcome_text.h"
#include "support/memory_filesystem.h"
#include "support/recording_filesystem.h"

#include <QtTest>

#include <algorithm>

using namespace atomicfile;
using namespace atomicfile::test;

class UpdateTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void expectsTheVersionItBeganWith_data();
    void expectsTheVersionItBeganWith();
    void expectsNothingWhereNothingWas();
    void losesTheRaceForANewName();
    void obeysAnExpectationOfTheCaller();
    void refusesAMixOfTwoVersions();
    void keepsHoles();
    void clonesTheTargetWhereItMay_data();
    void clonesTheTargetWhereItMay();
    void writesBackBeforeTheSync();
    void readsWhatWasWritten();
    void forbidsAtOnce();
};

namespace {

constexpr std::string_view appended = " and more";

std::unique_ptr<MemoryFileSystem> systemWithTarget(const MemoryOptions &options = {})
{
    auto system = std::make_unique<MemoryFileSystem>(options);
    system->addDirectory("/there");
    system->addFile("/there/target", "old", 0644);
    return system;
}

Result<StagedFile, Outcome> stage(FileSystem &system, const Options &options = {})
{
    NullMonitor monitor;
    return stageUpdate(system, "/there/target", options, monitor);
}

/// Appends and commits.
Outcome finish(StagedFile staged)
{
    NullMonitor monitor;
    if (auto written = staged.write(staged.size(), bytesOf(appended), -1, monitor); !written)
        staged.fail(written.error());
    return commit(std::move(staged), monitor);
}

std::size_t count(const RecordingFileSystem &recording, Call call)
{
    const auto records = recording.records();
    return static_cast<std::size_t>(
        std::count_if(records.begin(), records.end(),
                      [call](const CallRecord &record) { return record.call == call; }));
}

} // namespace

void UpdateTest::expectsTheVersionItBeganWith_data()
{
    QTest::addColumn<QByteArray>("deed");
    QTest::addColumn<QByteArray>("left");
    QTest::newRow("written into") << QByteArray("write") << QByteArray("mad");
    QTest::newRow("replaced") << QByteArray("replace") << QByteArray("other");
    QTest::newRow("removed") << QByteArray("remove") << QByteArray();
}

void UpdateTest::expectsTheVersionItBeganWith()
{
    QFETCH(QByteArray, deed);
    QFETCH(QByteArray, left);
    const auto system = systemWithTarget();
    auto staged = stage(*system);
    QVERIFY(staged.ok());
    if (deed == "write")
        system->overwrite("/there/target", 0, "mad");
    else
        system->remove("/there/target");
    if (deed == "replace")
        system->addFile("/there/target", "other");
    QCOMPARE(summary(finish(std::move(staged).value())),
             std::string("Conflict at Publish, Unchanged"));
    QCOMPARE(system->content("/there/target").value_or(""), left.toStdString());
    QCOMPARE(system->listing("/there").size(), std::size_t(deed == "remove" ? 0 : 1));
}

void UpdateTest::expectsNothingWhereNothingWas()
{
    const auto system = systemWithTarget();
    system->remove("/there/target");
    auto staged = stage(*system);
    QVERIFY(staged.ok());
    QCOMPARE(staged.value().size(), 0);
    system->addFile("/there/target", "other");
    QCOMPARE(summary(finish(std::move(staged).value())),
             std::string("Conflict at Publish, Unchanged"));
    QCOMPARE(system->content("/there/target").value(), std::string("other"));
}

/// Somebody takes the name after the last look at it.
void UpdateTest::losesTheRaceForANewName()
{
    const auto system = systemWithTarget();
    system->remove("/there/target");
    RecordingFileSystem recording(*system);
    recording.setBefore([&](std::size_t, const CallRecord &record) {
        if (record.call == Call::RenameNoReplace)
            system->addFile("/there/target", "other");
    });
    auto staged = stage(recording);
    QVERIFY(staged.ok());
    QCOMPARE(summary(finish(std::move(staged).value())),
             std::string("Conflict at Publish, Unchanged"));
    QCOMPARE(system->content("/there/target").value(), std::string("other"));
}

void UpdateTest::obeysAnExpectationOfTheCaller()
{
    const auto system = systemWithTarget();
    Options options;
    options.expectedVersion = versionOf(*system, "/there/target").value();
    auto staged = stage(*system, options);
    QVERIFY(staged.ok());
    QCOMPARE(summary(finish(std::move(staged).value())), std::string("ok, Replaced"));
    QCOMPARE(system->content("/there/target").value(), std::string("old and more"));
    const auto refused = stage(*system, options);
    QVERIFY(!refused.ok());
    QCOMPARE(summary(refused.error()), std::string("Conflict at Inspect, Unchanged"));
}

/// A program writes into the target while it is copied.
void UpdateTest::refusesAMixOfTwoVersions()
{
    MemoryOptions memory;
    memory.hasCopyRange = false;
    const auto system = systemWithTarget(memory);
    RecordingFileSystem recording(*system);
    recording.setAfter([&](std::size_t, const CallRecord &record) {
        if (record.call == Call::ReadAt)
            system->overwrite("/there/target", 0, "mad");
    });
    const auto staged = stage(recording);
    QVERIFY(!staged.ok());
    QCOMPARE(summary(staged.error()), std::string("Conflict at Inspect, Unchanged"));
    QVERIFY(system->listing("/there") == std::vector<std::string>{"target"});
    QCOMPARE(system->openHandleCount(), std::size_t(0));
}

void UpdateTest::keepsHoles()
{
    const auto system = systemWithTarget();
    system->overwrite("/there/target", 50 * blockSize, "far away");
    auto staged = stage(*system);
    QVERIFY(staged.ok());
    QCOMPARE(staged.value().size(), 50 * blockSize + 8);
    QCOMPARE(summary(finish(std::move(staged).value())), std::string("ok, Replaced"));
    const FileInfo info = system->infoOf("/there/target");
    QCOMPARE(info.size, 50 * blockSize + 8 + static_cast<std::int64_t>(appended.size()));
    QVERIFY(info.allocated <= 3 * blockSize);
}

void UpdateTest::clonesTheTargetWhereItMay_data()
{
    QTest::addColumn<int>("profile");
    QTest::addColumn<bool>("fresh");
    QTest::addColumn<bool>("toAName");
    QTest::newRow("Linux") << int(Profile::Linux) << false << false;
    QTest::newRow("Linux, fresh metadata") << int(Profile::Linux) << true << false;
    QTest::newRow("Darwin") << int(Profile::Darwin) << false << true;
}

void UpdateTest::clonesTheTargetWhereItMay()
{
    QFETCH(int, profile);
    QFETCH(bool, fresh);
    QFETCH(bool, toAName);
    MemoryOptions memory;
    memory.profile = static_cast<Profile>(profile);
    memory.hasClone = true;
    const auto system = systemWithTarget(memory);
    RecordingFileSystem recording(*system);
    Options options;
    options.metadata = fresh ? Metadata::Fresh : Metadata::Preserve;
    auto staged = stage(recording, options);
    QVERIFY(staged.ok());
    QCOMPARE(staged.value().isClone(), toAName);
    QCOMPARE(count(recording, toAName ? Call::CloneFile : Call::CloneContent), std::size_t(1));
    QCOMPARE(count(recording, Call::CopyRange) + count(recording, Call::WriteAt), std::size_t(0));
    QCOMPARE(summary(finish(std::move(staged).value())), std::string("ok, Replaced"));
    QCOMPARE(system->content("/there/target").value(), std::string("old and more"));
    QCOMPARE(system->infoOf("/there/target").mode, ModeBits(0644));
}

/// Also in a file that does not grow: what was rewritten is what has to be written out.
void UpdateTest::writesBackBeforeTheSync()
{
    constexpr std::size_t large = std::size_t(20) << 20;
    const auto system = systemWithTarget();
    system->overwrite("/there/target", 0, std::string(large, 'x'));
    RecordingFileSystem recording(*system);
    auto staged = stage(recording);
    QVERIFY(staged.ok());
    const std::size_t whileCopying = count(recording, Call::StartWriteback);
    NullMonitor monitor;
    const std::string part(std::size_t(9) << 20, 'y');
    QVERIFY(staged.value().write(4096, bytesOf(part), -1, monitor).ok());
    QVERIFY(count(recording, Call::StartWriteback) > whileCopying);
    QCOMPARE(staged.value().size(), static_cast<std::int64_t>(large));
}

void UpdateTest::readsWhatWasWritten()
{
    const auto system = systemWithTarget();
    auto staged = stage(*system);
    QVERIFY(staged.ok());
    NullMonitor monitor;
    QVERIFY(staged.value().write(3, bytesOf("er content"), -1, monitor).ok());
    std::array<std::byte, 64> buffer;
    const auto read = staged.value().read(1, buffer);
    QVERIFY(read.ok());
    QCOMPARE(std::string(reinterpret_cast<const char *>(buffer.data()), read.value()),
             std::string("lder content"));
    QVERIFY(staged.value().resize(5).ok());
    QCOMPARE(staged.value().size(), 5);
    QCOMPARE(staged.value().read(0, buffer).value(), std::size_t(5));
    QCOMPARE(staged.value().read(5, buffer).value(), std::size_t(0));
}

/// A secret that is written after its file was closed to others is never readable by them.
void UpdateTest::forbidsAtOnce()
{
    const auto system = systemWithTarget();
    system->remove("/there/target");
    auto staged = stage(*system);
    QVERIFY(staged.ok());
    QVERIFY(staged.value().setPermissions(0640).ok());
    const auto found = system->statFile(staged.value().file(), Times::Asked);
    QCOMPARE(found.value().mode & 0137, ModeBits(0));
    QCOMPARE(summary(finish(std::move(staged).value())), std::string("ok, Replaced"));
    QCOMPARE(system->infoOf("/there/target").mode, ModeBits(0640));
}

QTEST_APPLESS_MAIN(UpdateTest)
#include "tst_update.moc"
