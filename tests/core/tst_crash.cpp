// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// A power cut before and after every call of every sequence, with every subset of the unsynced
// effects lost or kept. The second half breaks the sequences on purpose and demands that it is noticed.
#include "crash_checker.h"
#include "outcome_text.h"
#include "scenarios.h"
#include "support/fault_filesystem.h"
#include "support/recording_filesystem.h"

#include <QtTest>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

using namespace atomicfile;
using namespace atomicfile::test;

namespace {

QByteArray joined(const std::vector<std::string> &problems)
{
    QByteArray text;
    for (const std::string &problem : problems)
        text += '\n' + QByteArray::fromStdString(problem);
    return text;
}

bool mentions(const std::vector<std::string> &problems, const char *words)
{
    return std::any_of(problems.begin(), problems.end(), [words](const std::string &problem) {
        return problem.find(words) != std::string::npos;
    });
}

} // namespace

class CrashTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyMoment_data();
    void everyMoment();
    void failureAtEveryCall_data();
    void failureAtEveryCall();
    void everyMomentInPieces_data();
    void everyMomentInPieces();
    void moveToANewHardLinkOfItself();
    void whatIsSkippedIsDurable();
    void modelsSeeLossAndTearing();
    void subsetsAreComplete();
    void tooManyEffectsAreRefused();

    void noticesMissingContentSync_data();
    void noticesMissingContentSync();
    void noticesMissingDirectorySync_data();
    void noticesMissingDirectorySync();
    void noticesUnlinkThenRename();
    void noticesSourceDirectorySyncedFirst();
    void noticesWritingInPlace();

private:
    enum class Which { All, Distinct };
    static void addScenarios(Durability least, Which which = Which::All);
    static std::optional<std::vector<std::string>> failureAt(std::size_t index,
                                                             const Scenario &one);
};

void CrashTest::addScenarios(Durability least, Which which)
{
    QTest::addColumn<QString>("name");
    for (const Scenario &one : scenarios()) {
        // Darwin makes the calls of Linux, with other rules for names, but for a batch. Each file that is
        // written in place takes twice as many calls as any other, and these differ in what is done before
        // and after.
        const bool isAlike = (one.memory.profile == Profile::Darwin && one.neighbours.empty())
            || (isOverwritten(one) && one.name != "write in place, two names"
                && one.name != "write in place, closed directory");
        if (which == Which::Distinct && isAlike)
            continue;
        // Without syncs nothing is promised about power cuts; the large file differs in its number
        // of chunks only, a batch of three in its number of files, and trying every subset of those
        // takes for ever.
        const bool isEndless = one.name == "write large" || one.neighbours.size() > 1;
        if (one.options.durability >= least && one.options.durability != Durability::None
            && !isEndless)
            QTest::newRow(one.name.c_str()) << QString::fromStdString(one.name);
    }
}

void CrashTest::everyMoment_data() { addScenarios(Durability::Consistent); }

void CrashTest::everyMoment()
{
    QFETCH(QString, name);
    const Scenario &one = scenario(name.toStdString());
    const auto system = prepare(one);
    CrashChecker checker(*system, one);
    checkEveryMoment(checker, *system, one);
    QVERIFY2(checker.problems().empty(), joined(checker.problems()).constData());
    QVERIFY(checker.statesSeen() > 0);
    for (const Scenario &entry : entriesOf(one)) {
        if (!one.refusal)
            QCOMPARE(system->content(entry.resolved).value(), entry.content);
    }
}

void CrashTest::failureAtEveryCall_data() { addScenarios(Durability::Consistent, Which::Distinct); }

