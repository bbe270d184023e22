// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "contract_place.h"

using namespace atomicfile;
using namespace atomicfile::test;

/// What platform/filesystem.h says of replace(), on every back-end.
class ReplaceContract : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addBackends(); }

    void replacing();
    void whereNothingStands();
    void whereTheBackupStands();
    void withAnOpenFile();
    void ofAProtectedFile();
};

void ReplaceContract::replacing()
{
    ON_EVERY_BACKEND(ground);
    FileSystem &system = ground.system();
    (void)ground.create("staged", "new", 0600);
    (void)ground.create("target", "old", 0640);
    const FileInfo old = ground.info("target");
    const auto replaced = system.replace(ground.directory(), "staged", "target", "backup");
    if (!system.capabilities().replaceKeepsMetadata) {
        COMPARE_OUTCOME(replaced, "Unsupported from replace");
        QCOMPARE(ground.content("staged"), std::string("new"));
        QCOMPARE(ground.content("target"), std::string("old"));
        QVERIFY(!ground.exists("backup"));
        return;
    }
    VERIFY_OK(replaced);
    QVERIFY(!ground.exists("staged"));
    QCOMPARE(ground.content("target"), std::string("new"));
    QCOMPARE(ground.content("backup"), std::string("old"));
    QVERIFY(ground.info("backup").identity == old.identity);
    QCOMPARE(ground.info("target").mode, old.mode);
}

void ReplaceContract::whereNothingStands()
{
    ON_EVERY_BACKEND(ground);
    (void)ground.create("staged", "new");
    QVERIFY(!ground.system().replace(ground.directory(), "staged", "target", "backup").ok());
    QCOMPARE(ground.content("staged"), std::string("new"));
    QVERIFY(!ground.exists("target"));
    QVERIFY(!ground.exists("backup"));
}

void ReplaceContract::whereTheBackupStands()
{
    ON_EVERY_BACKEND(ground);
    FileSystem &system = ground.system();
    (void)ground.create("staged", "new");
    (void)ground.create("target", "old");
    (void)ground.create("backup", "other");
    COMPARE_OUTCOME(system.replace(ground.directory(), "staged", "target", "backup"),
                    system.capabilities().replaceKeepsMetadata ? "AlreadyExists from replace"
                                                               : "Unsupported from replace");
    QCOMPARE(ground.content("staged"), std::string("new"));
    QCOMPARE(ground.content("target"), std::string("old"));
    QCOMPARE(ground.content("backup"), std::string("other"));
}

/// The staged file must be nobody's, but for a handle of its attributes; the target may be open.
void ReplaceContract::withAnOpenFile()
{
    ON_EVERY_BACKEND(ground);
    FileSystem &system = ground.system();
    UniqueFile staged = ground.create("staged", "new");
    const UniqueFile target = ground.create("target", "old");
    const auto refused = system.replace(ground.directory(), "staged", "target", "backup");
    if (!system.capabilities().replaceKeepsMetadata) {
        COMPARE_OUTCOME(refused, "Unsupported from replace");
        QCOMPARE(ground.content("target"), std::string("old"));
        return;
    }
    COMPARE_OUTCOME(refused, "Busy from replace");
    QVERIFY(refused.error().mayPass);
    QCOMPARE(ground.content("target"), std::string("old"));
    VERIFY_OK(staged.close());
    const UniqueFile attributes = ground.open("staged", FileAccess::Attributes);
    VERIFY_OK(system.lockFile(attributes.get(), "key"));
    VERIFY_OK(system.replace(ground.directory(), "staged", "target", "backup"));
    // All on one volume, which Wine no longer knows of a handle whose name has changed.
    QVERIFY(ground.info("target").identity.file == ground.info(attributes).identity.file);
    QVERIFY(ground.info("backup").identity.file == ground.info(target).identity.file);
}

/// Where the mode of a file, and not of its directory, decides whether its name may be taken.
void ReplaceContract::ofAProtectedFile()
{
    ON_EVERY_BACKEND(ground);
    FileSystem &system = ground.system();
    const DirectoryHandle directory = ground.directory();
    (void)ground.create("staged", "new");
    VERIFY_OK(system.setMode(ground.create("target", "old").get(), 0444));
    if (system.capabilities().modesGuard) {
        // It is the directory that protects names: that is why core asks checkWritable() before.
        VERIFY_OK(system.rename(directory, "staged", directory, "target"));
        QCOMPARE(ground.content("target"), std::string("new"));
        return;
    }
    const auto replaced = system.replace(directory, "staged", "target", "backup");
    COMPARE_OUTCOME(replaced, "PermissionDenied from replace");
    QVERIFY(!replaced.error().mayPass);
    const auto renamed = system.rename(directory, "staged", directory, "target");
    if (renamed.ok())
        QSKIP("Renaming takes no notice of the read-only attribute on this system.");
    COMPARE_OUTCOME(renamed, "PermissionDenied from rename");
    QVERIFY(!renamed.error().mayPass);
    COMPARE_OUTCOME(system.openFile(directory, "target", FileAccess::ReadWrite),
                    "PermissionDenied from openFile");
    QCOMPARE(ground.content("target"), std::string("old"));
    VERIFY_OK(system.unlink(directory, "target"));
}

QTEST_GUILESS_MAIN(ReplaceContract)
#include "tst_replacecontract.moc"
