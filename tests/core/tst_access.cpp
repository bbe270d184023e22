// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Mode, owner and access control list: kept where they can be, and never, at no instant, does anybody
// get more than the old file gave.
#include "access.h"
#include "outcome_text.h"
#include "situations.h"
#include "support/call_errors.h"
#include "support/fault_filesystem.h"
#include "support/recording_filesystem.h"

#include <QtTest>

using namespace atomicfile;
using namespace atomicfile::test;

namespace {

/// Looks at all that holds new content, or will, after every call.
void watch(RecordingFileSystem &recording, const MemoryFileSystem &system, const Situation &one,
           std::vector<std::string> &problems)
{
    const Attributes before = system.tree().inode("/there/target")->attributes;
    recording.setAfter(
        [&system, &one, &problems, before](std::size_t index, const CallRecord &record) {
            const Tree tree = system.tree();
            for (const std::string &name : tree.listing("/there")) {
                const Inode *const file = tree.inode(Path("/there") / name);
                if (name == "source")
                    continue;
                const std::string who = whoMayMore(before, file->attributes, one.writer);
                if (!who.empty())
                    problems.push_back("after call " + std::to_string(index) + ' '
                                       + describe(record) + ": " + name + " gives more to " + who);
            }
        });
}

} // namespace

class AccessTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void neverWider_data();
    void neverWider();
    void neverWiderInSpiteOfErrors_data();
    void neverWiderInSpiteOfErrors();
    void rootKeepsEverything_data();
    void rootKeepsEverything();
    void groupThatCannotBeKept();
    void ownerThatCannotBeKept();
    void listThatCannotBeKept();
    void modeThatIsNotKept();
    void freshMetadata();
    void newFile_data();
    void newFile();
    void newFileTakesTheDefaultList();
    void permissionsInADirectoryWithADefaultList();
    void copyToANewNameIsNeverWider_data();
    void copyToANewNameIsNeverWider();
    void copyBringsPermissionsWithoutSetIds();

private:
    static void addSituations();
};

void AccessTest::addSituations()
{
    QTest::addColumn<QString>("name");
    for (const auto &known : situations())
        QTest::newRow(known.first.c_str()) << QString::fromStdString(known.first);
}

void AccessTest::neverWider_data() { addSituations(); }

void AccessTest::neverWider()
{
    QFETCH(QString, name);
    const Situation &one = situation(name.toStdString());
    for (const bool copies : {false, true}) {
        MemoryFileSystem system;
        build(system, one);
        std::vector<std::string> problems;
        RecordingFileSystem recording(system);
        watch(recording, system, one, problems);
        const Outcome outcome = copies ? copy(recording) : write(recording);
        QVERIFY2(problems.empty(), problems.empty() ? "" : problems.front().c_str());
        QCOMPARE(summary(outcome), std::string("ok, Replaced"));
    }
}

void AccessTest::neverWiderInSpiteOfErrors_data() { addSituations(); }

/// Each call that carries metadata fails in each way.
void AccessTest::neverWiderInSpiteOfErrors()
{
    QFETCH(QString, name);
    const Situation &one = situation(name.toStdString());
    MemoryFileSystem model;
    build(model, one);
    RecordingFileSystem plain(model);
    (void)write(plain); // Only its calls matter.
    const auto records = plain.records();
    for (std::size_t index = 0; index < records.size(); ++index) {
        const Call call = records[index].call;
        if (call != Call::SetOwner && call != Call::SetMode && call != Call::ReadAccessControl
            && call != Call::WriteAccessControl && call != Call::OpenFile)
            continue;
        for (const CallError &error : errorsOf(call)) {
            // A file system without lists has none to lose: of these files it would be a lie.
            if (call == Call::ReadAccessControl && error.kind == ErrorClass::Unsupported)
                continue;
            MemoryFileSystem system;
            build(system, one);
            FaultFileSystem faulty(system);
            faulty.setFault({index, error.kind, error.code, Fault::Lasting::Kind});
            std::vector<std::string> problems;
            RecordingFileSystem recording(faulty);
            watch(recording, system, one, problems);
            (void)write(recording); // tst_faults judges the outcome.
            const std::string what = std::string(callName(call)) + ' ' + std::string(error.name)
                + (problems.empty() ? "" : ", " + problems.front());
            QVERIFY2(problems.empty(), what.c_str());
        }
    }
}

