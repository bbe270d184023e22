// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Every call of every sequence gives every error that it may give: once, each time, and as the first
// of a disk that has gone. Whatever happens, the target is old or new and the outcome tells the truth.
#include "fault_judge.h"
#include "outcome_text.h"
#include "scenarios.h"
#include "support/recording_filesystem.h"

#include <QtTest>

#include <algorithm>
#include <array>

using namespace atomicfile;
using namespace atomicfile::test;

namespace {

constexpr std::array lastings{NamedLasting{Fault::Lasting::Once, "once"},
                              NamedLasting{Fault::Lasting::Kind, "from then on"},
                              NamedLasting{Fault::Lasting::Everything, "and all that follows"}};

enum class Reply { Given, Lost };

std::vector<std::string> conduct(const Experiment &experiment, Reply reply = Reply::Given)
{
    const auto system = prepare(experiment.scenario);
    const auto olds = contentsOf(*system, experiment.scenario);
    FaultFileSystem faulty(*system);
    faulty.setFault({experiment.index, experiment.error.kind, experiment.error.code,
                     experiment.lasting.lasting, experiment.error.scope, experiment.error.mayPass});
    if (reply == Reply::Lost)
        faulty.loseReplies();
    faulty.setOnFault([&](const CallRecord &record) {
        if (record.call == Call::SyncFile)
            system->noteSyncFailed(record.file);
        else if (record.call == Call::SyncDirectory)
            system->noteSyncFailed(record.directory);
        else if (record.call == Call::WriteOutFile
                 && experiment.error.kind != ErrorClass::Unsupported)
            system->noteWriteOutFailed(record.file);
    });
    const std::vector<Outcome> outcomes = runEntries(faulty, experiment.scenario);
    if (faulty.faults() == 0)
        return {experiment.name() + ": the fault did not strike"};
    return judge(experiment, *system, outcomes, olds);
}

/// All the experiments with one call of a scenario.
std::vector<std::string> conductAll(const Scenario &scenario, const CallRecord &record,
                                    std::size_t index)
{
    std::vector<std::string> problems;
    for (const CallError &error : errorsOf(record.call, scenario.memory.profile)) {
        for (const NamedLasting &lasting : lastings) {
            // Calls are made again for as long as they are interrupted, and a disk that has gone does
            // not answer that there is no such file.
            const bool answers = error.kind == ErrorClass::Interrupted
                || error.kind == ErrorClass::NotFound;
            if (answers && lasting.lasting == Fault::Lasting::Everything)
                continue;
            const auto found = conduct({scenario, record, index, error, lasting});
            problems.insert(problems.end(), found.begin(), found.end());
        }
    }
    return problems;
}

std::vector<CallRecord> callsOf(const Scenario &scenario)
{
    const auto system = prepare(scenario);
    RecordingFileSystem recording(*system);
    (void)run(recording, scenario); // Only its calls matter here.
    return recording.records();
}

} // namespace

class FaultTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyCallHasErrors();
    void everyCallIsUsed();
    void withoutFaults_data();
    void withoutFaults();
    void everyErrorOfEveryCall_data();
    void everyErrorOfEveryCall();
    void everyLostReply_data();
    void everyLostReply();

private:
    static void addScenarios();
};

void FaultTest::addScenarios()
{
    QTest::addColumn<QString>("name");
    for (const Scenario &one : scenarios())
        QTest::newRow(one.name.c_str()) << QString::fromStdString(one.name);
}

void FaultTest::everyCallHasErrors()
{
    for (const Profile profile : {Profile::Linux, Profile::Darwin, Profile::Windows}) {
        for (const NamedCall &named : allCalls)
            QVERIFY2(!errorsOf(named.call, profile).empty(), named.name.data());
    }
}

/// A call that no scenario makes is one whose errors nobody has tried.
void FaultTest::everyCallIsUsed()
{
    std::set<Call> used;
    for (const Scenario &one : scenarios()) {
        for (const CallRecord &record : callsOf(one))
            used.insert(record.call);
    }
    used.insert(Call::StoredName); // Only the order of operations asks for spellings.
    for (const NamedCall &named : allCalls)
        QVERIFY2(used.contains(named.call), named.name.data());
}

void FaultTest::withoutFaults_data() { addScenarios(); }

void FaultTest::withoutFaults()
{
    QFETCH(QString, name);
    const Scenario &one = scenario(name.toStdString());
    const auto system = prepare(one);
    const auto olds = contentsOf(*system, one);
    const std::vector<Outcome> outcomes = runEntries(*system, one);
    const std::vector<Scenario> entries = entriesOf(one);
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const Outcome &outcome = outcomes[i];
        if (one.refusal) {
            QVERIFY(outcome.failure);
            QCOMPARE(nameOf(outcome.failure->kind), nameOf(*one.refusal));
            QCOMPARE(system->content(entries[i].resolved), olds[i]);
        } else {
            QCOMPARE(summary(outcome), entries[i].success());
            QCOMPARE(system->content(entries[i].resolved).value(), entries[i].content);
        }
        QCOMPARE(outcome.target.string(), entries[i].resolved.string());
    }
    QVERIFY(stagedFiles(system->tree()).empty());
    QCOMPARE(system->openHandleCount(), std::size_t(0));
}

void FaultTest::everyErrorOfEveryCall_data() { addScenarios(); }

void FaultTest::everyErrorOfEveryCall()
{
    QFETCH(QString, name);
    const Scenario &one = scenario(name.toStdString());
    std::vector<std::string> problems;
    const std::vector<CallRecord> records = callsOf(one);
    for (std::size_t index = 0; index < records.size(); ++index) {
        const auto found = conductAll(one, records[index], index);
        problems.insert(problems.end(), found.begin(), found.end());
    }
    // One message each: Qt Test cuts long ones.
    for (std::size_t i = 0; i < std::min(problems.size(), std::size_t(40)); ++i)
        qWarning("%s", problems[i].c_str());
    QCOMPARE(problems.size(), std::size_t(0));
}

void FaultTest::everyLostReply_data() { addScenarios(); }

/// A server does what it is asked, and its answer is an error: what is said of the target is true.
void FaultTest::everyLostReply()
{
    QFETCH(QString, name);
    const Scenario &one = scenario(name.toStdString());
    std::vector<std::string> problems;
    const std::vector<CallRecord> records = callsOf(one);
    for (std::size_t index = 0; index < records.size(); ++index) {
        if (!changesNames(records[index].call))
            continue;
        const CallError error = errorsOf(records[index].call, one.memory.profile).front();
        const Experiment experiment{one, records[index], index, error, lastings.front()};
        const auto found = conduct(experiment, Reply::Lost);
        problems.insert(problems.end(), found.begin(), found.end());
    }
    for (const std::string &problem : problems)
        qWarning("%s", problem.c_str());
    QCOMPARE(problems.size(), std::size_t(0));
}

QTEST_APPLESS_MAIN(FaultTest)
#include "tst_faults.moc"
