// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "contract_place.h"

#include <algorithm>
#include <array>

using namespace atomicfile;
using namespace atomicfile::test;

/// What platform/filesystem.h says of names in a directory, on every back-end.
class NameContract : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addBackends(); }

    void statTellsKindsApart();
    void statDoesNotFollow();
    void missingNames();
    void checkWritable();
    void checkWritableDoesNotFollow();
    void symbolicLinks();
    void storedNames();
    void renameToAFreeName();
    void renameReplaces();
    void renameBetweenDirectories();
    void renameOntoADirectory();
    void renameOfTwoLinksDoesNothing();
    void renameDoesNotFollow();
    void renameNoReplace();
    void exchange();
    void link();
    void linkDoesNotFollow();
    void unlink();
    void unlinkedFilesStayOpen();
    void nothingCrossesVolumes();
    void ordinaryPaths();
};

void NameContract::statTellsKindsApart()
{
    ON_EVERY_BACKEND(ground);
    ground.place->makeDirectory("directory");
    const UniqueFile file = ground.create("file", "12345");

    QCOMPARE(ground.info("directory").kind, FileKind::Directory);
    const FileInfo byName = ground.info("file");
    const FileInfo byHandle = ground.info(file);
    QCOMPARE(byName.kind, FileKind::Regular);
    QCOMPARE(byName.size, std::int64_t{5});
    QCOMPARE(byName.linkCount, std::uint64_t{1});
    QVERIFY(byName.identity == byHandle.identity);
    QCOMPARE(byName.size, byHandle.size);
    QCOMPARE(byName.mode, byHandle.mode);
    QCOMPARE(byName.owner, byHandle.owner);
    QCOMPARE(byName.group, byHandle.group);
    QCOMPARE(byName.modified, byHandle.modified);

    REQUIRE_SYMLINKS(ground);
    VERIFY_OK(ground.system().createSymlink(ground.directory(), "link", "file"));
    QCOMPARE(ground.info("link").kind, FileKind::Symlink);
}

void NameContract::statDoesNotFollow()
{
    ON_EVERY_BACKEND(ground);
    REQUIRE_SYMLINKS(ground);
    VERIFY_OK(ground.system().createSymlink(ground.directory(), "link", "nowhere"));
    QCOMPARE(ground.info("link").kind, FileKind::Symlink);
    // Not every system counts the text as content.
    const std::int64_t size = ground.info("link").size;
    QVERIFY(size == 7 || size == 0);
}

void NameContract::missingNames()
{
    ON_EVERY_BACKEND(ground);
    FileSystem &system = ground.system();
    const DirectoryHandle directory = ground.directory();
    COMPARE_OUTCOME(system.stat(directory, "none"), "NotFound from stat");
    COMPARE_OUTCOME(system.checkWritable(directory, "none"), "NotFound from checkWritable");
    COMPARE_OUTCOME(system.readLink(directory, "none"), "NotFound from readLink");
    COMPARE_OUTCOME(system.rename(directory, "none", directory, "to"), "NotFound from rename");
    COMPARE_OUTCOME(system.link(directory, "none", directory, "to"), "NotFound from link");
    COMPARE_OUTCOME(system.unlink(directory, "none"), "NotFound from unlink");
    COMPARE_OUTCOME(system.openFile(directory, "none", FileAccess::Read), "NotFound from openFile");
    QVERIFY(!ground.exists("to"));
}

void NameContract::checkWritable()
{
    ON_EVERY_BACKEND(ground);
    (void)ground.create("writable", {}, 0600);
    VERIFY_OK(ground.system().checkWritable(ground.directory(), "writable"));

    const UniqueFile file = ground.create("protected");
    VERIFY_OK(ground.system().setMode(file.get(), 0400));
    if (ground.place->privilege() == Privilege::Root) {
        VERIFY_OK(ground.system().checkWritable(ground.directory(), "protected"));
        return;
    }
    COMPARE_OUTCOME(ground.system().checkWritable(ground.directory(), "protected"),
                    "PermissionDenied from checkWritable");
}

void NameContract::checkWritableDoesNotFollow()
{
    ON_EVERY_BACKEND(ground);
    REQUIRE_SYMLINKS(ground);
    VERIFY_OK(ground.system().createSymlink(ground.directory(), "link", "nowhere"));
    VERIFY_OK(ground.system().checkWritable(ground.directory(), "link"));
}