void AccessTest::rootKeepsEverything_data() { addSituations(); }

void AccessTest::rootKeepsEverything()
{
    QFETCH(QString, name);
    Situation one = situation(name.toStdString());
    one.writer = one.writersGroup = 0;
    MemoryFileSystem system;
    build(system, one);
    const FileInfo before = system.infoOf("/there/target");
    const AccessControl list = system.accessControlOf("/there/target");
    const Outcome outcome = write(system);
    QCOMPARE(summary(outcome), std::string("ok, Replaced"));
    QCOMPARE(outcome.losses, Losses(0));
    const FileInfo after = system.infoOf("/there/target");
    QCOMPARE(after.mode, before.mode);
    QCOMPARE(after.owner, before.owner);
    QCOMPARE(after.group, before.group);
    QVERIFY(system.accessControlOf("/there/target") == list);
}

void AccessTest::groupThatCannotBeKept()
{
    MemoryFileSystem system;
    build(system, {0664, 1001, 2002, {}, {}, 1001, 2001});
    const Outcome outcome = write(system);
    QCOMPARE(summary(outcome), std::string("ok, Replaced"));
    QVERIFY(has(outcome, Loss::Owner));
    QVERIFY(has(outcome, Loss::Permissions));
    // The new group is not the one that was trusted: it gets what everybody gets.
    QCOMPARE(system.infoOf("/there/target").mode, ModeBits(0644));
    QCOMPARE(system.infoOf("/there/target").group, std::uint32_t(2001));
}

void AccessTest::ownerThatCannotBeKept()
{
    MemoryFileSystem system;
    build(system, {04775, 1001, 2003, {}, {}, 1003, 2003});
    const Outcome outcome = write(system);
    QCOMPARE(summary(outcome), std::string("ok, Replaced"));
    QVERIFY(has(outcome, Loss::Owner));
    const FileInfo after = system.infoOf("/there/target");
    QCOMPARE(after.owner, std::uint32_t(1003));
    QCOMPARE(after.group, std::uint32_t(2003));
    QCOMPARE(after.mode, ModeBits(0775)); // A set-id program of somebody else is another program.
}

void AccessTest::listThatCannotBeKept()
{
    MemoryFileSystem system;
    build(system, {0644, 1001, 2001, listWith(4, 6, 0), {}, 0, 0});
    MemoryFileSystem model;
    build(model, {0644, 1001, 2001, listWith(4, 6, 0), {}, 0, 0});
    RecordingFileSystem plain(model);
    (void)write(plain); // Only its calls matter.
    const auto records = plain.records();
    std::size_t index = 0;
    while (records.at(index).call != Call::WriteAccessControl)
        ++index;
    FaultFileSystem faulty(system);
    faulty.setFault({index, ErrorClass::Unsupported, EOPNOTSUPP, Fault::Lasting::Kind});
    const Outcome outcome = write(faulty);
    QCOMPARE(summary(outcome), std::string("ok, Replaced"));
    QVERIFY(has(outcome, Loss::AccessControlList));
    QCOMPARE(system.infoOf("/there/target").mode, ModeBits(0600));
}

/// ntfs-3g says ok and does nothing.
void AccessTest::modeThatIsNotKept()
{
    MemoryOptions can;
    can.keepsMode = false;
    MemoryFileSystem system(can);
    build(system, {0640, 0, 0, {}, {}, 0, 0});
    const Outcome outcome = write(system);
    QCOMPARE(summary(outcome), std::string("ok, Replaced"));
    QVERIFY(has(outcome, Loss::Permissions));
}

void AccessTest::freshMetadata()
{
    MemoryFileSystem system;
    build(system, {0600, 1001, 2001, {}, {}, 0, 0});
    Options options;
    options.metadata = Metadata::Fresh;
    QCOMPARE(summary(write(system, options)), std::string("ok, Replaced"));
    QCOMPARE(system.infoOf("/there/target").mode, ModeBits(0644));
    QCOMPARE(system.infoOf("/there/target").owner, std::uint32_t(0));
    options.permissions = ModeBits(0400);
    QCOMPARE(summary(write(system, options)), std::string("ok, Replaced"));
    QCOMPARE(system.infoOf("/there/target").mode, ModeBits(0400));
}

