// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Many files at once: each ends as it would have alone. Faults and crashes are tried on batches with all
// the other scenarios, what a group costs by tst_batchsyncs.
#include "batch_requests.h"
#include "support/fault_filesystem.h"
#include "support/recording_filesystem.h"

#include <QtTest>

using namespace atomicfile;
using namespace atomicfile::test;

namespace {

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
    std::u16string folded = name.standard().u16string();
    for (char16_t &letter : folded) {
        if (letter >= u'A' && letter <= u'Z')
            letter = static_cast<char16_t>(letter - u'A' + u'a');
    }
    return folded;
}

} // namespace

class BatchTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothing();
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
    NumberedFiles numbered(3);
    Cancelling monitor;
    for (const Outcome &outcome : numbered.batch.write(numbered.recording, monitor))
        QCOMPARE(summary(outcome), std::string("Cancelled at SyncContent, Unchanged"));
    QCOMPARE(numbered.recording.count(Call::SyncFile), std::size_t(0));
    QVERIFY(numbered.system.listing("/there").empty());
}

QTEST_APPLESS_MAIN(BatchTest)
#include "tst_batch.moc"