/// The call fails with EIO and the power goes at some moment during the cleaning up. Each call has a world of
/// its own, so that all processors take part.
void CrashTest::failureAtEveryCall()
{
    QFETCH(QString, name);
    const Scenario &one = scenario(name.toStdString());
    std::atomic<std::size_t> next = 0;
    std::atomic<bool> isOver = false;
    std::atomic<std::size_t> failed = 0;
    std::mutex mutex;
    QByteArray problems; // guarded by the mutex
    const auto takePart = [&] {
        while (!isOver) {
            const std::size_t index = next++;
            const std::optional<std::vector<std::string>> found = failureAt(index, one);
            if (!found) {
                isOver = true;
                continue;
            }
            ++failed;
            if (!found->empty()) {
                const std::lock_guard lock(mutex);
                problems += "EIO from call " + QByteArray::number(index) + joined(*found);
            }
        }
    };
    std::vector<std::thread> others(std::max(std::thread::hardware_concurrency(), 1U) - 1);
    for (std::thread &other : others)
        other = std::thread(takePart);
    takePart();
    for (std::thread &other : others)
        other.join();
    QVERIFY2(problems.isEmpty(), problems.constData());
    QVERIFY(failed > 0);
}

/// What is wrong if that call fails; nothing at all if there are not so many.
std::optional<std::vector<std::string>> CrashTest::failureAt(std::size_t index, const Scenario &one)
{
    const auto system = prepare(one);
    CrashChecker checker(*system, one);
    FaultFileSystem faulty(*system);
    faulty.setFault({index, ErrorClass::DeviceError, EIO, Fault::Lasting::Once});
    faulty.setOnFault([&](const CallRecord &record) {
        if (record.call == Call::SyncFile)
            system->noteSyncFailed(record.file);
        else if (record.call == Call::SyncDirectory)
            system->noteSyncFailed(record.directory);
        else if (record.call == Call::WriteOutFile)
            system->noteWriteOutFailed(record.file);
    });
    // everyMoment() has looked at what comes before the fault, and at the last round, which has none.
    checkEveryMoment(checker, faulty, one, [&] { return faulty.faults() > 0; });
    return faulty.faults() == 0 ? std::nullopt : std::optional(checker.problems());
}