void NameContract::symbolicLinks()
{
    ON_EVERY_BACKEND(ground);
    FileSystem &system = ground.system();
    const DirectoryHandle directory = ground.directory();
    const auto file = ground.create("file", "content");
    COMPARE_OUTCOME(system.readLink(directory, "file"), "InvalidPath from readLink");
    REQUIRE_SYMLINKS(ground);
    for (const char *text : {"file", "../up//and/down/.", "/absolute"}) {
        VERIFY_OK(system.createSymlink(directory, "link", text));
        const auto read = system.readLink(directory, "link");
        VERIFY_OK(read);
        // Perhaps with the system's own separators, where it takes another kind as well.
        QCOMPARE(read.value().standard().make_preferred().native(),
                 std::filesystem::path(text).make_preferred().native());
        VERIFY_OK(system.unlink(directory, "link"));
    }
    COMPARE_OUTCOME(system.createSymlink(directory, "file", "x"),
                    "AlreadyExists from createSymlink");
    QCOMPARE(ground.content("file"), std::string("content"));
}

void NameContract::storedNames()
{
    ON_EVERY_BACKEND(ground);
    FileSystem &system = ground.system();
    (void)ground.create("Document.txt");
    ground.place->makeDirectory("directory");
    std::vector<const char *> names = {"Document.txt", "directory"};
    if (ground.place->makesSymlinks()) {
        VERIFY_OK(system.createSymlink(ground.directory(), "dangling", "nowhere"));
        names.push_back("dangling");
    }
    for (const char *name : names) {
        const auto stored = system.storedName(ground.directory(), name);
        VERIFY_OK(stored);
        QCOMPARE(stored.value().string(), std::string(name));
    }
    if (ground.exists("DOCUMENT.TXT")) {
        const auto stored = system.storedName(ground.directory(), "DOCUMENT.TXT");
        VERIFY_OK(stored);
        QCOMPARE(stored.value().string(), std::string("Document.txt"));
    }
    // Not every back-end looks whether there is a file.
    const auto missing = system.storedName(ground.directory(), "none");
    if (missing.ok())
        QCOMPARE(missing.value().string(), std::string("none"));
    else
        COMPARE_OUTCOME(missing, "NotFound from storedName");
}

void NameContract::renameToAFreeName()
{
    ON_EVERY_BACKEND(ground);
    (void)ground.create("from", "content");
    const FileInfo before = ground.info("from");
    VERIFY_OK(ground.system().rename(ground.directory(), "from", ground.directory(), "to"));
    QVERIFY(!ground.exists("from"));
    QCOMPARE(ground.content("to"), std::string("content"));
    QVERIFY(ground.info("to").identity == before.identity);
    QCOMPARE(ground.info("to").modified, before.modified);
}

void NameContract::renameReplaces()
{
    ON_EVERY_BACKEND(ground);
    (void)ground.create("from", "new");
    UniqueFile old = ground.create("to", "old");
    const FileIdentity identity = ground.info("from").identity;
    const auto first = ground.system().rename(ground.directory(), "from", ground.directory(), "to");
    if (first.ok()) {
        QCOMPARE(ground.info(old).linkCount, std::uint64_t{0});
    } else {
        // Somebody who has the file open is in the way here, but not for ever.
        QVERIFY(first.error().mayPass);
        QCOMPARE(ground.content("to"), std::string("old"));
        VERIFY_OK(old.close());
        VERIFY_OK(ground.system().rename(ground.directory(), "from", ground.directory(), "to"));
    }
    QVERIFY(!ground.exists("from"));
    QCOMPARE(ground.content("to"), std::string("new"));
    QVERIFY(ground.info("to").identity == identity);
}

void NameContract::renameBetweenDirectories()
{
    ON_EVERY_BACKEND(ground);
    ground.place->makeDirectory("below");
    const UniqueDirectory below = ground.openDirectory(ground.place->root() / "below");
    (void)ground.create("from", "content");
    VERIFY_OK(ground.system().rename(ground.directory(), "from", below.get(), "to"));
    QVERIFY(!ground.exists("from"));
    VERIFY_OK(ground.system().stat(below.get(), "to"));
    VERIFY_OK(ground.system().rename(below.get(), "to", ground.directory(), "back"));
    QCOMPARE(ground.content("back"), std::string("content"));
}

void NameContract::renameOntoADirectory()
{
    ON_EVERY_BACKEND(ground);
    ground.place->makeDirectory("directory");
    (void)ground.create("file", "content");
    COMPARE_OUTCOME(
        ground.system().rename(ground.directory(), "file", ground.directory(), "directory"),
        "IsDirectory from rename");
    QCOMPARE(ground.content("file"), std::string("content"));
    QCOMPARE(ground.info("directory").kind, FileKind::Directory);
}

