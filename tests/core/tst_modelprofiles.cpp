// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// What the memory model says of Windows and macOS beyond the contract of the interface: spellings, and
// what stands in the way of a call and for how long. The tests of the sequences on these systems are
// worth as much as these answers.
#include "model_ground.h"

#include <QtTest>

using namespace atomicfile;
using namespace atomicfile::test;

class ModelProfilesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void letterCase_data();
    void letterCase();
    void respelling();
    void formsOfUnicode_data();
    void formsOfUnicode();
    void replacingInOtherSpellingLeavesOneName();
    void violationsPassAfterSoMany();
    void violationsThatNeverPass();
    void holdersAreAskedByHandle();
    void whatHoldersShare();
    void replaceAndHolders();
    void readOnlyIsNoObstacleThatPasses();
    void openDirectoriesKeepTheirName();
    void locksAreKeys();
    void errorsAreThoseOfWindows();
    void darwinClonesToAName();
    void darwinCopiesNothing();
};

void ModelProfilesTest::letterCase_data()
{
    QTest::addColumn<Profile>("profile");
    QTest::addColumn<bool>("folds");
    QTest::newRow("Linux") << Profile::Linux << false;
    QTest::newRow("Darwin") << Profile::Darwin << true;
    QTest::newRow("Windows") << Profile::Windows << true;
}

void ModelProfilesTest::letterCase()
{
    QFETCH(Profile, profile);
    QFETCH(bool, folds);
    ModelGround ground(profile);
    ground.createClosed("Read Me");
    QCOMPARE(ground.system.stat(ground.directory, "READ ME").ok(), folds);
    QCOMPARE(ground.system.exists("/THERE/read me"), folds);
    QCOMPARE(ground.system.openDirectory("/There", DirectoryAccess::Read).ok(), folds);
    QCOMPARE(ground.system.storedName(ground.directory, "read me").value().string(),
             std::string(folds ? "Read Me" : "read me"));
    QCOMPARE(ground.system.readDirectory(ground.directory, "rEAD").value().size(),
             std::size_t(folds ? 1 : 0));
    QCOMPARE(ground.system.createFile(ground.directory, "read me", 0600).ok(), !folds);
    QVERIFY(ground.system.unlink(ground.directory, folds ? "READ ME" : "Read Me").ok());
    QVERIFY(!ground.system.exists("/there/Read Me"));
    // Beyond ASCII the model knows one letter, and that one not here.
    ground.createClosed("\xc3\xa4");
    QVERIFY(!ground.system.exists("/there/\xc3\x84"));
}

void ModelProfilesTest::respelling()
{
    for (const Profile profile : {Profile::Darwin, Profile::Windows}) {
        ModelGround ground(profile);
        ground.createClosed("name", "content");
        QCOMPARE(answer(ground.rename("NAME", "Name")), QByteArray("ok"));
        QCOMPARE(ModelGround::textOf(ground.system.tree()), std::string("Name=content "));
        const auto again = ground.system.renameNoReplace(ground.directory, "name", ground.directory,
                                                         "NAME");
        QCOMPARE(answer(again), QByteArray("ok"));
        QCOMPARE(ModelGround::textOf(ground.system.tree()), std::string("NAME=content "));
    }
}

void ModelProfilesTest::formsOfUnicode_data() { letterCase_data(); }

void ModelProfilesTest::formsOfUnicode()
{
    QFETCH(Profile, profile);
    const bool folds = profile == Profile::Darwin;
    ModelGround ground(profile);
    ground.createClosed("caf\xc3\xa9");
    QCOMPARE(ground.system.exists("/there/cafe\xcc\x81"), folds);
    QCOMPARE(ground.system.exists("/there/CAFE\xcc\x81"), folds);
    QCOMPARE(ground.system.exists("/there/caf\xc3\x89"), folds);
    QVERIFY(!ground.system.exists("/there/cafe"));
    // An e is not the beginning of an e with an accent.
    QCOMPARE(ground.system.readDirectory(ground.directory, "cafe").value().size(), std::size_t(0));
}

void ModelProfilesTest::replacingInOtherSpellingLeavesOneName()
{
    for (const Profile profile : {Profile::Darwin, Profile::Windows}) {
        ModelGround ground(profile);
        ground.system.addFile("/there/target", "old");
        ground.system.addFile("/there/staged", "new");
        ground.system.beginTracking();
        QVERIFY(ground.rename("STAGED", "Target").ok());
        QCOMPARE(ModelGround::textOf(ground.system.tree()), std::string("Target=new "));
        Texts expected{"Target=new "};
        if (profile == Profile::Darwin) // There the rename may be lost.
            expected.insert("staged=new target=old ");
        QVERIFY(ground.states() == expected);
    }
}

