// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Targets that are overwritten in place: where the old content is kept meanwhile, who puts it back after
// a crash, and whose copies nobody takes for that. That every moment of a crash is mended is tst_crash's.
#include "core/operations.h"
#include "outcome_text.h"
#include "scenario_parts.h"
#include "support/fault_filesystem.h"
#include "support/memory_filesystem.h"
#include "support/recording_filesystem.h"

#include <QtTest>

#include <algorithm>
#include <cerrno>

using namespace atomicfile;
using namespace atomicfile::test;

class InPlaceTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsOfIt();
    void isALastResort();
    void keepsTheOldContent_data();
    void keepsTheOldContent();
    void keepsNothingWhereOthersWrite();
    void readingRecovers_data();
    void readingRecovers();
    void sweepingRecovers_data();
    void sweepingRecovers();
    void looksOnlyWhereNobodyElseWrites();
    void leavesAnotherFileAlone();
    void waitsForTheLiving();
    void noticesOthers_data();
    void noticesOthers();
    void forbidsFirst();
    void putsTheOldVersionBack();
    void opensToNobodyWhilePuttingBack();
    void neverMoves_data();
    void neverMoves();
    void recoversAfterEveryFailureOfRecovering();
    void changesNothingWithoutLocks();
    void refusesALink();
};

namespace {

constexpr std::string_view newContent = "the new content of the file";
const char *const pinned = "write in place, pinned, durable";
const char *const closed = "write in place, closed directory";

/// The copy of the old content, wherever it is.
Path undoIn(const Tree &tree)
{
    for (const Path &staged : stagedFiles(tree)) {
        if (staged.filename().string().starts_with(".af-undo-"))
            return staged;
    }
    return {};
}

/// What a crash leaves when the target has been written and not yet cut to its size.
std::unique_ptr<MemoryFileSystem> crashed(const Scenario &scenario)
{
    const auto system = prepare(scenario);
    RecordingFileSystem recording(*system);
    std::optional<Tree> left;
    recording.setBefore([&](std::size_t, const CallRecord &record) {
        if (record.call == Call::SetSize && !left && !undoIn(system->tree()).empty())
            left = system->tree();
    });
    (void)run(recording, scenario); // It is not told to anybody.
    if (!left)
        qFatal("nothing was overwritten");
    auto after = std::make_unique<MemoryFileSystem>(*left, scenario.memory);
    after->overwrite(scenario.resolved, 0, "HALF");
    return after;
}

std::string contentRead(FileSystem &system, const Path &path)
{
    std::string content;
    NullMonitor monitor;
    const auto read = readFile(
        system, path,
        [&](std::size_t size) {
            content.resize(size);
            return std::as_writable_bytes(std::span(content));
        },
        monitor);
    return read ? content : summary(read.error());
}

void addTwoScenarios()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("a mount of its own") << QString::fromLatin1(pinned);
    QTest::newRow("a closed directory") << QString::fromLatin1(closed);
}

} // namespace

void InPlaceTest::tellsOfIt()
{
    const Scenario &one = scenario(pinned);
    const auto system = prepare(one);
    const FileInfo before = system->infoOf(one.resolved);
    const Outcome outcome = run(*system, one);
    QCOMPARE(summary(outcome), std::string("ok, Replaced"));
    QCOMPARE(outcome.losses, Losses() | Loss::Atomicity);
    QVERIFY(system->infoOf(one.resolved).identity == before.identity);
    QVERIFY(outcome.version == Version::of(system->infoOf(one.resolved)));
    QCOMPARE(outcome.bytesWritten, static_cast<std::int64_t>(newContent.size()));
}

/// With the option a target that can be replaced is replaced, and without it nothing is written into.
void InPlaceTest::isALastResort()
{
    Scenario one = scenario(pinned);
    one.build = [](MemoryFileSystem &system) { system.addFile("/there/target", oldContent); };
    const auto system = prepare(one);
    const FileInfo before = system->infoOf(one.resolved);
    const Outcome outcome = run(*system, one);
    QCOMPARE(summary(outcome), std::string("ok, Replaced"));
    QCOMPARE(outcome.losses, Losses());
    QVERIFY(!(system->infoOf(one.resolved).identity == before.identity));

    Scenario never = scenario(pinned);
    never.options.inPlace = InPlace::Never;
    const auto other = prepare(never);
    QCOMPARE(summary(run(*other, never)), std::string("Busy at Publish, Unchanged"));
    QCOMPARE(other->content(never.resolved).value(), std::string(oldContent));
}

