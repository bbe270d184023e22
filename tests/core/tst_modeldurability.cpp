// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// What replace() does on the memory model of Windows, and what a power cut leaves there and on macOS.
#include "model_ground.h"
#include "support/access_control_model.h"

#include <QtTest>

using namespace atomicfile;
using namespace atomicfile::test;

class ModelDurabilityTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void replaceTakesMetadataOver();
    void replaceStopsHalfWay();
    void replaceIsThreeStepsInOrder();
    void replaceIsDurableWith_data();
    void replaceIsDurableWith();
    void namesAreWrittenThrough();
    void otherNamesAreNot();
    void contentIsNotWrittenThrough();
    void onlyOneCrashModel();
    void darwinSyncsEverything();
};

void ModelDurabilityTest::replaceTakesMetadataOver()
{
    ModelGround ground(Profile::Windows);
    const AccessControl list = packed({{AccessEntry::OwningUser, 6, 0xffffffff},
                                       {AccessEntry::User, 4, 1002},
                                       {AccessEntry::OwningGroup, 4, 0xffffffff},
                                       {AccessEntry::Mask, 4, 0xffffffff},
                                       {AccessEntry::Others, 0, 0xffffffff}});
    ground.system.addFile("/there/target", "old");
    ground.system.setAccessControlOf("/there/target", list);
    ground.system.setAttributesOf("/there/target", {{"stream", ""}});
    ground.createClosed("staged", "new");
    const FileInfo staged = ground.system.infoOf("/there/staged");
    QVERIFY(ground.replace().ok());
    QVERIFY(ground.system.accessControlOf("/there/target") == list);
    QVERIFY(ground.system.infoOf("/there/target").identity == staged.identity);
    QCOMPARE(ground.system.infoOf("/there/target").modified, staged.modified);
    const auto target = ground.system.openFile(ground.directory, "target", FileAccess::Read);
    QVERIFY(ground.system.listAttributes(target.value()).value()
            == std::vector<std::string>{"stream"});
}

void ModelDurabilityTest::replaceStopsHalfWay()
{
    ModelGround ground(Profile::Windows);
    ground.system.addFile("/there/target", "old");
    ground.system.setAttributesOf("/there/target", {{"stream", ""}});
    ground.system.stopReplacesHalfWay(1, 2);
    const auto replaceTo = [&](const char *backup) {
        return ground.system.replace(ground.directory, "staged", "target", backup);
    };
    ground.createClosed("staged", "one");
    QCOMPARE(answer(replaceTo("b0")), QByteArray("ok"));
    ground.createClosed("staged", "two");
    QCOMPARE(answer(replaceTo("b0")), QByteArray("AlreadyExists win32 183")); // Does not count.
    QCOMPARE(answer(replaceTo("b1")), QByteArray("HalfReplaced win32 1177"));
    QCOMPARE(ModelGround::textOf(ground.system.tree()), std::string("b0=old b1=one staged=two "));
    QCOMPARE(answer(replaceTo("b2")), QByteArray("NotFound win32 2"));
    const auto staged = ground.system.openFile(ground.directory, "staged", FileAccess::Read);
    QVERIFY(ground.system.listAttributes(staged.value()).value()
            == std::vector<std::string>{"stream"});
    QVERIFY(ground.system.closeFile(staged.value()).ok());

    QVERIFY(ground.rename("b1", "target").ok());
    QCOMPARE(answer(replaceTo("b2")), QByteArray("HalfReplaced win32 1177"));
    QVERIFY(ground.rename("b2", "target").ok());
    QCOMPARE(answer(replaceTo("b3")), QByteArray("ok"));
}

void ModelDurabilityTest::replaceIsThreeStepsInOrder()
{
    ModelGround ground(Profile::Windows);
    ground.system.addFile("/there/target", "old");
    ground.system.setAttributesOf("/there/target", {{"stream", ""}});
    ground.system.addFile("/there/staged", "new");
    ground.system.beginTracking();
    QVERIFY(ground.replace().ok());
    const Texts expected{"staged=new target=old ", "backup=old staged=new ",
                         "backup=old target=new "};
    QVERIFY(ground.states() == expected);
    // What is taken over comes first: it may be all that there is, and it may be missing.
    std::set<std::size_t> taken;
    for (const Tree &state : ground.system.crashStates(CrashModel::Ordered)) {
        if (const Inode *const staged = state.inode("/there/staged");
            !state.exists("/there/backup"))
            taken.insert(staged->attributes.extended.size());
    }
    QVERIFY((taken == std::set<std::size_t>{0, 1}));
    // No new file under any name of the old one without what it took over.
    for (const Tree &state : ground.system.crashStates(CrashModel::Ordered)) {
        const Inode *const target = state.inode("/there/target");
        if (target)
            QVERIFY((target->attributes.extended
                     == std::map<std::string, std::string>{{"stream", ""}}));
    }

    ModelGround half(Profile::Windows);
    half.system.addFile("/there/target", "old");
    half.system.addFile("/there/staged", "new");
    half.system.stopReplacesHalfWay(0);
    half.system.beginTracking();
    QVERIFY(!half.replace().ok());
    const Texts expectedHalf{"staged=new target=old ", "backup=old staged=new "};
    QVERIFY(half.states() == expectedHalf);
}

