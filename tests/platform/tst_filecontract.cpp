// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "contract_place.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>

using namespace atomicfile;
using namespace atomicfile::test;

/// What platform/filesystem.h says of files and their content, on every back-end.
class FileContract : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addBackends(); }

    void createdFilesAreEmptyAndOpenForBoth();
    void createdFilesMayBeNobodyElses();
    void createTakesNoNameThatExists();
    void openingWhatIsNoRegularFile();
    void openingAFifoDoesNotWait();
    void readHandlesDoNotWrite();
    void attributeHandles();
    void offsets();
    void shortReadsAtTheEnd();
    void nothingToTransfer();
    void handlesShareTheFile();
    void writingBeyondTheEndLeavesAHole();
    void allowingHoles();
    void setSizeCuts();
    void timesMayBeLeftOut();
    void setSizeExtends();
    void reserveKeepsSizeAndContent();
    void writeback();
    void locksExclude();
    void locksEndWithTheHandle();
    void syncing();
    void pausing();
    void randomBytes();

private:
    /// length bytes from offset on, as text with '.' for zero bytes.
    static std::string read(const Ground &ground, const UniqueFile &file, std::int64_t offset,
                            std::size_t length);
};

std::string FileContract::read(const Ground &ground, const UniqueFile &file, std::int64_t offset,
                               std::size_t length)
{
    std::string text(length, '?');
    const auto count = ground.system().readAt(file.get(), offset,
                                              std::as_writable_bytes(std::span(text)));
    if (!count.ok())
        return outcome(count).toStdString();
    text.resize(count.value());
    for (char &c : text)
        c = c == '\0' ? '.' : c;
    return text;
}

void FileContract::createdFilesAreEmptyAndOpenForBoth()
{
    ON_EVERY_BACKEND(ground);
    const auto created = ground.system().createFile(ground.directory(), "file", 0600);
    VERIFY_OK(created);
    const UniqueFile file(ground.system(), created.value());
    const FileInfo info = ground.info(file);
    QCOMPARE(info.kind, FileKind::Regular);
    QCOMPARE(info.size, std::int64_t{0});
    QCOMPARE(info.mode,
             ground.system().capabilities().modesGuard ? ModeBits{0600} : ModeBits{0666});
    QCOMPARE(info.linkCount, std::uint64_t{1});
    VERIFY_OK(ground.system().writeAt(file.get(), 0, bytesOf("content")));
    QCOMPARE(read(ground, file, 0, 100), std::string("content"));
}

/// Where a file must be closed before it takes another name, a handle from createFile keeps everybody
/// out, and those from openFile nobody. What keeps out is over as soon as the handle is closed.
void FileContract::createdFilesMayBeNobodyElses()
{
    ON_EVERY_BACKEND(ground);
    FileSystem &system = ground.system();
    const DirectoryHandle directory = ground.directory();
    const auto created = system.createFile(directory, "file", 0600);
    VERIFY_OK(created);
    UniqueFile file(system, created.value());
    (void)ground.create("other", "other");
    if (system.capabilities().publishesOpenFiles) {
        VERIFY_OK(system.rename(directory, "file", directory, "moved"));
        VERIFY_OK(ground.open("moved", FileAccess::ReadWrite).close());
        return;
    }
    const auto refused = system.rename(directory, "file", directory, "moved");
    COMPARE_OUTCOME(refused, "Busy from rename");
    QVERIFY(refused.error().mayPass);
    QVERIFY(!system.rename(directory, "other", directory, "file").ok());
    for (const auto access : {FileAccess::Read, FileAccess::ReadWrite})
        COMPARE_OUTCOME(system.openFile(directory, "file", access), "Busy from openFile");
    COMPARE_OUTCOME(system.unlink(directory, "file"), "Busy from unlink");
    QCOMPARE(ground.info("file").size, std::int64_t{0});
    VERIFY_OK(ground.open("file", FileAccess::Attributes).close());
    VERIFY_OK(file.close());

    const UniqueFile reading = ground.open("file", FileAccess::Read);
    VERIFY_OK(ground.open("file", FileAccess::ReadWrite).close());
    VERIFY_OK(system.rename(directory, "file", directory, "moved"));
    QCOMPARE(ground.content("moved"), std::string());
}

void FileContract::createTakesNoNameThatExists()
{
    ON_EVERY_BACKEND(ground);
    (void)ground.create("file", "content");
    ground.place->makeDirectory("directory");
    for (const char *name : {"file", "directory"}) {
        COMPARE_OUTCOME(ground.system().createFile(ground.directory(), name, 0600),
                        "AlreadyExists from createFile");
    }
    QCOMPARE(ground.content("file"), std::string("content"));

    REQUIRE_SYMLINKS(ground);
    VERIFY_OK(ground.system().createSymlink(ground.directory(), "dangling", "nowhere"));
    COMPARE_OUTCOME(ground.system().createFile(ground.directory(), "dangling", 0600),
                    "AlreadyExists from createFile");
    QVERIFY(!ground.exists("nowhere"));
}

