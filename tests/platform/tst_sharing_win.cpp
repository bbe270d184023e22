// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "contract_place.h"
#include "platform/windows/native_win.h"

using namespace atomicfile;
using namespace atomicfile::test;
using atomicfile::windows::NativeHandle;

/// Who is in whose way on Windows: what other programs do with a file decides what can be done
/// here.
class Sharing : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void stagedFilesAreNotShared();
    void attributesAreAlwaysOpen();
    void handlesShareEverything();
    void openDirectoriesStayInPlace();
    void whoIsInTheWayMayPass();
    void whatStandsInTheWayStays();
    void deletedFilesThatAreStillOpen();
    void locksAreNames();
    void locksOutliveTheFile();
    void locksOfOtherPrograms();
};

namespace {

/// As another program does it: with its own idea of what to share.
NativeHandle openAsAnother(const Ground &ground, const Path &name, DWORD rights, DWORD share)
{
    const std::wstring path = (ground.place->root() / name).native();
    return NativeHandle(
        ::CreateFileW(path.c_str(), rights, share, nullptr, OPEN_EXISTING, 0, nullptr));
}

UniqueFile stage(const Ground &ground, const Path &name)
{
    const auto created = ground.system().createFile(ground.directory(), name, 0600);
    if (!created.ok())
        qFatal("Preparing the test failed: createFile");
    return {ground.system(), created.value()};
}

} // namespace

void Sharing::stagedFilesAreNotShared()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    UniqueFile staged = stage(ground, "staged");
    for (const auto access : {FileAccess::Read, FileAccess::ReadWrite}) {
        const auto opened = ground.system().openFile(ground.directory(), "staged", access);
        COMPARE_OUTCOME(opened, "Busy from openFile");
        QVERIFY(opened.error().mayPass);
    }
    const auto removed = ground.system().unlink(ground.directory(), "staged");
    COMPARE_OUTCOME(removed, "Busy from unlink");
    QVERIFY(removed.error().mayPass);
    VERIFY_OK(staged.close());
    QCOMPARE(ground.content("staged"), std::string());
}

void Sharing::attributesAreAlwaysOpen()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    FileSystem &system = ground.system();
    const UniqueFile staged = stage(ground, "staged");
    const UniqueFile watching = ground.open("staged", FileAccess::Attributes);
    VERIFY_OK(system.statFile(watching.get(), Times::Asked));
    VERIFY_OK(system.stat(ground.directory(), "staged"));
    VERIFY_OK(system.checkWritable(ground.directory(), "staged"));
    VERIFY_OK(system.storedName(ground.directory(), "staged"));

    // Nor does such a handle keep others from anything.
    (void)ground.create("file", "content");
    const UniqueFile attributes = ground.open("file", FileAccess::Attributes);
    QVERIFY(openAsAnother(ground, "file", GENERIC_READ | GENERIC_WRITE | DELETE, 0).isOpen());
}

void Sharing::handlesShareEverything()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    (void)ground.create("file", "content");
    const UniqueFile reading = ground.open("file", FileAccess::Read);
    const UniqueFile writing = ground.open("file", FileAccess::ReadWrite);
    const DWORD all = windows::shareAll;
    QVERIFY(openAsAnother(ground, "file", GENERIC_READ | GENERIC_WRITE | DELETE, all).isOpen());
    VERIFY_OK(ground.system().rename(ground.directory(), "file", ground.directory(), "moved"));
}

/// What makes up for openat: as long as a directory is open, its path means this directory.
void Sharing::openDirectoriesStayInPlace()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    ground.place->makeDirectory("directory");
    const std::wstring path = (ground.place->root() / "directory").native();
    const std::wstring other = (ground.place->root() / "other").native();
    for (const auto access : {DirectoryAccess::Read, DirectoryAccess::SearchOnly}) {
        const UniqueDirectory opened = ground.openDirectory(path, access);
        QVERIFY(!::MoveFileW(path.c_str(), other.c_str()));
        QVERIFY(!::RemoveDirectoryW(path.c_str()));
        QVERIFY(ground.exists("directory"));
    }
    QVERIFY(::MoveFileW(path.c_str(), other.c_str()));
    QVERIFY(::RemoveDirectoryW(other.c_str()));
}

/// A scanner that has the target, or an editor that has it to itself.
void Sharing::whoIsInTheWayMayPass()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    FileSystem &system = ground.system();
    const DirectoryHandle directory = ground.directory();
    (void)ground.create("staged", "new");
    (void)ground.create("target", "old");
    {
        const NativeHandle scanner = openAsAnother(ground, "target", GENERIC_READ, FILE_SHARE_READ);
        QVERIFY(scanner.isOpen());
        const auto renamed = system.rename(directory, "staged", directory, "target");
        QVERIFY(!renamed.ok());
        QVERIFY(renamed.error().mayPass);
        const auto replaced = system.replace(directory, "staged", "target", "backup");
        QVERIFY(!replaced.ok());
        QVERIFY(replaced.error().mayPass);
        const auto removed = system.unlink(directory, "target");
        QVERIFY(!removed.ok());
        QVERIFY(removed.error().mayPass);
        const auto writing = system.openFile(directory, "target", FileAccess::ReadWrite);
        COMPARE_OUTCOME(writing, "Busy from openFile");
        QVERIFY(writing.error().mayPass);
        QCOMPARE(writing.error().native.code, ERROR_SHARING_VIOLATION);
    }
    QCOMPARE(ground.content("staged"), std::string("new"));
    QCOMPARE(ground.content("target"), std::string("old"));
    QVERIFY(!ground.exists("backup"));
    VERIFY_OK(system.replace(directory, "staged", "target", "backup"));
}