/// Under POSIX. Elsewhere the name that was renamed may be gone; the other never is.
void NameContract::renameOfTwoLinksDoesNothing()
{
    ON_EVERY_BACKEND(ground);
    (void)ground.create("one", "content");
    VERIFY_OK(ground.system().link(ground.directory(), "one", ground.directory(), "two"));
    VERIFY_OK(ground.system().rename(ground.directory(), "one", ground.directory(), "two"));
    QCOMPARE(ground.content("two"), std::string("content"));
    const bool bothStay = ground.exists("one");
    QVERIFY(bothStay || !ground.system().capabilities().publishesOpenFiles);
    QCOMPARE(ground.info("two").linkCount, bothStay ? std::uint64_t{2} : std::uint64_t{1});
    VERIFY_OK(ground.system().rename(ground.directory(), "two", ground.directory(), "two"));
    QVERIFY(ground.exists("two"));
}

void NameContract::renameDoesNotFollow()
{
    ON_EVERY_BACKEND(ground);
    REQUIRE_SYMLINKS(ground);
    (void)ground.create("behind", "behind");
    (void)ground.create("new", "new");
    FileSystem &system = ground.system();
    VERIFY_OK(system.createSymlink(ground.directory(), "link", "behind"));
    VERIFY_OK(system.rename(ground.directory(), "link", ground.directory(), "moved"));
    QCOMPARE(ground.info("moved").kind, FileKind::Symlink);
    VERIFY_OK(system.rename(ground.directory(), "new", ground.directory(), "moved"));
    QCOMPARE(ground.info("moved").kind, FileKind::Regular);
    QCOMPARE(ground.content("moved"), std::string("new"));
    QCOMPARE(ground.content("behind"), std::string("behind"));
}

void NameContract::renameNoReplace()
{
    ON_EVERY_BACKEND(ground);
    FileSystem &system = ground.system();
    const DirectoryHandle directory = ground.directory();
    (void)ground.create("from", "from");
    (void)ground.create("taken", "taken");
    const auto refused = system.renameNoReplace(directory, "from", directory, "taken");
    if (outcome(refused) == "Unsupported from renameNoReplace")
        QSKIP("This file system renames only with replacing.");
    COMPARE_OUTCOME(refused, "AlreadyExists from renameNoReplace");
    QCOMPARE(ground.content("from"), std::string("from"));
    QCOMPARE(ground.content("taken"), std::string("taken"));
    if (ground.place->makesSymlinks()) {
        VERIFY_OK(system.createSymlink(directory, "dangling", "nowhere"));
        COMPARE_OUTCOME(system.renameNoReplace(directory, "from", directory, "dangling"),
                        "AlreadyExists from renameNoReplace");
    }
    COMPARE_OUTCOME(system.renameNoReplace(directory, "none", directory, "free"),
                    "NotFound from renameNoReplace");

    VERIFY_OK(system.renameNoReplace(directory, "from", directory, "free"));
    QVERIFY(!ground.exists("from"));
    QCOMPARE(ground.content("free"), std::string("from"));
}

void NameContract::exchange()
{
    ON_EVERY_BACKEND(ground);
    FileSystem &system = ground.system();
    const DirectoryHandle directory = ground.directory();
    (void)ground.create("one", "first");
    (void)ground.create("two", "second");
    const auto exchanged = system.exchange(directory, "one", "two");
    if (outcome(exchanged) == "Unsupported from exchange") {
        QCOMPARE(ground.content("one"), std::string("first"));
        QCOMPARE(ground.content("two"), std::string("second"));
        return;
    }
    VERIFY_OK(exchanged);
    QCOMPARE(ground.content("one"), std::string("second"));
    QCOMPARE(ground.content("two"), std::string("first"));
    COMPARE_OUTCOME(system.exchange(directory, "one", "none"), "NotFound from exchange");
    COMPARE_OUTCOME(system.exchange(directory, "none", "one"), "NotFound from exchange");
}