void FileContract::openingWhatIsNoRegularFile()
{
    ON_EVERY_BACKEND(ground);
    FileSystem &system = ground.system();
    ground.place->makeDirectory("directory");
    COMPARE_OUTCOME(system.openFile(ground.directory(), "directory", FileAccess::ReadWrite),
                    "IsDirectory from openFile");

    // Some systems open a directory for reading like a file; statFile tells, as the interface says.
    const auto directory = system.openFile(ground.directory(), "directory", FileAccess::Read);
    if (directory.ok()) {
        const UniqueFile opened(system, directory.value());
        QCOMPARE(ground.info(opened).kind, FileKind::Directory);
        std::array<std::byte, 1> buffer = {};
        COMPARE_OUTCOME(system.readAt(opened.get(), 0, buffer), "IsDirectory from readAt");
    } else {
        COMPARE_OUTCOME(directory, "IsDirectory from openFile");
    }

    REQUIRE_SYMLINKS(ground);
    (void)ground.create("file");
    VERIFY_OK(system.createSymlink(ground.directory(), "link", "file"));
    for (const auto access : {FileAccess::Attributes, FileAccess::Read, FileAccess::ReadWrite}) {
        COMPARE_OUTCOME(system.openFile(ground.directory(), "link", access),
                        "NotRegularFile from openFile");
    }
}

/// Nobody has the other end. That the calls come back is most of the test.
void FileContract::openingAFifoDoesNotWait()
{
    ON_EVERY_BACKEND(ground);
    if (!ground.place->makeFifo("fifo"))
        QSKIP("This system has no FIFOs in directories.");
    QCOMPARE(ground.info("fifo").kind, FileKind::Fifo);
    for (const auto access : {FileAccess::Attributes, FileAccess::Read, FileAccess::ReadWrite}) {
        const auto opened = ground.system().openFile(ground.directory(), "fifo", access);
        if (opened.ok()) {
            const UniqueFile fifo(ground.system(), opened.value());
            QCOMPARE(ground.info(fifo).kind, FileKind::Fifo);
            if (access == FileAccess::Attributes)
                continue;
            std::array<std::byte, 1> buffer = {};
            COMPARE_OUTCOME(ground.system().readAt(fifo.get(), 0, buffer),
                            "NotRegularFile from readAt");
        } else {
            COMPARE_OUTCOME(opened, "NotRegularFile from openFile");
        }
    }
}

void FileContract::readHandlesDoNotWrite()
{
    ON_EVERY_BACKEND(ground);
    (void)ground.create("file", "content");
    const UniqueFile file = ground.open("file", FileAccess::Read);
    QVERIFY(!ground.system().writeAt(file.get(), 0, bytesOf("other")).ok());
    QVERIFY(!ground.system().setSize(file.get(), 0).ok());
    QCOMPARE(ground.content("file"), std::string("content"));
}

/// They serve to tell and to lock a file while others are at work on it.
void FileContract::attributeHandles()
{
    ON_EVERY_BACKEND(ground);
    FileSystem &system = ground.system();
    const UniqueFile writing = ground.create("file", "content");
    const UniqueFile file = ground.open("file", FileAccess::Attributes);
    QVERIFY(ground.info(file).identity == ground.info(writing).identity);
    QCOMPARE(ground.info(file).size, std::int64_t{7});
    VERIFY_OK(system.lockFile(file.get(), "key"));

    VERIFY_OK(system.rename(ground.directory(), "file", ground.directory(), "moved"));
    (void)ground.create("file", "other");
    const auto replaced = system.rename(ground.directory(), "file", ground.directory(), "moved");
    if (!replaced.ok() && replaced.error().mayPass)
        QSKIP("This file system replaces no file that is open.");
    VERIFY_OK(replaced);
    QCOMPARE(ground.content("moved"), std::string("other"));
    QCOMPARE(ground.info(file).linkCount, std::uint64_t{0});
}

void FileContract::offsets()
{
    ON_EVERY_BACKEND(ground);
    const UniqueFile file = ground.create("file", "0123456789");
    const auto count = ground.system().writeAt(file.get(), 3, bytesOf("abc"));
    VERIFY_OK(count);
    QCOMPARE(count.value(), std::size_t{3});
    QCOMPARE(ground.content("file"), std::string("012abc6789"));
    VERIFY_OK(ground.system().writeAt(file.get(), 8, bytesOf("xyz")));
    QCOMPARE(ground.content("file"), std::string("012abc67xyz"));
    QCOMPARE(read(ground, file, 2, 3), std::string("2ab"));
    // The position of one transfer does not move the next.
    QCOMPARE(read(ground, file, 0, 2), std::string("01"));
    QCOMPARE(read(ground, file, 0, 2), std::string("01"));
}