void AccessTest::newFile_data()
{
    QTest::addColumn<int>("permissions");
    QTest::addColumn<int>("umask");
    QTest::addColumn<int>("expected");
    QTest::newRow("default") << -1 << 0022 << 0644;
    QTest::newRow("default, umask 077") << -1 << 0077 << 0600;
    QTest::newRow("default, umask 0") << -1 << 0 << 0666;
    QTest::newRow("0640") << 0640 << 0077 << 0640;
    QTest::newRow("0666") << 0666 << 0077 << 0666;
    QTest::newRow("0000") << 0 << 0022 << 0;
}

void AccessTest::newFile()
{
    QFETCH(int, permissions);
    QFETCH(int, umask);
    QFETCH(int, expected);
    MemoryOptions can;
    can.umask = static_cast<ModeBits>(umask);
    MemoryFileSystem system(can);
    system.addDirectory("/there");
    Options options;
    if (permissions >= 0)
        options.permissions = static_cast<ModeBits>(permissions);
    QCOMPARE(summary(write(system, options)), std::string("ok, Replaced"));
    QCOMPARE(int(system.infoOf("/there/target").mode), expected);
}

/// Where a directory has a default list, that is what its owner wants of new files.
void AccessTest::newFileTakesTheDefaultList()
{
    MemoryFileSystem system;
    system.addDirectory("/there");
    system.setDefaultAccessControlOf("/there", packed(listWith(4, 6, 0)));
    QCOMPARE(summary(write(system)), std::string("ok, Replaced"));
    QVERIFY(system.accessControlOf("/there/target") == packed(listWith(4, 6, 0)));
    QCOMPARE(system.infoOf("/there/target").mode, ModeBits(0660));
}

/// What the caller says is what holds: the list would let in whom it names, with the group's bits.
void AccessTest::permissionsInADirectoryWithADefaultList()
{
    MemoryFileSystem system;
    system.addDirectory("/there");
    system.setDefaultAccessControlOf("/there", packed(listWith(6, 6, 6)));
    std::vector<std::string> problems;
    RecordingFileSystem recording(system);
    Attributes asked;
    asked.mode = 0660;
    recording.setAfter([&](std::size_t, const CallRecord &record) {
        const Tree tree = system.tree();
        for (const std::string &name : tree.listing("/there")) {
            const std::string who = whoMayMore(asked, tree.inode("/there/" + name)->attributes);
            if (!who.empty())
                problems.push_back(describe(record) + " gives more to " + who);
        }
    });
    Options options;
    options.permissions = ModeBits(0660);
    const Outcome outcome = write(recording, options);
    QCOMPARE(summary(outcome), std::string("ok, Replaced"));
    QVERIFY2(problems.empty(), problems.empty() ? "" : problems.front().c_str());
    QCOMPARE(system.infoOf("/there/target").mode, ModeBits(0660));
    QVERIFY(system.accessControlOf("/there/target").empty());
    QCOMPARE(outcome.losses, Losses(0));
}

void AccessTest::copyToANewNameIsNeverWider_data() { addSituations(); }

/// The copy belongs to whoever makes it: nobody else may do more with it than with the source.
void AccessTest::copyToANewNameIsNeverWider()
{
    QFETCH(QString, name);
    const Situation &one = situation(name.toStdString());
    MemoryFileSystem system;
    build(system, one);
    std::vector<std::string> problems;
    RecordingFileSystem recording(system);
    watch(recording, system, one, problems);
    const Outcome outcome = copy(recording, "/there/target", "/there/copied");
    QVERIFY2(problems.empty(), problems.empty() ? "" : problems.front().c_str());
    QVERIFY(outcome.ok() || outcome.failure->kind == ErrorClass::PermissionDenied);
}

void AccessTest::copyBringsPermissionsWithoutSetIds()
{
    MemoryFileSystem system;
    system.addDirectory("/there");
    system.addFile("/there/source", "new", 06751);
    QCOMPARE(summary(copy(system)), std::string("ok, Replaced"));
    QCOMPARE(system.infoOf("/there/target").mode, ModeBits(0751));
    QCOMPARE(system.infoOf("/there/target").owner, std::uint32_t(0));
}

QTEST_APPLESS_MAIN(AccessTest)
#include "tst_access.moc"
