// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Many files at once: which groups they are committed in, what that costs, and that each file ends as
// it would have alone. Faults and crashes are tried on batches with all the other scenarios.
#include "outcome_text.h"
#include "scenarios.h"
#include "support/fault_filesystem.h"
#include "support/recording_filesystem.h"

#include <QtTest>

using namespace atomicfile;
using namespace atomicfile::test;

namespace {

/// Content of its own for each file, and the requests that refer to it.
class Batch
{
public:
    explicit Batch(std::size_t expected) { m_contents.reserve(expected); }

    void add(const Path &target, const std::string &content, const Options &options = {})
    {
        m_contents.push_back(content);
        m_requests.push_back({target, bytesOf(m_contents.back()), options});
    }
    void addNumbered(std::size_t count)
    {
        for (std::size_t i = 0; i < count; ++i)
            add("/there/" + std::to_string(i), "content " + std::to_string(i));
    }

    std::vector<Outcome> write(FileSystem &system, Monitor &monitor,
                               const FoldName &fold = {}) const
    {
        return writeFiles(system, m_requests, fold, monitor);
    }
    std::vector<Outcome> write(FileSystem &system, const FoldName &fold = {}) const
    {
        NullMonitor monitor;
        return write(system, monitor, fold);
    }

    const std::vector<WriteRequest> &requests() const { return m_requests; }
    const std::string &content(std::size_t index) const { return m_contents[index]; }

private:
    std::vector<std::string> m_contents;
    std::vector<WriteRequest> m_requests;
};

/// A process that may have so many files and directories open, and no more.
class NarrowFileSystem final : public DecoratedFileSystem
{
public:
    NarrowFileSystem(MemoryFileSystem &system, std::size_t mostOpen)
        : DecoratedFileSystem(system)
        , m_memory(system)
        , m_mostOpen(mostOpen)
    {
    }

    int refusals = 0;

protected:
    Verdict before(const CallRecord &record) override
    {
        const bool opens = record.call == Call::OpenDirectory || record.call == Call::OpenFile
            || record.call == Call::CreateFile;
        if (!opens || m_memory.openHandleCount() < m_mostOpen)
            return {};
        ++refusals;
        SystemError error;
        error.kind = ErrorClass::ResourceExhausted;
        error.native = {NativeScope::Errno, EMFILE};
        return Verdict::fail(error);
    }

private:
    const MemoryFileSystem &m_memory;
    const std::size_t m_mostOpen;
};

class ProgressNotes final : public Monitor
{
public:
    bool isCancelled() noexcept override { return false; }
    void progress(std::int64_t bytesDone, std::int64_t bytesTotal) noexcept override
    {
        went &= bytesDone > done && bytesDone <= bytesTotal;
        done = bytesDone;
        total = bytesTotal;
    }

    bool went = true; ///< forwards
    std::int64_t done = 0;
    std::int64_t total = 0;
};

std::u16string asciiFolded(const Path &name)
{
    std::u16string folded = name.u16string();
    for (char16_t &letter : folded) {
        if (letter >= u'A' && letter <= u'Z')
            letter = static_cast<char16_t>(letter - u'A' + u'a');
    }
    return folded;
}

void verifyAllWritten(const Batch &batch, const MemoryFileSystem &system,
                      const std::vector<Outcome> &outcomes)
{
    QCOMPARE(outcomes.size(), batch.requests().size());
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        QCOMPARE(summary(outcomes[i]), std::string("ok, Replaced"));
        QCOMPARE(outcomes[i].target.string(), batch.requests()[i].target.string());
        QCOMPARE(system.content(batch.requests()[i].target).value(), batch.content(i));
    }
    QVERIFY(stagedFiles(system.tree()).empty());
    QCOMPARE(system.openHandleCount(), std::size_t(0));
}

} // namespace

class BatchTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothing();
    void syncsOfAGroup_data();
    void syncsOfAGroup();
    void syncsOfAVolume_data();
    void syncsOfAVolume();
    void aPowerCutAfterTheSyncOfAVolume();
    void tellsWhoseTheErrorIs();
    void takesHalfOfTheOpenFiles();
    void muchContentIsNotStagedAtOnce();
    void failuresAreTheirOwn();
    void oneTargetInOrder_data();
    void oneTargetInOrder();
    void linkThatAnEarlierFileReplaces();
    void fewHandles_data();
    void fewHandles();
    void littleSpace();
    void progressOfAll();
    void cancelledBeforeTheSyncs();
};

void BatchTest::nothing()
{
    MemoryFileSystem system;
    RecordingFileSystem recording(system);
    QVERIFY(Batch(0).write(recording).empty());
    QVERIFY(recording.records().empty());
}