void FileContract::shortReadsAtTheEnd()
{
    ON_EVERY_BACKEND(ground);
    const UniqueFile file = ground.create("file", "0123456789");
    QCOMPARE(read(ground, file, 7, 100), std::string("789"));
    QCOMPARE(read(ground, file, 10, 100), std::string());
    QCOMPARE(read(ground, file, 5000, 100), std::string());
}

void FileContract::nothingToTransfer()
{
    ON_EVERY_BACKEND(ground);
    const UniqueFile file = ground.create("file", "content");
    const auto written = ground.system().writeAt(file.get(), 100, {});
    VERIFY_OK(written);
    QCOMPARE(written.value(), std::size_t{0});
    QCOMPARE(ground.info(file).size, std::int64_t{7});
    const auto got = ground.system().readAt(file.get(), 0, {});
    VERIFY_OK(got);
    QCOMPARE(got.value(), std::size_t{0});
}

void FileContract::handlesShareTheFile()
{
    ON_EVERY_BACKEND(ground);
    const UniqueFile one = ground.create("file", "content");
    const UniqueFile two = ground.open("file", FileAccess::ReadWrite);
    VERIFY_OK(ground.system().writeAt(two.get(), 0, bytesOf("CON")));
    QCOMPARE(read(ground, one, 0, 100), std::string("CONtent"));
    QVERIFY(ground.info(one).identity == ground.info(two).identity);
    VERIFY_OK(ground.system().rename(ground.directory(), "file", ground.directory(), "moved"));
    VERIFY_OK(ground.system().writeAt(one.get(), 3, bytesOf("TENT")));
    QCOMPARE(ground.content("moved"), std::string("CONTENT"));
}

void FileContract::writingBeyondTheEndLeavesAHole()
{
    ON_EVERY_BACKEND(ground);
    const UniqueFile file = ground.create("file", "ab");
    VERIFY_OK(ground.system().writeAt(file.get(), 5, bytesOf("cd")));
    QCOMPARE(ground.info(file).size, std::int64_t{7});
    QCOMPARE(read(ground, file, 0, 100), std::string("ab...cd"));
}

void FileContract::allowingHoles()
{
    ON_EVERY_BACKEND(ground);
    const UniqueFile file = ground.create("file", "content");
    const auto allowed = ground.system().allowHoles(file.get());
    QCOMPARE(ground.content("file"), std::string("content"));
    if (outcome(allowed) == "Unsupported from allowHoles")
        QSKIP("This file system keeps no holes.");
    VERIFY_OK(allowed);
    VERIFY_OK(ground.system().allowHoles(file.get()));
    constexpr std::int64_t size = 1 << 24;
    VERIFY_OK(ground.system().setSize(file.get(), size));
    QCOMPARE(ground.info(file).size, size);
    QVERIFY(ground.info(file).allocated < size);
    QCOMPARE(read(ground, file, 0, 9), std::string("content.."));
}

void FileContract::setSizeCuts()
{
    ON_EVERY_BACKEND(ground);
    const UniqueFile file = ground.create("file", "0123456789");
    VERIFY_OK(ground.system().setSize(file.get(), 4));
    QCOMPARE(ground.info("file").size, std::int64_t{4});
    QCOMPARE(read(ground, file, 0, 100), std::string("0123"));
    // What was cut off does not come back.
    VERIFY_OK(ground.system().setSize(file.get(), 6));
    QCOMPARE(read(ground, file, 0, 100), std::string("0123.."));
    VERIFY_OK(ground.system().setSize(file.get(), 0));
    QCOMPARE(read(ground, file, 0, 100), std::string());
}

void FileContract::timesMayBeLeftOut()
{
    ON_EVERY_BACKEND(ground);
    for (const std::string_view content : {"", "content"}) {
        const UniqueFile file = ground.create("file-" + std::to_string(content.size()), content);
        FileInfo expected = ground.info(file);
        const auto found = ground.system().statFile(file.get(), Times::LeftOut);
        VERIFY_OK(found);
        if (found.value().modified == 0)
            expected.accessed = expected.modified = 0;
        QVERIFY(found.value() == expected);
    }
}

void FileContract::setSizeExtends()
{
    ON_EVERY_BACKEND(ground);
    const UniqueFile file = ground.create("file", "ab");
    if (outcome(ground.system().allowHoles(file.get())) == "Unsupported from allowHoles")
        QSKIP("This file system keeps no holes, and 5 GB are too much to ask for.");
    constexpr std::int64_t size = 5'000'000'000;
    VERIFY_OK(ground.system().setSize(file.get(), size));
    const FileInfo info = ground.info(file);
    QCOMPARE(info.size, size);
    QVERIFY(info.allocated < size);
    QCOMPARE(read(ground, file, 0, 5), std::string("ab..."));
    QCOMPARE(read(ground, file, size - 3, 100), std::string("..."));
}