void CrashTest::everyMomentInPieces_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name : {"write new, durable", "write existing, consistent",
                             "copy through memory", "move to another volume, existing, durable"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

/// The content arrives in several writes, of which each may be lost for itself.
void CrashTest::everyMomentInPieces()
{
    QFETCH(QString, name);
    const Scenario &one = scenario(name.toStdString());
    const auto system = prepare(one);
    CrashChecker checker(*system, one);
    FaultFileSystem bounded(*system);
    bounded.limitTransfers(one.content.size() / 3 + 1);
    checkEveryMoment(checker, bounded, one);
    QVERIFY2(checker.problems().empty(), joined(checker.problems()).constData());
    QCOMPARE(system->content(one.resolved).value(), one.content);
}

/// The target's name is as new as can be: it must be on the medium before the source's name goes.
void CrashTest::moveToANewHardLinkOfItself()
{
    MemoryFileSystem system;
    system.addDirectory("/from");
    system.addDirectory("/to");
    system.addFile("/from/source", "content");
    system.beginTracking();
    const auto from = system.openDirectory("/from", DirectoryAccess::Read).value();
    const auto to = system.openDirectory("/to", DirectoryAccess::Read).value();
    QVERIFY(system.link(from, "source", to, "target").ok());
    RecordingFileSystem recording(system);
    std::vector<std::string> problems;
    recording.setAfter([&](std::size_t, const CallRecord &record) {
        for (const CrashModel model :
             {CrashModel::Ordered, CrashModel::Weak, CrashModel::OnlySynced}) {
            for (const Tree &state : system.crashStates(model)) {
                if (!state.exists("/from/source") && !state.exists("/to/target"))
                    problems.push_back("after " + describe(record) + ": the file has no name");
            }
        }
    });
    NullMonitor monitor;
    const Outcome outcome = moveFile(recording, "/from/source", "/to/target", {}, monitor);
    QCOMPARE(summary(outcome), std::string("ok, Replaced"));
    QVERIFY2(problems.empty(), joined(problems).constData());
}

/// Whoever wrote the same before did not wait for the medium.
void CrashTest::whatIsSkippedIsDurable()
{
    MemoryFileSystem system;
    system.addDirectory("/there");
    system.beginTracking();
    NullMonitor monitor;
    Options options;
    options.durability = Durability::None;
    QVERIFY(writeFile(system, "/there/target", bytesOf("content"), options, monitor).ok());
    QVERIFY(system.crashStates(CrashModel::OnlySynced).front().content("/there/target")
            != "content");
    options.durability = Durability::Durable;
    options.unchanged = Unchanged::Skip;
    QCOMPARE(summary(writeFile(system, "/there/target", bytesOf("content"), options, monitor)),
             std::string("ok, Unchanged"));
    for (const CrashModel model : system.crashModels()) {
        for (const Tree &state : system.crashStates(model))
            QVERIFY(state.content("/there/target") == "content");
    }
}

/// The models themselves: what was not synced may be lost, torn, empty or zeros.
void CrashTest::modelsSeeLossAndTearing()
{
    MemoryFileSystem system;
    system.addFile("/file", "");
    system.beginTracking();
    const auto root = system.openDirectory("/", DirectoryAccess::Read);
    const auto file = system.openFile(root.value(), "file", FileAccess::ReadWrite);
    QCOMPARE(system.writeAt(file.value(), 0, bytesOf("abcd")).value(), std::size_t(4));
    for (const CrashModel model : {CrashModel::Ordered, CrashModel::Weak}) {
        std::set<std::string> contents;
        for (const Tree &state : system.crashStates(model))
            contents.insert(state.content("/file").value());
        const std::set<std::string> expected{"", "ab", "abcd", std::string(4, '\0')};
        QVERIFY(contents == expected);
    }
    QVERIFY(system.syncFile(file.value(), SyncScope::Content).ok());
    for (const CrashModel model : {CrashModel::Ordered, CrashModel::Weak, CrashModel::OnlySynced}) {
        const std::vector<Tree> states = system.crashStates(model);
        QCOMPARE(states.size(), std::size_t(1));
        QCOMPARE(states.front().content("/file").value(), std::string("abcd"));
    }
}

/// Three names: the journal gives prefixes, POSIX every subset.
void CrashTest::subsetsAreComplete()
{
    MemoryFileSystem system;
    system.beginTracking();
    const auto root = system.openDirectory("/", DirectoryAccess::Read);
    for (const char *name : {"a", "b", "c"})
        QVERIFY(system.createSymlink(root.value(), name, "x").ok());
    const auto listings = [&](CrashModel model) {
        std::set<std::vector<std::string>> seen;
        for (const Tree &state : system.crashStates(model))
            seen.insert(state.listing("/"));
        return seen;
    };
    const std::set<std::vector<std::string>> prefixes{{}, {"a"}, {"a", "b"}, {"a", "b", "c"}};
    QVERIFY(listings(CrashModel::Ordered) == prefixes);
    QCOMPARE(listings(CrashModel::Weak).size(), std::size_t(8));
    const std::set<std::vector<std::string>> none{{}};
    QVERIFY(listings(CrashModel::OnlySynced) == none);
    QVERIFY(system.syncDirectory(root.value()).ok());
    const std::set<std::vector<std::string>> all{{"a", "b", "c"}};
    for (const CrashModel model : {CrashModel::Ordered, CrashModel::Weak, CrashModel::OnlySynced})
        QVERIFY(listings(model) == all);
}

void CrashTest::tooManyEffectsAreRefused()
{
    MemoryFileSystem system;
    system.beginTracking();
    const auto root = system.openDirectory("/", DirectoryAccess::Read);
    for (int i = 0; i < 18; ++i)
        QVERIFY(system.createSymlink(root.value(), std::to_string(i), "x").ok());
    QVERIFY_THROWS_EXCEPTION(std::length_error, (void)system.crashStates(CrashModel::Weak));
}

void CrashTest::noticesMissingContentSync_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name :
         {"write new, consistent", "write existing, durable", "write batch of two",
          "macOS: write batch of two", "Windows: write batch of two", "copy to existing",
          "copy by clone", "macOS: copy by clone, to new", "write through symlink",
          "move of an unsynced file, durable", "move to another volume, existing, durable"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void CrashTest::noticesMissingContentSync()
{
    QFETCH(QString, name);
    const Scenario &one = scenario(name.toStdString());
    const auto system = prepare(one);
    CrashChecker checker(*system, one);
    FaultFileSystem lying(*system);
    lying.pretend(Call::SyncFile);
    checkEveryMoment(checker, lying, one);
    QVERIFY2(mentions(checker.problems(), "neither old nor new"),
             joined(checker.problems()).constData());
}

void CrashTest::noticesMissingDirectorySync_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name :
         {"write new, durable", "write existing, durable", "write create-new",
          "write batch in two directories", "macOS: write batch in two directories", "copy to new",
          "move to existing, durable", "move from another directory to new, durable",
          "move to another volume, new, durable"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void CrashTest::noticesMissingDirectorySync()
{
    QFETCH(QString, name);
    const Scenario &one = scenario(name.toStdString());
    const auto system = prepare(one);
    CrashChecker checker(*system, one);
    FaultFileSystem lying(*system);
    lying.pretend(Call::SyncDirectory);
    checkEveryMoment(checker, lying, one);
    QVERIFY2(mentions(checker.problems(), "after success"), joined(checker.problems()).constData());
}

/// What programs for systems without an atomic rename do.
void CrashTest::noticesUnlinkThenRename()
{
    const Scenario &one = scenario("move to existing, durable");
    const auto system = prepare(one);
    CrashChecker checker(*system, one);
    const auto directory = system->openDirectory("/there", DirectoryAccess::Read).value();
    QVERIFY(system->unlink(directory, "target").ok());
    checker.checkMoment("after unlink");
    QVERIFY(system->rename(directory, "source", directory, "target").ok());
    checker.checkMoment("after rename");
    QVERIFY2(mentions(checker.problems(), "neither old nor new"),
             joined(checker.problems()).constData());
}

/// The order of the directories matters where each is on the medium for itself.
void CrashTest::noticesSourceDirectorySyncedFirst()
{
    const Scenario &one = scenario("move from another directory to new, durable");
    const auto system = prepare(one);
    CrashChecker checker(*system, one);
    const auto to = system->openDirectory("/there", DirectoryAccess::Read).value();
    const auto from = system->openDirectory("/there/sub", DirectoryAccess::Read).value();
    QVERIFY(system->rename(from, "source", to, "target").ok());
    checker.checkMoment("after rename");
    QVERIFY2(checker.problems().empty(), joined(checker.problems()).constData());
    QVERIFY(system->syncDirectory(from).ok());
    checker.checkMoment("after syncing the source directory");
    QVERIFY2(mentions(checker.problems(), "a move lost the file"),
             joined(checker.problems()).constData());
}

void CrashTest::noticesWritingInPlace()
{
    const Scenario &one = scenario("write existing, durable");
    const auto system = prepare(one);
    CrashChecker checker(*system, one);
    const auto directory = system->openDirectory("/there", DirectoryAccess::Read).value();
    const auto file = system->openFile(directory, "target", FileAccess::ReadWrite).value();
    QVERIFY(system->writeAt(file, 0, bytesOf(one.content)).ok());
    checker.checkMoment("after writing");
    QVERIFY(system->syncFile(file, SyncScope::Everything).ok());
    QVERIFY2(mentions(checker.problems(), "neither old nor new"),
             joined(checker.problems()).constData());
}

QTEST_APPLESS_MAIN(CrashTest)
#include "tst_crash.moc"