void InPlaceTest::keepsTheOldContent_data() { addTwoScenarios(); }

void InPlaceTest::keepsTheOldContent()
{
    QFETCH(QString, name);
    const auto left = crashed(scenario(name.toStdString()));
    const Path undo = undoIn(left->tree());
    QCOMPARE(undo.parent_path(), Path("/state/atomicfile"));
    QCOMPARE(left->content(undo).value(), std::string(oldContent));
    QCOMPARE(left->infoOf(undo).mode, ModeBits(0600));
    QCOMPARE(left->infoOf("/state/atomicfile").mode, ModeBits(0700));
}

/// They could choose what the target is put back to.
void InPlaceTest::keepsNothingWhereOthersWrite()
{
    const Scenario &one = scenario(closed);
    const auto system = prepare(one);
    system->addDirectory("/state/atomicfile", 0777);
    system->setModeOf("/state/atomicfile", 0777);
    system->setOwnerOf("/state/atomicfile", one.memory.user, 0);
    const Outcome outcome = run(*system, one);
    QCOMPARE(summary(outcome), std::string("PermissionDenied at Stage, Unchanged"));
    QCOMPARE(outcome.failure->path, Path("/state/atomicfile"));
    QCOMPARE(system->content(one.resolved).value(), std::string(oldContent));
}

void InPlaceTest::readingRecovers_data() { addTwoScenarios(); }

void InPlaceTest::readingRecovers()
{
    QFETCH(QString, name);
    const Scenario &one = scenario(name.toStdString());
    const auto left = crashed(one);
    QVERIFY(left->content(one.resolved) != oldContent);
    QCOMPARE(contentRead(*left, one.resolved), std::string(oldContent));
    QCOMPARE(left->content(one.resolved).value(), std::string(oldContent));
    QVERIFY(undoIn(left->tree()).empty());
    QCOMPARE(left->openHandleCount(), std::size_t(0));
}

void InPlaceTest::sweepingRecovers_data() { addTwoScenarios(); }

void InPlaceTest::sweepingRecovers()
{
    QFETCH(QString, name);
    const Scenario &one = scenario(name.toStdString());
    const auto left = crashed(one);
    const std::vector<Path> before = stagedFiles(left->tree());
    const SweepOutcome swept = sweep(*left, "/there");
    QVERIFY(!swept.failure);
    QCOMPARE(left->content(one.resolved).value(), std::string(oldContent));
    QVERIFY(stagedFiles(left->tree()).empty());
    QCOMPARE(swept.removed.size(), before.size());
    QVERIFY(std::is_permutation(before.begin(), before.end(), swept.removed.begin()));
}

void InPlaceTest::looksOnlyWhereNobodyElseWrites()
{
    const Scenario &one = scenario(pinned);
    const auto left = crashed(one);
    const Path undo = undoIn(left->tree());
    left->setModeOf("/state/atomicfile", 0770);
    const auto before = left->content(one.resolved);
    QCOMPARE(contentRead(*left, one.resolved), *before);
    QVERIFY(left->exists(undo));
}

/// What came into being later is not the file that was overwritten, whatever its name.
void InPlaceTest::leavesAnotherFileAlone()
{
    Scenario one = scenario(pinned);
    const auto left = crashed(one);
    const Path undo = undoIn(left->tree());
    left->remove(one.resolved);
    left->addFile(one.resolved, "another");
    QCOMPARE(contentRead(*left, one.resolved), std::string("another"));
    QVERIFY(!sweep(*left, "/there").failure);
    QCOMPARE(left->content(one.resolved).value(), std::string("another"));
    QVERIFY(left->exists(undo)); // It may be all that is left of the old content.
}