void ModelProfilesTest::violationsPassAfterSoMany()
{
    ModelGround ground(Profile::Windows);
    ground.system.addFile("/there/target", "old");
    ground.system.addFile("/there/staged", "new");
    ground.system.holdForeign("/there/target", 3);
    QCOMPARE(answer(ground.rename("staged", "target")),
             QByteArray("PermissionDenied win32 5 may pass"));
    QCOMPARE(answer(ground.system.unlink(ground.directory, "target")),
             QByteArray("Busy win32 32 may pass"));
    QCOMPARE(answer(ground.replace()), QByteArray("Busy win32 32 may pass"));
    QCOMPARE(ModelGround::textOf(ground.system.tree()), std::string("staged=new target=old "));
    QCOMPARE(answer(ground.replace()), QByteArray("ok"));
    QCOMPARE(ModelGround::textOf(ground.system.tree()), std::string("backup=old target=new "));
}

void ModelProfilesTest::violationsThatNeverPass()
{
    ModelGround ground(Profile::Windows);
    ground.system.addFile("/there/target", "old");
    ground.system.holdForeign("/there/target", MemoryFileSystem::forEver);
    for (int i = 0; i < 1000; ++i)
        QVERIFY(!ground.system.unlink(ground.directory, "target").ok());
    ground.system.holdForeign("/there/target", 0);
    QVERIFY(ground.system.unlink(ground.directory, "target").ok());
}

/// What is renamed is opened for that, and says 32; what is in the way of that name says 5.
void ModelProfilesTest::holdersAreAskedByHandle()
{
    ModelGround ground(Profile::Windows);
    ground.system.addFile("/there/source", "content");
    ground.system.holdForeign("/there/source", 2);
    QCOMPARE(answer(ground.rename("source", "to")), QByteArray("Busy win32 32 may pass"));
    QCOMPARE(
        answer(ground.system.renameNoReplace(ground.directory, "source", ground.directory, "to")),
        QByteArray("Busy win32 32 may pass"));
    QVERIFY(ground.rename("source", "to").ok());
    // The file is held, whatever its name is.
    ground.system.holdForeign("/there/to", 1);
    QVERIFY(ground.system.link(ground.directory, "to", ground.directory, "second").ok());
    QVERIFY(!ground.system.unlink(ground.directory, "second").ok());
    QVERIFY(ground.system.unlink(ground.directory, "to").ok());
}

void ModelProfilesTest::whatHoldersShare()
{
    ModelGround ground(Profile::Windows);
    ground.system.addFile("/there/file", "content");
    const auto open = [&](FileAccess access) {
        return ground.system.openFile(ground.directory, "file", access);
    };
    ground.system.holdForeign("/there/file", 1, ForeignSharing::Content);
    QVERIFY(open(FileAccess::ReadWrite).ok());
    QVERIFY(!ground.system.unlink(ground.directory, "file").ok());

    ground.system.holdForeign("/there/file", 2, ForeignSharing::Nothing);
    QVERIFY(open(FileAccess::Attributes).ok());
    QVERIFY(ground.system.stat(ground.directory, "file").ok());
    QVERIFY(ground.system.checkWritable(ground.directory, "file").ok());
    QCOMPARE(answer(open(FileAccess::Read)), QByteArray("Busy win32 32 may pass"));
    QCOMPARE(answer(open(FileAccess::ReadWrite)), QByteArray("Busy win32 32 may pass"));
    QVERIFY(open(FileAccess::Read).ok());
}

/// A scanner that takes the staged file as soon as it is closed.
void ModelProfilesTest::replaceAndHolders()
{
    ModelGround ground(Profile::Windows);
    ground.system.addFile("/there/target", "old");
    ground.system.addFile("/there/staged", "new");
    ground.system.holdForeign("/there/staged", 1);
    QCOMPARE(answer(ground.replace()), QByteArray("Busy win32 32 may pass"));
    QCOMPARE(ModelGround::textOf(ground.system.tree()), std::string("staged=new target=old "));
    QCOMPARE(answer(ground.replace()), QByteArray("ok"));
}

void ModelProfilesTest::readOnlyIsNoObstacleThatPasses()
{
    ModelGround ground(Profile::Windows);
    ground.system.addFile("/there/target", "old", 0444);
    ground.system.addFile("/there/staged", "new");
    for (int i = 0; i < 2; ++i) {
        QCOMPARE(answer(ground.replace()), QByteArray("PermissionDenied win32 5"));
        QCOMPARE(answer(ground.rename("staged", "target")), QByteArray("PermissionDenied win32 5"));
    }
    QCOMPARE(answer(ground.system.checkWritable(ground.directory, "target")),
             QByteArray("PermissionDenied win32 5"));
    QVERIFY(ground.system.unlink(ground.directory, "target").ok());
    // The mode that a file is created with does not make it read-only.
    const auto created = ground.system.createFile(ground.directory, "created", 0400);
    QVERIFY(created.ok());
    QCOMPARE(ground.system.infoOf("/there/created").mode, ModeBits(0666));
}