void FileContract::reserveKeepsSizeAndContent()
{
    ON_EVERY_BACKEND(ground);
    const UniqueFile file = ground.create("file", "content");
    VERIFY_OK(ground.system().reserve(file.get(), 0));
    const auto reserved = ground.system().reserve(file.get(), 1 << 20);
    QCOMPARE(ground.info(file).size, std::int64_t{7});
    QCOMPARE(ground.content("file"), std::string("content"));
    if (outcome(reserved) == "Unsupported from reserve")
        QSKIP("This file system cannot reserve storage.");
    VERIFY_OK(reserved);
    QVERIFY(ground.info(file).allocated >= 1 << 20);
}

void FileContract::writeback()
{
    ON_EVERY_BACKEND(ground);
    const UniqueFile file = ground.create("file", "content");
    VERIFY_OK(ground.system().startWriteback(file.get(), 0, 4));
    VERIFY_OK(ground.system().startWriteback(file.get(), 0, 0));
    QCOMPARE(ground.content("file"), std::string("content"));
}

void FileContract::locksExclude()
{
    ON_EVERY_BACKEND(ground);
    const UniqueFile one = ground.create("file");
    const UniqueFile two = ground.open("file", FileAccess::ReadWrite);
    VERIFY_OK(ground.system().lockFile(one.get(), "key"));
    COMPARE_OUTCOME(ground.system().lockFile(two.get(), "key"), "Busy from lockFile");
    VERIFY_OK(ground.system().lockFile(one.get(), "key"));

    // Advisory: it keeps nobody from using the file.
    VERIFY_OK(ground.system().writeAt(two.get(), 0, bytesOf("content")));
    const UniqueFile other = ground.create("other");
    VERIFY_OK(ground.system().lockFile(other.get(), "other key"));
}

void FileContract::locksEndWithTheHandle()
{
    ON_EVERY_BACKEND(ground);
    UniqueFile one = ground.create("file");
    const UniqueFile two = ground.open("file", FileAccess::Read);
    VERIFY_OK(ground.system().lockFile(one.get(), "key"));
    // Closing another handle of the same file does not end it.
    VERIFY_OK(ground.open("file").close());
    COMPARE_OUTCOME(ground.system().lockFile(two.get(), "key"), "Busy from lockFile");
    VERIFY_OK(one.close());
    VERIFY_OK(ground.system().lockFile(two.get(), "key"));
}

void FileContract::syncing()
{
    ON_EVERY_BACKEND(ground);
    const UniqueFile file = ground.create("file", "content");
    VERIFY_OK(ground.system().syncFile(file.get(), SyncScope::Content));
    VERIFY_OK(ground.system().syncFile(file.get(), SyncScope::Everything));
    const QByteArray writtenOut = outcome(ground.system().writeOutFile(file.get()));
    QVERIFY2(writtenOut == "ok" || writtenOut == "Unsupported from writeOutFile",
             writtenOut.constData());
    VERIFY_OK(ground.system().syncFile(file.get(), SyncScope::Content));
    // A move syncs the source, which may be readable only.
    const UniqueFile reading = ground.open("file", FileAccess::Read);
    const auto synced = ground.system().syncFile(reading.get(), SyncScope::Everything);
    if (ground.system().capabilities().syncsReadHandles)
        VERIFY_OK(synced);
    else
        COMPARE_OUTCOME(synced, "PermissionDenied from syncFile");
    QCOMPARE(ground.content("file"), std::string("content"));
}

/// How long it takes is nobody's promise.
void FileContract::pausing()
{
    ON_EVERY_BACKEND(ground);
    VERIFY_OK(ground.system().pause(std::chrono::milliseconds(0)));
    VERIFY_OK(ground.system().pause(std::chrono::milliseconds(2)));
    QVERIFY(!ground.system().pause(std::chrono::milliseconds(-1001)).ok());
}

void FileContract::randomBytes()
{
    ON_EVERY_BACKEND(ground);
    std::array<std::byte, 1000> one = {};
    std::array<std::byte, 1000> two = {};
    VERIFY_OK(ground.system().random(one));
    VERIFY_OK(ground.system().random(two));
    QVERIFY(one != two);
    // The end of the buffer too: twenty zero bytes there would be no accident.
    QVERIFY(std::any_of(one.end() - 20, one.end(), [](std::byte b) { return b != std::byte{0}; }));
    VERIFY_OK(ground.system().random({}));
}

QTEST_GUILESS_MAIN(FileContract)
#include "tst_filecontract.moc"