void NameContract::link()
{
    ON_EVERY_BACKEND(ground);
    FileSystem &system = ground.system();
    const DirectoryHandle directory = ground.directory();
    (void)ground.create("one", "content");
    (void)ground.create("taken", "taken");
    VERIFY_OK(system.link(directory, "one", directory, "two"));
    QVERIFY(ground.info("two").identity == ground.info("one").identity);
    QCOMPARE(ground.info("one").linkCount, std::uint64_t{2});
    QCOMPARE(ground.content("two"), std::string("content"));
    COMPARE_OUTCOME(system.link(directory, "one", directory, "taken"), "AlreadyExists from link");
    QCOMPARE(ground.content("taken"), std::string("taken"));
    VERIFY_OK(system.unlink(directory, "one"));
    QCOMPARE(ground.info("two").linkCount, std::uint64_t{1});
    QCOMPARE(ground.content("two"), std::string("content"));
}

void NameContract::linkDoesNotFollow()
{
    ON_EVERY_BACKEND(ground);
    REQUIRE_SYMLINKS(ground);
    VERIFY_OK(ground.system().createSymlink(ground.directory(), "link", "nowhere"));
    VERIFY_OK(ground.system().link(ground.directory(), "link", ground.directory(), "second"));
    QCOMPARE(ground.info("second").kind, FileKind::Symlink);
}

void NameContract::unlink()
{
    ON_EVERY_BACKEND(ground);
    FileSystem &system = ground.system();
    (void)ground.create("file", "content");
    ground.place->makeDirectory("directory");
    if (ground.place->makesSymlinks()) {
        VERIFY_OK(system.createSymlink(ground.directory(), "link", "file"));
        VERIFY_OK(system.unlink(ground.directory(), "link"));
        QVERIFY(!ground.exists("link"));
        QCOMPARE(ground.content("file"), std::string("content"));
    }
    VERIFY_OK(system.unlink(ground.directory(), "file"));
    QVERIFY(!ground.exists("file"));
    // Linux says EISDIR, macOS EPERM.
    QVERIFY(!system.unlink(ground.directory(), "directory").ok());
    QVERIFY(ground.exists("directory"));
}

void NameContract::unlinkedFilesStayOpen()
{
    ON_EVERY_BACKEND(ground);
    const UniqueFile file = ground.create("file", "content");
    VERIFY_OK(ground.system().unlink(ground.directory(), "file"));
    if (outcome(ground.system().stat(ground.directory(), "file")) != "NotFound from stat")
        QSKIP("This file system takes the name away only when the last handle is closed.");
    QCOMPARE(ground.info(file).linkCount, std::uint64_t{0});
    std::array<std::byte, 7> buffer = {};
    const auto count = ground.system().readAt(file.get(), 0, buffer);
    VERIFY_OK(count);
    QCOMPARE(count.value(), std::size_t{7});
    QVERIFY(std::equal(buffer.begin(), buffer.end(), bytesOf("content").begin()));
}

void NameContract::nothingCrossesVolumes()
{
    ON_EVERY_BACKEND(ground);
    const std::optional<Path> otherVolume = ground.place->otherVolume();
    if (!otherVolume)
        QSKIP("This machine has no second volume that may be written.");
    FileSystem &system = ground.system();
    const UniqueDirectory other = ground.openDirectory(*otherVolume);
    const DirectoryHandle here = ground.directory();
    (void)ground.create("file", "content");
    const auto taken = system.createFile(other.get(), "taken", 0600);
    VERIFY_OK(taken);
    const UniqueFile destination(system, taken.value());
    QVERIFY(ground.info("file").identity.volume != ground.info(destination).identity.volume);

    for (const char *name : {"taken", "free"})
        COMPARE_OUTCOME(system.rename(here, "file", other.get(), name),
                        "NotSameDevice from rename");
    COMPARE_OUTCOME(system.link(here, "file", other.get(), "free"), "NotSameDevice from link");
    COMPARE_OUTCOME(system.renameNoReplace(here, "file", other.get(), "free"),
                    "NotSameDevice from renameNoReplace");
    QCOMPARE(ground.content("file"), std::string("content"));
    QCOMPARE(ground.info(destination).size, std::int64_t{0});

    const auto cloned = system.cloneContent(ground.open("file").get(), destination.get());
    QVERIFY(!cloned.ok());
    QVERIFY(cloned.error().kind == ErrorClass::NotSameDevice
            || cloned.error().kind == ErrorClass::Unsupported);
}

/// Which paths are impossible is each system's own matter; these are possible everywhere.
void NameContract::ordinaryPaths()
{
    ON_EVERY_BACKEND(ground);
    const Path root = ground.place->root();
    for (const Path &path : {Path("file"), root, root / "file", root / ".af-file", root / "a b.c~"})
        QVERIFY2(!ground.system().judgePath(path), path.string().c_str());
}

QTEST_GUILESS_MAIN(NameContract)
#include "tst_namecontract.moc"
