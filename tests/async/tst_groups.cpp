// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Which writes that were asked for one by one are committed together, and what each still gets for itself.
#include "operation_p.h"

#include "support/memory_filesystem.h"
#include "support/recording_filesystem.h"
#include "support/semaphore.h"

#include <QtCore/QThread>
#include <QtTest/QTest>

#include <algorithm>
#include <memory>
#include <vector>

using namespace atomicfile;
using test::MemoryFileSystem;
using test::MemoryOptions;
using test::RecordingFileSystem;
using test::Semaphore;
using Error = AtomicFileResult::Error;

namespace {

constexpr std::size_t groupSize = 16; ///< the largest
const std::size_t threads = static_cast<std::size_t>(std::max(4, QThread::idealThreadCount()));

/// Holds up its thread, either when its targets are asked for, which keeps all that was submitted after it
/// from being admitted, or when it runs.
class Holding final : public Job
{
public:
    enum class When { Admitted, Run };
    Holding(When when, Semaphore &held, Semaphore &mayGo)
        : m_when(when)
        , m_held(held)
        , m_mayGo(mayGo)
    {
    }
    std::span<const JobTarget> targets() const override
    {
        if (m_when == When::Admitted)
            hold();
        return {};
    }
    void run(FileSystem &) override
    {
        if (m_when == When::Run)
            hold();
    }

private:
    void hold() const
    {
        m_held.release();
        m_mayGo.acquire();
    }

    const When m_when;
    Semaphore &m_held;
    Semaphore &m_mayGo;
};

/// All threads of the executor but one are at work until the end. That one meets everything that a test
/// asks for at once, when the test lets it go.
class World
{
public:
    explicit World(bool hasVolumeSync = true, test::Profile profile = test::Profile::Linux)
        : memory(options(hasVolumeSync, profile))
    {
        memory.addDirectory("/folder");
        for (std::size_t i = 1; i < threads; ++i) {
            executor.submit(std::make_unique<Holding>(Holding::When::Run, m_held, m_othersMayGo));
            m_held.acquire();
        }
        executor.submit(std::make_unique<Holding>(Holding::When::Admitted, m_held, m_mayGo));
        m_held.acquire();
    }
    ~World()
    {
        m_mayGo.release(); // A test that has failed may not have let it go.
        m_othersMayGo.release(static_cast<std::ptrdiff_t>(threads - 1));
    }

    template<typename T>
    QFuture<T> submit(AtomicFileWork<T> work, std::shared_ptr<AtomicFileMailbox> mailbox = nullptr)
    {
        auto operation = std::make_unique<AtomicFileOperation<T>>(std::move(work),
                                                                  std::move(mailbox));
        QFuture<T> future = operation->future();
        executor.submit(std::move(operation));
        return future;
    }
    QFuture<AtomicFileResult> write(const QString &name, const QByteArray &bytes,
                                    const AtomicFileOptions &options = {})
    {
        return submit(atomicFileWrite(QStringLiteral("/folder/") + name, bytes, options));
    }
    void go() { m_mayGo.release(); }
    QByteArray content(const QString &name) const
    {
        const Path path = "/folder/" + name.toStdString();
        return QByteArray::fromStdString(memory.content(path).value_or("(missing)"));
    }

    MemoryFileSystem memory;
    RecordingFileSystem system{memory};

private:
    static MemoryOptions options(bool hasVolumeSync, test::Profile profile)
    {
        MemoryOptions options;
        options.profile = profile;
        options.hasVolumeSync = hasVolumeSync;
        options.openFiles = groupSize * 2 * 4; // Two groups may be under way at a time.
        return options;
    }

    Semaphore m_held{0};
    Semaphore m_mayGo{0};
    Semaphore m_othersMayGo{0};

public:
    Executor executor{system};
};

} // namespace

class TestGroups : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void callsToFindTheTarget();
    void syncsOfWritesThatPileUp_data();
    void syncsOfWritesThatPileUp();
    void noGroupsWithoutSyncsOfDirectories();
    void keepsTheOrderOfATarget();
    void failuresAreTheirOwn();
    void cancelledOnesAreTheirOwn();
    void writesAlone_data();
    void writesAlone();
    void writesToAnotherVolumeApart();
    void boundsWhatIsPending();
};

/// Before those that tst_callsofasave lists. storedName is no system call on Linux.
void TestGroups::callsToFindTheTarget()
{
    World world;
    const auto written = world.write(QStringLiteral("file"), "content");
    world.go();
    QVERIFY(written.result());
    QStringList calls;
    for (const test::CallRecord &record : world.system.records())
        calls.append(QString::fromUtf8(callName(record.call).data()));
    QCOMPARE(QStringList(calls.first(5)).join(QLatin1Char(' ')),
             QStringLiteral("openDirectory stat statDirectory storedName closeDirectory"));
}