void InPlaceTest::waitsForTheLiving()
{
    const Scenario &one = scenario(pinned);
    const auto left = crashed(one);
    left->lockForeign(one.resolved);
    QCOMPARE(contentRead(*left, one.resolved), std::string("Busy at Resolve"));
    QVERIFY(left->content(one.resolved) != oldContent);
    QCOMPARE(summary(run(*left, one)), std::string("Busy at Resolve, Unchanged"));
    QVERIFY(!sweep(*left, "/there").failure); // It is alive, which is no failure.
    QVERIFY(!undoIn(left->tree()).empty());
}

void InPlaceTest::noticesOthers_data()
{
    QTest::addColumn<QString>("deed");
    QTest::newRow("written into") << QStringLiteral("write");
    QTest::newRow("replaced") << QStringLiteral("replace");
}

/// Between the last look and writing there is the copying of the old content.
void InPlaceTest::noticesOthers()
{
    QFETCH(QString, deed);
    Scenario one = scenario("write in place, two names");
    const auto system = prepare(one);
    RecordingFileSystem recording(*system);
    bool done = false;
    recording.setAfter([&](std::size_t, const CallRecord &record) {
        if (done || record.call != Call::RenameNoReplace)
            return;
        done = true; // The old content has just got its name.
        if (deed == QLatin1String("write")) {
            system->overwrite(one.resolved, 0, "mine!");
        } else {
            system->remove(one.resolved);
            system->addFile(one.resolved, "mine!");
        }
    });
    QCOMPARE(summary(run(recording, one)), std::string("Conflict at Publish, Unchanged"));
    QVERIFY(done);
    const std::string expected = deed == QLatin1String("write")
        ? "mine!" + std::string(oldContent).substr(5)
        : "mine!";
    QCOMPARE(system->content(one.resolved).value(), expected);
    QVERIFY(stagedFiles(system->tree()).empty());
}

/// Permissions that the new content is not to be read with are gone before it is there.
void InPlaceTest::forbidsFirst()
{
    Scenario one = scenario("write in place, two names");
    one.options.metadata = Metadata::Fresh;
    one.options.permissions = 0600;
    const auto system = prepare(one);
    QCOMPARE(system->infoOf(one.resolved).mode, ModeBits(0644));
    RecordingFileSystem recording(*system);
    std::vector<ModeBits> modes;
    recording.setBefore([&](std::size_t, const CallRecord &record) {
        if (record.call == Call::WriteAt && !undoIn(system->tree()).empty())
            modes.push_back(system->infoOf(one.resolved).mode);
    });
    QCOMPARE(summary(run(recording, one)), std::string("ok, Replaced"));
    QCOMPARE(modes, std::vector<ModeBits>{0600});
    QCOMPARE(system->infoOf(one.resolved).mode, ModeBits(0600));
}

void InPlaceTest::putsTheOldVersionBack()
{
    const Scenario &one = scenario(pinned);
    const Version before = expectedIn(one);
    const auto system = prepare(one);
    RecordingFileSystem recording(*system);
    std::size_t cut = 0;
    (void)run(recording, one); // To know where the target is cut to its size.
    const auto records = recording.records();
    for (std::size_t i = 0; i < records.size(); ++i)
        cut = records[i].call == Call::SetSize ? i : cut;
    const auto again = prepare(one);
    FaultFileSystem failing(*again);
    failing.setFault({cut, ErrorClass::DeviceError, EIO});
    QCOMPARE(summary(run(failing, one)), std::string("DeviceError at Publish, Unchanged"));
    QCOMPARE(again->content(one.resolved).value(), std::string(oldContent));
    QVERIFY(Version::of(again->infoOf(one.resolved)) == before);

    // And so does whoever comes after a crash.
    const auto left = crashed(one);
    QCOMPARE(contentRead(*left, one.resolved), std::string(oldContent));
    QVERIFY(Version::of(left->infoOf(one.resolved)) == before);
}