void ModelProfilesTest::openDirectoriesKeepTheirName()
{
    ModelGround ground(Profile::Windows);
    const auto root = ground.system.openDirectory("/", DirectoryAccess::Read).value();
    QCOMPARE(answer(ground.system.rename(root, "there", root, "elsewhere")),
             QByteArray("Busy win32 32 may pass"));
    QVERIFY(ground.system.closeDirectory(ground.directory).ok());
    QVERIFY(ground.system.rename(root, "there", root, "elsewhere").ok());
}

void ModelProfilesTest::locksAreKeys()
{
    ModelGround ground(Profile::Windows);
    const FileHandle one = ground.create("one");
    const FileHandle two = ground.create("two");
    ground.system.lockForeignKey("taken");
    QCOMPARE(answer(ground.system.lockFile(one, "taken")), QByteArray("Busy"));
    QVERIFY(ground.system.lockFile(one, "key").ok());
    QCOMPARE(answer(ground.system.lockFile(two, "key")), QByteArray("Busy"));
    QVERIFY(ground.system.lockFile(ground.create("three"), "other key").ok());
    QVERIFY(ground.system.closeFile(one).ok());
    QVERIFY(ground.system.lockFile(two, "key").ok());
}

void ModelProfilesTest::errorsAreThoseOfWindows()
{
    ModelGround ground(Profile::Windows);
    MemoryFileSystem &system = ground.system;
    system.mount("/other");
    system.addFile("/there/file", "content");
    const auto other = system.openDirectory("/other", DirectoryAccess::Read).value();
    const DirectoryHandle here = ground.directory;
    QCOMPARE(answer(system.stat(here, "none")), QByteArray("NotFound win32 2"));
    QCOMPARE(answer(system.openDirectory("/none", DirectoryAccess::Read)),
             QByteArray("NotFound win32 2"));
    QCOMPARE(answer(system.createFile(here, "FILE", 0600)), QByteArray("AlreadyExists win32 80"));
    QCOMPARE(answer(system.link(here, "file", here, "File")),
             QByteArray("AlreadyExists win32 183"));
    QCOMPARE(answer(system.rename(here, "file", other, "file")),
             QByteArray("NotSameDevice win32 17"));
    QCOMPARE(answer(system.syncDirectory(here)), QByteArray("Unsupported"));
    const auto reading = system.openFile(here, "file", FileAccess::Read).value();
    QCOMPARE(answer(system.syncFile(reading, SyncScope::Everything)),
             QByteArray("PermissionDenied win32 5"));
    QCOMPARE(answer(system.setOwner(reading, 0, 1)), QByteArray("Unsupported"));
    QCOMPARE(answer(system.statFile(FileHandle{7}, Times::Asked)), QByteArray("Unknown win32 6"));
}

void ModelProfilesTest::darwinClonesToAName()
{
    ModelGround ground(Profile::Darwin);
    ground.system.addFile("/there/source", "content", 0440);
    ground.system.beginTracking();
    const auto source = ground.system.openFile(ground.directory, "source", FileAccess::Read);
    const auto clone = ground.system.cloneFile(source.value(), ground.directory, "clone", 0666);
    QCOMPARE(answer(clone), QByteArray("ok"));
    QCOMPARE(ground.system.infoOf("/there/clone").mode, ModeBits(0666)); // Whatever the umask.
    QCOMPARE(ground.system.content("/there/clone").value(), std::string("content"));
    QVERIFY(ground.states().contains("clone= source=content "));
    QVERIFY(ground.system.syncFile(clone.value(), SyncScope::Content).ok());
    QVERIFY(ground.states() == (Texts{"clone=content source=content "}));

    MemoryOptions without = optionsOf(Profile::Darwin);
    without.hasClone = false;
    MemoryFileSystem plain(ground.system.tree(), without);
    const auto there = plain.openDirectory("/there", DirectoryAccess::Read).value();
    const auto file = plain.openFile(there, "source", FileAccess::Read).value();
    QCOMPARE(answer(plain.cloneFile(file, there, "second", 0600)), QByteArray("Unsupported"));
}

void ModelProfilesTest::darwinCopiesNothing()
{
    for (const Profile profile : {Profile::Darwin, Profile::Windows}) {
        ModelGround ground(profile);
        const FileHandle one = ground.create("one", "content");
        const FileHandle two = ground.create("two");
        QCOMPARE(answer(ground.system.cloneContent(one, two)), QByteArray("Unsupported"));
        QCOMPARE(answer(ground.system.copyRange(one, two, 0, 7)), QByteArray("Unsupported"));
        QVERIFY(ground.system.startWriteback(one, 0, 7).ok());
    }
}

QTEST_APPLESS_MAIN(ModelProfilesTest)
#include "tst_modelprofiles.moc"