void TestGroups::syncsOfWritesThatPileUp_data()
{
    QTest::addColumn<bool>("hasVolumeSync");
    QTest::addColumn<int>("files");
    QTest::addColumn<int>("volumes"); // syncs of it
    QTest::addColumn<int>("singles"); // syncs of files
    QTest::addColumn<int>("directories");
    QTest::newRow("one") << true << 1 << 0 << 1 << 1;
    QTest::newRow("two") << true << 2 << 0 << 2 << 1;
    QTest::newRow("three") << true << 3 << 1 << 0 << 1;
    QTest::newRow("as many as fit") << true << 16 << 1 << 0 << 1;
    QTest::newRow("one more") << true << 17 << 1 << 1 << 2;
    QTest::newRow("many") << true << 160 << 10 << 0 << 10;
    QTest::newRow("many, no sync of volumes")
        << false << 160 << 10 << 160 << 10; // asked for in vain
}

void TestGroups::syncsOfWritesThatPileUp()
{
    QFETCH(bool, hasVolumeSync);
    QFETCH(int, files);
    QFETCH(int, volumes);
    QFETCH(int, singles);
    QFETCH(int, directories);
    World world(hasVolumeSync);
    std::vector<QFuture<AtomicFileResult>> futures;
    for (int i = 0; i < files; ++i) {
        const QString name = QString::number(i);
        // Text is turned into bytes on the way.
        futures.push_back(i % 2 == 0 ? world.write(name, name.toUtf8())
                                     : world.submit(atomicFileWriteText(
                                         QStringLiteral("/folder/") + name, name, {})));
    }
    world.go();
    for (int i = 0; i < files; ++i) {
        const QString name = QString::number(i);
        const AtomicFileResult result = futures[static_cast<std::size_t>(i)].result();
        QVERIFY2(result, qPrintable(result.errorString()));
        // After a drive, where there are such.
        QVERIFY2(result.fileName().endsWith(QStringLiteral("/folder/") + name),
                 qPrintable(result.fileName()));
        QCOMPARE(world.content(name), name.toUtf8());
    }
    QCOMPARE(world.system.count(Call::SyncVolume), static_cast<std::size_t>(volumes));
    QCOMPARE(world.system.count(Call::SyncFile), static_cast<std::size_t>(singles));
    QCOMPARE(world.system.count(Call::SyncDirectory), static_cast<std::size_t>(directories));
}

/// On Windows each may have to wait for a program that has the target open.
void TestGroups::noGroupsWithoutSyncsOfDirectories()
{
    World world(false, test::Profile::Windows);
    std::vector<QFuture<AtomicFileResult>> futures;
    for (int i = 0; i < 8; ++i)
        futures.push_back(world.write(QString::number(i), "content"));
    world.go();
    for (auto &future : futures)
        QVERIFY(future.result());
    QCOMPARE(world.system.count(Call::WriteOutFile), std::size_t(0));
    QCOMPARE(world.system.count(Call::SyncFile), std::size_t(8));
}

void TestGroups::keepsTheOrderOfATarget()
{
    World world;
    std::vector<QFuture<AtomicFileResult>> futures;
    QList<int> order; // Operations on one target follow each other.
    for (int i = 0; i < 5; ++i) {
        (void)world.write(QStringLiteral("other%1").arg(i), "content");
        futures.push_back(world.write(QStringLiteral("file"), QByteArray::number(i))
                              .then([&order, i](const AtomicFileResult &result) {
                                  order.append(i);
                                  return result;
                              }));
    }
    world.go();
    for (auto &future : futures)
        QVERIFY(future.result());
    QCOMPARE(order, QList<int>({0, 1, 2, 3, 4}));
    QCOMPARE(world.content(QStringLiteral("file")), QByteArray("4"));
    // The first write of the file goes with those of the others.
    QCOMPARE(world.system.count(Call::SyncDirectory), std::size_t(5));
}

void TestGroups::failuresAreTheirOwn()
{
    World world;
    const auto before = world.write(QStringLiteral("before"), "content");
    world.memory.addDirectory("/folder/directory");
    const auto failing = world.write(QStringLiteral("directory"), "content");
    const auto after = world.write(QStringLiteral("after"), "content");
    world.go();
    QVERIFY(before.result());
    QVERIFY(after.result());
    QCOMPARE(failing.result().error(), Error::IsDirectory);
    QCOMPARE(world.system.count(Call::SyncDirectory), std::size_t(1));
}