void BatchTest::syncsOfAGroup_data()
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
void BatchTest::syncsOfAGroup()
{
    QFETCH(int, files);
    QFETCH(int, groups);
    MemoryFileSystem system;
    system.addDirectory("/there");
    RecordingFileSystem recording(system);
    Batch batch(static_cast<std::size_t>(files));
    batch.addNumbered(static_cast<std::size_t>(files));
    verifyAllWritten(batch, system, batch.write(recording));
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

void BatchTest::syncsOfAVolume_data()
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
void BatchTest::syncsOfAVolume()
{
    QFETCH(int, files);
    QFETCH(int, volumes);
    QFETCH(int, singles);
    MemoryOptions options;
    options.hasVolumeSync = true;
    MemoryFileSystem system(options);
    system.addDirectory("/there");
    RecordingFileSystem recording(system);
    Batch batch(static_cast<std::size_t>(files));
    batch.addNumbered(static_cast<std::size_t>(files));
    verifyAllWritten(batch, system, batch.write(recording));
    QCOMPARE(recording.count(Call::SyncVolume), static_cast<std::size_t>(volumes));
    QCOMPARE(recording.count(Call::SyncFile), static_cast<std::size_t>(singles));
    QCOMPARE(recording.count(Call::SyncDirectory), static_cast<std::size_t>(files + 63) / 64);
}

/// From the sync of the volume on each target is the old or the new file, and at the end the new one.
void BatchTest::aPowerCutAfterTheSyncOfAVolume()
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

/// The sync of a volume fails for all; each file's own sync then tells which one it was.
void BatchTest::tellsWhoseTheErrorIs()
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
    QCOMPARE(seen.count(Call::SyncFile), std::size_t(4));
}

void BatchTest::takesHalfOfTheOpenFiles()
{
    MemoryOptions options;
    options.openFiles = 1024;
    MemoryFileSystem system(options);
    system.addDirectory("/there");
    RecordingFileSystem recording(system);
    std::size_t most = 0;
    recording.setAfter(
        [&](std::size_t, const CallRecord &) { most = std::max(most, system.openHandleCount()); });
    Batch batch(1000);
    batch.addNumbered(1000);
    verifyAllWritten(batch, system, batch.write(recording));
    QCOMPARE(recording.count(Call::SyncDirectory), std::size_t(6)); // groups of 170
    QVERIFY(most > 300);
    QVERIFY(most <= 512);
}

void BatchTest::muchContentIsNotStagedAtOnce()
{
    MemoryFileSystem system;
    system.addDirectory("/there");
    RecordingFileSystem recording(system);
    Batch batch(3);
    const std::size_t large = std::size_t(33) << 20;
    for (const char *name : {"/there/a", "/there/b", "/there/c"})
        batch.add(name, std::string(large, name[7]));
    verifyAllWritten(batch, system, batch.write(recording));
    QCOMPARE(recording.count(Call::SyncDirectory), std::size_t(2));
}

void BatchTest::failuresAreTheirOwn()
{
    MemoryFileSystem system;
    system.addDirectory("/there");
    system.addDirectory("/there/directory");
    system.addFile("/there/existing", "old");
    Options createNew;
    createNew.existing = Existing::CreateNew;
    Batch batch(6);
    batch.add("/there/first", "1");
    batch.add("/there/directory", "2");
    batch.add("/nowhere/file", "3");
    batch.add("", "4");
    batch.add("/there/existing", "5", createNew);
    batch.add("/there/last", "6");
    const std::vector<Outcome> outcomes = batch.write(system);
    const std::vector<std::string> expected{
        "ok, Replaced",
        "IsDirectory at Inspect, Unchanged",
        "NotFound at Resolve, Unchanged",
        "InvalidPath at Resolve, Unchanged",
        "AlreadyExists at Inspect, Unchanged",
        "ok, Replaced",
    };
    for (std::size_t i = 0; i < expected.size(); ++i)
        QCOMPARE(summary(outcomes[i]), expected[i]);
    QCOMPARE(system.content("/there/first").value(), std::string("1"));
    QCOMPARE(system.content("/there/existing").value(), std::string("old"));
    QCOMPARE(system.content("/there/last").value(), std::string("6"));
}

void BatchTest::oneTargetInOrder_data()
{
    QTest::addColumn<int>("profile");
    QTest::addColumn<QString>("other");
    QTest::newRow("same path") << int(Profile::Linux) << QStringLiteral("/there/target");
    QTest::newRow("detour") << int(Profile::Linux) << QStringLiteral("/there/../there/target");
    QTest::newRow("through a link") << int(Profile::Linux) << QStringLiteral("/there/link");
    QTest::newRow("other letters") << int(Profile::Darwin) << QStringLiteral("/there/Target");
    QTest::newRow("other letters, Windows")
        << int(Profile::Windows) << QStringLiteral("/there/TARGET");
}