/// Waiting does not help against a directory, or an attribute that somebody set.
void Sharing::whatStandsInTheWayStays()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    FileSystem &system = ground.system();
    const DirectoryHandle directory = ground.directory();
    ground.place->makeDirectory("directory");
    (void)ground.create("staged", "new");
    UniqueFile readOnly = ground.create("read-only", "old");
    VERIFY_OK(system.setMode(readOnly.get(), 0444));
    VERIFY_OK(readOnly.close());

    const auto ontoDirectory = system.rename(directory, "staged", directory, "directory");
    COMPARE_OUTCOME(ontoDirectory, "IsDirectory from rename");
    QVERIFY(!ontoDirectory.error().mayPass);
    if (ground.place->privilege() == Privilege::Root)
        QSKIP("The read-only attribute keeps this user from nothing.");
    const auto writing = system.openFile(directory, "read-only", FileAccess::ReadWrite);
    COMPARE_OUTCOME(writing, "PermissionDenied from openFile");
    QVERIFY(!writing.error().mayPass);
    const auto writable = system.checkWritable(directory, "read-only");
    COMPARE_OUTCOME(writable, "PermissionDenied from checkWritable");
    QVERIFY(!writable.error().mayPass);
    for (const auto &refused : {system.rename(directory, "staged", directory, "read-only"),
                                system.replace(directory, "staged", "read-only", "backup")}) {
        if (refused.ok())
            QSKIP("This system replaces a read-only file.");
        QCOMPARE(refused.error().kind, ErrorClass::PermissionDenied);
        QVERIFY(!refused.error().mayPass);
    }
    QCOMPARE(ground.content("read-only"), std::string("old"));
}

/// The name is neither there nor free until the last handle is gone.
void Sharing::deletedFilesThatAreStillOpen()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    FileSystem &system = ground.system();
    (void)ground.create("file", "content");
    {
        const NativeHandle another = openAsAnother(ground, "file", GENERIC_READ, windows::shareAll);
        {
            // By the older call, which leaves the name until then.
            const NativeHandle deleting = openAsAnother(ground, "file", DELETE, windows::shareAll);
            FILE_DISPOSITION_INFO disposition = {TRUE};
            QVERIFY(::SetFileInformationByHandle(deleting.get(), FileDispositionInfo, &disposition,
                                                 sizeof disposition));
        }
        const auto seen = system.stat(ground.directory(), "file");
        if (seen.ok() || seen.error().kind == ErrorClass::NotFound)
            QSKIP("This system knows no name that is being given up.");
        QVERIFY(seen.error().mayPass);
        const auto created = system.createFile(ground.directory(), "file", 0600);
        QVERIFY(!created.ok());
        QVERIFY(created.error().mayPass);
        const auto opened = system.openFile(ground.directory(), "file", FileAccess::Read);
        QVERIFY(!opened.ok());
        QVERIFY(opened.error().mayPass);
    }
    COMPARE_OUTCOME(system.stat(ground.directory(), "file"), "NotFound from stat");
}

void Sharing::locksAreNames()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    FileSystem &system = ground.system();
    const UniqueFile one = stage(ground, "one");
    const UniqueFile two = stage(ground, "two");
    VERIFY_OK(system.lockFile(one.get(), "key"));
    COMPARE_OUTCOME(system.lockFile(two.get(), "key"), "Busy from lockFile");
    VERIFY_OK(system.lockFile(two.get(), "other key"));
    // Who only watches takes part.
    const UniqueFile watching = ground.open("one", FileAccess::Attributes);
    COMPARE_OUTCOME(system.lockFile(watching.get(), "key"), "Busy from lockFile");
}

/// What the lock is a name for: the file is closed, published and watched while it is held.
void Sharing::locksOutliveTheFile()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    FileSystem &system = ground.system();
    (void)ground.create("target", "old");
    UniqueFile staged = stage(ground, "staged");
    UniqueFile watching = ground.open("staged", FileAccess::Attributes);
    VERIFY_OK(system.lockFile(watching.get(), "key"));
    VERIFY_OK(staged.close());
    VERIFY_OK(system.replace(ground.directory(), "staged", "target", "backup"));
    const UniqueFile other = ground.open("target", FileAccess::Attributes);
    COMPARE_OUTCOME(system.lockFile(other.get(), "key"), "Busy from lockFile");
    VERIFY_OK(watching.close());
    VERIFY_OK(system.lockFile(other.get(), "key"));
}

void Sharing::locksOfOtherPrograms()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    const UniqueFile file = stage(ground, "file");
    {
        const NativeHandle foreign(
            ::CreateEventW(nullptr, TRUE, FALSE, L"Global\\AtomicFile-shared key"));
        QVERIFY(foreign.isOpen());
        COMPARE_OUTCOME(ground.system().lockFile(file.get(), "shared key"), "Busy from lockFile");
    }
    VERIFY_OK(ground.system().lockFile(file.get(), "shared key"));
}

QTEST_GUILESS_MAIN(Sharing)
#include "tst_sharing_win.moc"