void ModelDurabilityTest::replaceIsDurableWith_data()
{
    QTest::addColumn<QString>("call");
    QTest::addColumn<bool>("durable");
    QTest::newRow("syncing the new file") << "sync" << true;
    QTest::newRow("removing another file") << "unlink" << true;
    QTest::newRow("renaming another file") << "rename" << true;
    QTest::newRow("removing a file of another volume") << "elsewhere" << false;
    QTest::newRow("syncing the old file") << "old" << false;
    QTest::newRow("nothing") << "nothing" << false;
}

void ModelDurabilityTest::replaceIsDurableWith()
{
    QFETCH(QString, call);
    QFETCH(bool, durable);
    ModelGround ground(Profile::Windows);
    MemoryFileSystem &system = ground.system;
    system.mount("/other");
    system.addFile("/other/file", "");
    system.addDirectory("/beside");
    system.addFile("/beside/file", "");
    system.addFile("/there/target", "old");
    system.addFile("/there/staged", "new");
    system.beginTracking();
    QVERIFY(ground.replace().ok());
    const auto beside = system.openDirectory("/beside", DirectoryAccess::Read).value();
    const auto other = system.openDirectory("/other", DirectoryAccess::Read).value();
    const auto sync = [&](const char *name) {
        const auto file = system.openFile(ground.directory, name, FileAccess::ReadWrite);
        return system.syncFile(file.value(), SyncScope::Everything).ok();
    };
    if (call == QLatin1String("sync"))
        QVERIFY(sync("target"));
    else if (call == QLatin1String("old"))
        QVERIFY(sync("backup"));
    else if (call == QLatin1String("unlink"))
        QVERIFY(system.unlink(beside, "file").ok());
    else if (call == QLatin1String("rename"))
        QVERIFY(system.rename(beside, "file", beside, "moved").ok());
    else if (call == QLatin1String("elsewhere"))
        QVERIFY(system.unlink(other, "file").ok());
    QCOMPARE(ground.states() == Texts{"backup=old target=new "}, durable);
}

/// With all that came before them.
void ModelDurabilityTest::namesAreWrittenThrough()
{
    ModelGround ground(Profile::Windows);
    ground.system.beginTracking();
    for (const char *name : {"a", "b", "c"})
        ground.createClosed(name);
    QCOMPARE(ground.states().size(), std::size_t(4));
    QVERIFY(ground.rename("a", "d").ok());
    QVERIFY(ground.states() == (Texts{"b= c= d= "}));
    QVERIFY(ground.system.renameNoReplace(ground.directory, "b", ground.directory, "e").ok());
    QVERIFY(ground.states() == (Texts{"c= d= e= "}));
    QVERIFY(ground.system.unlink(ground.directory, "c").ok());
    QVERIFY(ground.states() == (Texts{"d= e= "}));

    // The same on a system whose renames are durable with their directory only.
    ModelGround posix(Profile::Linux);
    posix.system.addFile("/there/a", "");
    posix.system.beginTracking();
    QVERIFY(posix.rename("a", "b").ok());
    QVERIFY(posix.states() == (Texts{"a= ", "b= "}));
}

void ModelDurabilityTest::otherNamesAreNot()
{
    ModelGround ground(Profile::Windows);
    ground.system.addFile("/there/a", "");
    ground.system.beginTracking();
    QVERIFY(ground.system.link(ground.directory, "a", ground.directory, "b").ok());
    QVERIFY(ground.states() == (Texts{"a= ", "a= b= "}));
}

void ModelDurabilityTest::contentIsNotWrittenThrough()
{
    ModelGround ground(Profile::Windows);
    ground.system.beginTracking();
    ground.createClosed("a", "abcd");
    QVERIFY(ground.rename("a", "b").ok());
    const Texts expected{"b= ", "b=ab ", "b=abcd ", std::string("b=\0\0\0\0 ", 7)};
    QVERIFY(ground.states() == expected);
}

void ModelDurabilityTest::onlyOneCrashModel()
{
    QCOMPARE(MemoryFileSystem(optionsOf(Profile::Linux)).crashModels().size(), std::size_t(3));
    QCOMPARE(MemoryFileSystem(optionsOf(Profile::Darwin)).crashModels().size(), std::size_t(3));
    const MemoryFileSystem windows(optionsOf(Profile::Windows));
    QCOMPARE(windows.crashModels().size(), std::size_t(1));
    QVERIFY(windows.crashModels().front() == CrashModel::Ordered);
}

/// fdatasync would leave the name and the mode to chance.
void ModelDurabilityTest::darwinSyncsEverything()
{
    for (const Profile profile : {Profile::Linux, Profile::Darwin, Profile::Windows}) {
        ModelGround ground(profile);
        ground.system.beginTracking();
        const FileHandle file = ground.create("file", "content");
        QVERIFY(ground.system.syncFile(file, SyncScope::Content).ok());
        Texts expected{"file=content "};
        if (profile == Profile::Linux)
            expected.insert("");
        QVERIFY(ground.states() == expected);
    }
}

QTEST_APPLESS_MAIN(ModelDurabilityTest)
#include "tst_modeldurability.moc"