/// The second finds what the first has made, as its options and its permissions show, and wins.
void BatchTest::oneTargetInOrder()
{
    QFETCH(int, profile);
    QFETCH(QString, other);
    MemoryOptions memory;
    memory.profile = static_cast<Profile>(profile);
    MemoryFileSystem system(memory);
    system.addDirectory("/there");
    system.addSymlink("/there/link", "target");
    Options first;
    first.existing = Existing::CreateNew;
    first.permissions = ModeBits(0600);
    Options second;
    second.existing = Existing::MustExist;
    Batch batch(3);
    batch.add("/there/target", "first", first);
    batch.add(Path(other.toStdString()), "second", second);
    batch.add("/there/neighbour", "not concerned");
    const std::vector<Outcome> outcomes = batch.write(system, asciiFolded);
    for (const Outcome &outcome : outcomes)
        QCOMPARE(summary(outcome), std::string("ok, Replaced"));
    QCOMPARE(system.content("/there/target").value(), std::string("second"));
    QCOMPARE(system.content("/there/neighbour").value(), std::string("not concerned"));
    if (memory.profile != Profile::Windows)
        QCOMPARE(system.tree().inode("/there/target")->attributes.mode, ModeBits(0600));
}

/// By the time that the second is written there is no link to follow.
void BatchTest::linkThatAnEarlierFileReplaces()
{
    MemoryFileSystem system;
    system.addDirectory("/there");
    system.addFile("/there/real", "old");
    system.addSymlink("/there/link", "real");
    Options replacing;
    replacing.symlinks = Symlinks::Replace;
    Batch batch(2);
    batch.add("/there/link", "first", replacing);
    batch.add("/there/link", "second");
    for (const Outcome &outcome : batch.write(system))
        QCOMPARE(summary(outcome), std::string("ok, Replaced"));
    QCOMPARE(system.content("/there/link").value(), std::string("second"));
    QCOMPARE(system.content("/there/real").value(), std::string("old"));
}

void BatchTest::fewHandles_data()
{
    QTest::addColumn<int>("most");
    // One is open while it is written: a directory, the staged file and for a moment the target.
    for (int most = 3; most <= 9; ++most)
        QTest::addRow("%d", most) << most;
}

/// However few handles there are, a batch needs no more than a single file.
void BatchTest::fewHandles()
{
    QFETCH(int, most);
    MemoryFileSystem system;
    system.addDirectory("/there");
    Batch batch(20);
    batch.addNumbered(20);
    for (const WriteRequest &request : batch.requests())
        system.addFile(request.target, "old");
    NarrowFileSystem narrow(system, static_cast<std::size_t>(most));
    verifyAllWritten(batch, system, batch.write(narrow));
    QVERIFY(narrow.refusals > 0);
}

/// There is room for one file beside the old ones, not for one beside each.
void BatchTest::littleSpace()
{
    MemoryOptions memory;
    memory.capacity = 7 * blockSize;
    MemoryFileSystem system(memory);
    system.addDirectory("/there");
    Batch batch(5);
    batch.addNumbered(5);
    for (const WriteRequest &request : batch.requests())
        system.addFile(request.target, "old");
    RecordingFileSystem recording(system);
    verifyAllWritten(batch, system, batch.write(recording));
    QVERIFY(recording.count(Call::SyncDirectory) > 1);
}

void BatchTest::progressOfAll()
{
    MemoryFileSystem system;
    system.addDirectory("/there");
    Batch batch(4);
    batch.add("/there/a", "some bytes");
    batch.add("/nowhere/b", "bytes that nobody writes");
    batch.add("/there/c", "");
    batch.add("/there/d", "more bytes");
    std::int64_t total = 0;
    for (const WriteRequest &request : batch.requests())
        total += static_cast<std::int64_t>(request.bytes.size());
    ProgressNotes notes;
    (void)batch.write(system, notes); // Its outcomes are a matter of the other tests.
    QVERIFY(notes.went);
    QCOMPARE(notes.done, total);
    QCOMPARE(notes.total, total);
}

/// What is no longer wanted is not synced any more either.
void BatchTest::cancelledBeforeTheSyncs()
{
    class Cancelling final : public Monitor
    {
    public:
        bool isCancelled() noexcept override { return cancelled; }
        void progress(std::int64_t bytesDone, std::int64_t bytesTotal) noexcept override
        {
            cancelled = bytesDone == bytesTotal;
        }
        bool cancelled = false;
    };
    MemoryFileSystem system;
    system.addDirectory("/there");
    RecordingFileSystem recording(system);
    Batch batch(3);
    batch.addNumbered(3);
    Cancelling monitor;
    for (const Outcome &outcome : batch.write(recording, monitor))
        QCOMPARE(summary(outcome), std::string("Cancelled at SyncContent, Unchanged"));
    QCOMPARE(recording.count(Call::SyncFile), std::size_t(0));
    QVERIFY(system.listing("/there").empty());
}

QTEST_APPLESS_MAIN(BatchTest)
#include "tst_batch.moc"