/// What was forbidden for the new content is allowed again only when the old one is back, and so are
/// set-id bits, which writing takes away.
void InPlaceTest::opensToNobodyWhilePuttingBack()
{
    Scenario one = scenario("write in place, two names");
    one.options.metadata = Metadata::Fresh;
    one.options.permissions = 0600;
    const auto system = prepare(one);
    RecordingFileSystem recording(*system);
    std::size_t cut = 0;
    {
        const auto other = prepare(one);
        RecordingFileSystem calls(*other);
        (void)run(calls, one); // To know where the target is cut to its size.
        const auto records = calls.records();
        for (std::size_t i = 0; i < records.size(); ++i)
            cut = records[i].call == Call::SetSize ? i : cut;
    }
    FaultFileSystem failing(recording);
    failing.setFault({cut, ErrorClass::DeviceError, EIO});
    std::vector<std::string> opened;
    recording.setAfter([&](std::size_t, const CallRecord &) {
        const bool isOpen = (system->infoOf(one.resolved).mode & 0077) != 0;
        if (isOpen && system->content(one.resolved) != std::string(oldContent))
            opened.push_back(*system->content(one.resolved));
    });
    QCOMPARE(summary(run(failing, one)), std::string("DeviceError at Publish, Unchanged"));
    QVERIFY2(opened.empty(), opened.empty() ? "" : opened.front().c_str());
    QCOMPARE(system->infoOf(one.resolved).mode, ModeBits(0644));
    QCOMPARE(system->content(one.resolved).value(), std::string(oldContent));
}

void InPlaceTest::neverMoves_data()
{
    QTest::addColumn<QByteArray>("source");
    QTest::newRow("within a volume") << QByteArray("/there/source");
    QTest::newRow("between volumes") << QByteArray("/other/source");
}

void InPlaceTest::neverMoves()
{
    QFETCH(QByteArray, source);
    Scenario one = scenario("write in place, two names");
    const auto system = prepare(one);
    system->addFile(source.toStdString(), newContent);
    NullMonitor monitor;
    const Outcome outcome = moveFile(*system, source.toStdString(), one.target, one.options,
                                     monitor);
    QCOMPARE(summary(outcome), std::string("Unsupported at Inspect, Unchanged"));
    QCOMPARE(system->content(one.resolved).value(), std::string(oldContent));
    QCOMPARE(system->content(source.toStdString()).value(), std::string(newContent));
    QVERIFY(stagedFiles(system->tree()).empty());
}

/// Whatever keeps a first attempt from putting the old content back: the next one does.
void InPlaceTest::recoversAfterEveryFailureOfRecovering()
{
    const Scenario &one = scenario(pinned);
    std::size_t calls = 0;
    {
        const auto left = crashed(one);
        RecordingFileSystem recording(*left);
        QCOMPARE(contentRead(recording, one.resolved), std::string(oldContent));
        calls = recording.records().size();
    }
    QVERIFY(calls > 15);
    for (std::size_t index = 0; index < calls; ++index) {
        const auto left = crashed(one);
        RecordingFileSystem recording(*left);
        FaultFileSystem faulty(recording);
        faulty.setFault({index, ErrorClass::DeviceError, EIO});
        (void)contentRead(faulty, one.resolved); // Either way.
        QVERIFY2(contentRead(*left, one.resolved) == oldContent,
                 qPrintable(QString::number(index)));
        QCOMPARE(left->openHandleCount(), std::size_t(0));
    }
}

void InPlaceTest::changesNothingWithoutLocks()
{
    Scenario one = scenario(pinned);
    one.memory.hasLocks = false;
    const auto system = prepare(one);
    QCOMPARE(summary(run(*system, one)), std::string("Unsupported at Publish, Unchanged"));
    QCOMPARE(system->content(one.resolved).value(), std::string(oldContent));
    QVERIFY(stagedFiles(system->tree()).empty());
}

/// A symbolic link that is moved to another volume has no content to write into the target.
void InPlaceTest::refusesALink()
{
    MemoryFileSystem system;
    system.addDirectory("/there");
    system.mount("/other");
    system.addSymlink("/other/link", "somewhere");
    system.addFile("/there/target", oldContent);
    system.pin("/there/target");
    Options options;
    options.inPlace = InPlace::WhenReplaceImpossible;
    NullMonitor monitor;
    const Outcome outcome = moveFile(system, "/other/link", "/there/target", options, monitor);
    QCOMPARE(summary(outcome), std::string("Busy at Publish, Unchanged"));
    QCOMPARE(system.content("/there/target").value(), std::string(oldContent));
    QVERIFY(system.exists("/other/link"));
}

QTEST_APPLESS_MAIN(InPlaceTest)
#include "tst_inplace.moc"
