// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Extended attributes and flags: kept where they can be, and named where they are lost.
#include "outcome_text.h"
#include "situations.h"
#include "support/fault_filesystem.h"
#include "support/recording_filesystem.h"

#include <QtTest>

using namespace atomicfile;
using namespace atomicfile::test;

class AttributesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void attributes_data();
    void attributes();
    void noAttributesCostOneCall();
    void attributesWithoutRoom();
    void attributesThatAreNotKept();
    void moveToAnotherVolume_data();
    void moveToAnotherVolume();
    void flags();
};

void AttributesTest::attributes_data()
{
    QTest::addColumn<std::vector<std::string>>("names");
    QTest::addColumn<quint32>("writer");
    QTest::addColumn<std::vector<std::string>>("kept");
    const std::vector<std::string> nothing;
    const std::vector<std::string> author{"user.author"};
    const std::vector<std::string> label{"security.selinux", "user.author"};
    const std::vector<std::string> program{"security.capability", "user.author"};
    const std::vector<std::string> theirs{"system.nfs4_acl", "user.author"};
    QTest::newRow("nothing") << nothing << 0u << nothing;
    QTest::newRow("anybody's") << author << 1003u << author;
    QTest::newRow("a label, by root") << label << 0u << label;
    QTest::newRow("a label, by somebody") << label << 1003u << author;
    QTest::newRow("what a program may do, by root") << program << 0u << author;
    QTest::newRow("the file system's own") << theirs << 0u << author;
}

void AttributesTest::attributes()
{
    QFETCH(std::vector<std::string>, names);
    QFETCH(quint32, writer);
    QFETCH(std::vector<std::string>, kept);
    MemoryFileSystem system;
    build(system, {0666, 1001, 2001, {}, {}, writer, writer + 1000});
    std::map<std::string, std::string> had;
    std::map<std::string, std::string> stay;
    for (const std::string &name : names)
        had[name] = "the value of " + name;
    for (const std::string &name : kept)
        stay[name] = had[name];
    system.setAttributesOf("/there/target", had);
    const Outcome outcome = write(system);
    QCOMPARE(summary(outcome), std::string("ok, Replaced"));
    QVERIFY(system.attributesOf("/there/target") == stay);
    QCOMPARE(has(outcome, Loss::ExtendedAttributes), names != kept);
}

/// The usual file has none, and that costs the one call that finds it out.
void AttributesTest::noAttributesCostOneCall()
{
    MemoryFileSystem system;
    build(system, {});
    RecordingFileSystem recording(system);
    QCOMPARE(summary(write(recording)), std::string("ok, Replaced"));
    const auto records = recording.records();
    const auto count = [&](Call call) {
        return std::count_if(records.begin(), records.end(),
                             [call](const CallRecord &record) { return record.call == call; });
    };
    QCOMPARE(count(Call::ListAttributes), 1);
    for (const Call call : {Call::ReadAttribute, Call::WriteAttribute, Call::SetFlags})
        QCOMPARE(count(call), 0);
}

void AttributesTest::attributesWithoutRoom()
{
    MemoryOptions can;
    can.attributeRoom = 100;
    MemoryFileSystem system(can);
    build(system, {});
    system.setAttributesOf("/there/target",
                           {{"user.author", "a"}, {"user.icon", std::string(200, 'i')}});
    const Outcome outcome = write(system);
    QCOMPARE(summary(outcome), std::string("ok, Replaced"));
    QVERIFY(has(outcome, Loss::ExtendedAttributes));
    QVERIFY((system.attributesOf("/there/target")
             == std::map<std::string, std::string>{{"user.author", "a"}}));
}

/// The file system says ok and does nothing.
void AttributesTest::attributesThatAreNotKept()
{
    MemoryOptions can;
    can.keepsAttributes = false;
    MemoryFileSystem system(can);
    build(system, {});
    system.setAttributesOf("/there/target", {{"user.author", "a"}});
    const Outcome outcome = write(system);
    QCOMPARE(summary(outcome), std::string("ok, Replaced"));
    QVERIFY(has(outcome, Loss::ExtendedAttributes));
}

/// A move brings the content, and with it what is said of that; not to another owner.
void AttributesTest::moveToAnotherVolume_data()
{
    QTest::addColumn<quint32>("mover");
    QTest::addColumn<bool>("keepsPrivileges");
    QTest::newRow("by root") << 0u << true;
    QTest::newRow("by somebody") << 1003u << false;
}

void AttributesTest::moveToAnotherVolume()
{
    QFETCH(quint32, mover);
    QFETCH(bool, keepsPrivileges);
    MemoryFileSystem system;
    system.addDirectory("/there", 0777);
    system.mount("/other");
    system.setModeOf("/other", 0777);
    system.addFile("/other/source", "new", 06755);
    system.setOwnerOf("/other/source", 1001, 2001);
    const std::map<std::string, std::string> had{{"user.author", "a"},
                                                 {"security.capability", "net"}};
    system.setAttributesOf("/other/source", had);
    const FileInfo before = system.infoOf("/other/source");
    system.become(mover, mover + 1000);
    NullMonitor monitor;
    const Outcome outcome = moveFile(system, "/other/source", "/there/target", {}, monitor);
    QCOMPARE(summary(outcome), std::string("ok, Replaced"));
    const FileInfo after = system.infoOf("/there/target");
    QCOMPARE(after.modified, before.modified);
    QCOMPARE(after.mode, ModeBits(keepsPrivileges ? 06755 : 0755));
    const auto attributes = system.attributesOf("/there/target");
    QCOMPARE(attributes.at("user.author"), std::string("a"));
    QCOMPARE(attributes.count("security.capability"), std::size_t(keepsPrivileges ? 1 : 0));
    QCOMPARE(has(outcome, Loss::ExtendedAttributes), !keepsPrivileges);
    QCOMPARE(has(outcome, Loss::Owner), !keepsPrivileges);
}

void AttributesTest::flags()
{
    MemoryOptions can;
    can.profile = Profile::Darwin;
    MemoryFileSystem system(can);
    build(system, {});
    constexpr FileFlags hidden = 0x8000;
    system.setFlagsOf("/there/target", hidden);
    QCOMPARE(write(system).losses, Losses(0));
    QCOMPARE(system.infoOf("/there/target").flags, hidden);
}

QTEST_APPLESS_MAIN(AttributesTest)
#include "tst_attributes.moc"
