// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Cancelling at every moment, and the progress that is told.
#include "outcome_text.h"
#include "scenarios.h"
#include "support/recording_filesystem.h"

#include <QtTest>

#include <atomic>
#include <limits>

using namespace atomicfile;
using namespace atomicfile::test;

namespace {

class Watcher final : public Monitor
{
public:
    bool isCancelled() noexcept override { return cancelled || ++questions > patience; }
    void progress(std::int64_t bytesDone, std::int64_t bytesTotal) noexcept override
    {
        went &= bytesDone >= done && (bytesTotal == -1 || bytesDone <= bytesTotal);
        done = bytesDone;
        total = bytesTotal;
        ++reports;
    }

    bool cancelled = false;
    int questions = 0;
    int patience = std::numeric_limits<int>::max(); ///< how often it says no
    bool went = true;                               ///< forwards, and never beyond the total
    std::int64_t done = 0;
    std::int64_t total = 0;
    int reports = 0;
};

bool publishes(const Scenario &one, const CallRecord &record)
{
    const bool isBatch = !one.neighbours.empty();
    if (isBatch) // With the last of them it is too late for all.
        return record.call != Call::Unlink
            && record.otherName == one.neighbours.back().resolved.filename();
    const bool renames = (record.call == Call::Rename || record.call == Call::RenameNoReplace
                          || record.call == Call::Link || record.call == Call::Exchange)
        && record.otherName == one.resolved.filename();
    const bool removesName = record.call == Call::Unlink
        && one.name == "move to a hard link of itself";
    return renames || removesName;
}

} // namespace

class CancelTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void atEveryCall_data();
    void atEveryCall();
    void atEveryQuestion_data();
    void atEveryQuestion();
    void isAskedBetweenChunks();
    void progress_data();
    void progress();

private:
    static void addScenarios();
    static void verifyCancelled(const Scenario &one, const MemoryFileSystem &system,
                                const Outcome &outcome, const std::optional<std::string> &old,
                                const std::string &what);
};

void CancelTest::addScenarios()
{
    QTest::addColumn<QString>("name");
    for (const Scenario &one : scenarios()) {
        if (!one.refusal)
            QTest::newRow(one.name.c_str()) << QString::fromStdString(one.name);
    }
}

/// Either it came too late for this file, or the file is as it was.
void CancelTest::verifyCancelled(const Scenario &one, const MemoryFileSystem &system,
                                 const Outcome &outcome, const std::optional<std::string> &old,
                                 const std::string &what)
{
    if (outcome.ok()) {
        QVERIFY2(system.content(one.resolved) == one.content, what.c_str());
        return;
    }
    QVERIFY2(outcome.failure->kind == ErrorClass::Cancelled, what.c_str());
    QVERIFY2(outcome.state == TargetState::Unchanged, what.c_str());
    QVERIFY2(system.content(one.resolved) == old, what.c_str());
    QCOMPARE(outcome.failure->native.code, 0);
    if (!one.source.empty())
        QVERIFY2(system.content(one.source) == one.content, what.c_str());
}

void CancelTest::atEveryCall_data() { addScenarios(); }

/// The cancel comes right before call N: up to publishing it is honoured or comes too late for one
/// step, afterwards the operation completes and says so.
void CancelTest::atEveryCall()
{
    QFETCH(QString, name);
    const Scenario &one = scenario(name.toStdString());
    for (std::size_t moment = 0;; ++moment) {
        const auto system = prepare(one);
        const auto olds = contentsOf(*system, one);
        Watcher watcher;
        RecordingFileSystem recording(*system);
        bool published = false;
        bool publishedBefore = false;
        recording.setBefore([&](std::size_t index, const CallRecord &) {
            if (index == moment) {
                watcher.cancelled = true;
                publishedBefore = published;
            }
        });
        recording.setAfter(
            [&](std::size_t, const CallRecord &record) { published |= publishes(one, record); });
        const std::vector<Outcome> outcomes = runEntries(recording, one, watcher);
        const std::vector<Scenario> entries = entriesOf(one);
        const std::string when = "cancelled before call " + std::to_string(moment);
        for (std::size_t i = 0; i < entries.size(); ++i) {
            const std::string what = when + " -> " + summary(outcomes[i]);
            verifyCancelled(entries[i], *system, outcomes[i], olds[i], what);
            // What looks like publishing may be the old content that is kept before writing in place.
            const bool isTooLate = publishedBefore && one.memory.hasRenameNoReplace
                && !isOverwritten(one) && !one.source.string().starts_with("/other");
            QVERIFY2(outcomes[i].ok() || !isTooLate, what.c_str());
        }
        QVERIFY2(stagedFiles(system->tree()).empty(), when.c_str());
        QCOMPARE(system->openHandleCount(), std::size_t(0));
        if (!watcher.cancelled)
            return;
    }
}

void CancelTest::atEveryQuestion_data() { addScenarios(); }

/// Whenever the operation asks and hears yes, it stops; and it asks before it publishes.
void CancelTest::atEveryQuestion()
{
    QFETCH(QString, name);
    const Scenario &one = scenario(name.toStdString());
    for (int patience = 0;; ++patience) {
        const auto system = prepare(one);
        const auto olds = contentsOf(*system, one);
        Watcher watcher;
        watcher.patience = patience;
        const std::vector<Outcome> outcomes = runEntries(*system, one, watcher);
        if (watcher.questions <= patience) {
            for (const Outcome &outcome : outcomes)
                QCOMPARE(summary(outcome), one.success());
            QVERIFY(patience >= 2); // At the beginning and right before publishing.
            return;
        }
        // Of a batch, what was published before stays.
        QVERIFY(outcomes.back().failure);
        const std::vector<Scenario> entries = entriesOf(one);
        for (std::size_t i = 0; i < entries.size(); ++i)
            verifyCancelled(entries[i], *system, outcomes[i], olds[i], summary(outcomes[i]));
        QVERIFY(stagedFiles(system->tree()).empty());
        QCOMPARE(system->openHandleCount(), std::size_t(0));
    }
}

void CancelTest::isAskedBetweenChunks()
{
    const Scenario &one = scenario("write large");
    const auto system = prepare(one);
    Watcher watcher;
    RecordingFileSystem recording(*system);
    recording.setAfter([&](std::size_t, const CallRecord &record) {
        if (record.call == Call::WriteAt)
            watcher.cancelled = true;
    });
    const Outcome outcome = run(recording, one, watcher);
    QCOMPARE(summary(outcome), std::string("Cancelled at Write, Unchanged"));
    QCOMPARE(recording.count(Call::WriteAt), std::size_t(1));
    QCOMPARE(recording.count(Call::SyncFile), std::size_t(0));
}

void CancelTest::progress_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name :
         {"write large", "write existing, durable", "copy to new", "copy by clone",
          "copy through memory", "move to another volume, new, durable"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void CancelTest::progress()
{
    QFETCH(QString, name);
    const Scenario &one = scenario(name.toStdString());
    const auto system = prepare(one);
    Watcher watcher;
    const Outcome outcome = run(*system, one, watcher);
    QCOMPARE(summary(outcome), std::string("ok, Replaced"));
    const auto size = static_cast<std::int64_t>(one.content.size());
    QVERIFY(watcher.reports > 0);
    QVERIFY(watcher.went);
    QCOMPARE(watcher.done, size);
    QCOMPARE(watcher.total, size);
    QCOMPARE(outcome.bytesWritten, size);
}

QTEST_APPLESS_MAIN(CancelTest)
#include "tst_cancel.moc"