void TestGroups::cancelledOnesAreTheirOwn()
{
    World world;
    const auto mailbox = std::make_shared<AtomicFileMailbox>();
    const auto before = world.write(QStringLiteral("before"), "content");
    const auto cancelled = world.submit(
        atomicFileWrite(QStringLiteral("/folder/cancelled"), "content", {}), mailbox);
    const auto after = world.write(QStringLiteral("after"), "content");
    mailbox->cancelAll();
    world.go();
    QVERIFY(before.result());
    QVERIFY(after.result());
    QCOMPARE(cancelled.result().error(), Error::Cancelled);
    QCOMPARE(world.content(QStringLiteral("cancelled")), QByteArray("(missing)"));
    QCOMPARE(world.system.count(Call::SyncDirectory), std::size_t(1));
}

void TestGroups::writesAlone_data()
{
    QTest::addColumn<int>("size");
    QTest::addColumn<bool>("isDurable");
    QTest::addColumn<bool>("isUrgent");
    QTest::addColumn<bool>("isSkipped");
    QTest::addColumn<int>("directories");
    QTest::newRow("none") << 7 << true << false << false << 1;
    QTest::newRow("large") << 2'000'000 << true << false << false << 3;
    QTest::newRow("urgent") << 7 << true << true << false << 3;
    QTest::newRow("not synced") << 7 << false << false << false << 2;
    QTest::newRow("skipped where nothing changes") << 7 << true << false << true << 3;
}

/// One of three is of a kind that neither waits for others nor makes others wait.
void TestGroups::writesAlone()
{
    QFETCH(int, size);
    QFETCH(bool, isDurable);
    QFETCH(bool, isUrgent);
    QFETCH(bool, isSkipped);
    QFETCH(int, directories);
    World world;
    const QByteArray bytes(size, 'x');
    AtomicFileOptions options;
    if (!isDurable)
        options.durability = AtomicFileOptions::Durability::None;
    if (isSkipped)
        options.unchanged = AtomicFileOptions::Unchanged::Skip;
    const auto before = world.write(QStringLiteral("before"), "content");
    const QString path = QStringLiteral("/folder/middle");
    const auto middle = world.submit(isUrgent ? atomicFileWriteAlone(path, bytes, options)
                                              : atomicFileWrite(path, bytes, options));
    const auto after = world.write(QStringLiteral("after"), "content");
    world.go();
    QVERIFY(before.result());
    QVERIFY(middle.result());
    QVERIFY(after.result());
    QCOMPARE(world.content(QStringLiteral("middle")), bytes);
    QCOMPARE(world.system.count(Call::SyncDirectory), static_cast<std::size_t>(directories));
}

/// It may be slow, or never answer.
void TestGroups::writesToAnotherVolumeApart()
{
    World world;
    world.memory.mount("/elsewhere");
    const auto first = world.write(QStringLiteral("first"), "content");
    const auto second = world.write(QStringLiteral("second"), "content");
    const auto other = world.submit(
        atomicFileWrite(QStringLiteral("/elsewhere/other"), "content", {}));
    const auto third = world.write(QStringLiteral("third"), "content");
    world.go();
    QVERIFY(first.result());
    QVERIFY(second.result());
    QVERIFY(other.result());
    QVERIFY(third.result());
    // Two and one and one.
    QCOMPARE(world.system.count(Call::SyncDirectory), std::size_t(3));
}

/// Whoever waits before each save never keeps more in memory than the limit and one save.
void TestGroups::boundsWhatIsPending()
{
    World world;
    constexpr std::int64_t size = 100'000;
    constexpr std::int64_t each = size + 2048;
    const QByteArray bytes(size, 'x');
    const std::int64_t before = world.executor.pendingBytes(); // the jobs that hold the threads up
    world.executor.setPendingLimit(before + 3 * each);
    std::vector<QFuture<AtomicFileResult>> futures;
    while (world.executor.whenBelowLimit().isFinished())
        futures.push_back(world.write(QString::number(futures.size()), bytes));
    QCOMPARE(futures.size(), std::size_t(4)); // three are at the limit, not above it
    QCOMPARE(world.executor.pendingBytes(), before + 4 * each);

    QFuture<void> first = world.executor.whenBelowLimit();
    QFuture<void> second = world.executor.whenBelowLimit();
    QVERIFY(!first.isFinished() && !second.isFinished());
    world.executor.setPendingLimit(before + 4 * each);
    QVERIFY(first.isFinished() && second.isFinished());

    world.executor.setPendingLimit(before - 2048);
    QFuture<void> third = world.executor.whenBelowLimit();
    QVERIFY(!third.isFinished());
    world.go();
    third.waitForFinished();
    for (auto &future : futures)
        QVERIFY(future.result());
    QVERIFY(world.executor.pendingBytes() < before);
}

QTEST_GUILESS_MAIN(TestGroups)
#include "tst_groups.moc"
