// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Which path may be a target, and what becomes of the others.
#include "core/operations.h"
#include "outcome_text.h"
#include "support/memory_filesystem.h"
#include "support/recording_filesystem.h"

#include <QtTest>

using namespace atomicfile;
using namespace atomicfile::test;

namespace {

Outcome write(FileSystem &system, const Path &path, const Options &options = {})
{
    NullMonitor monitor;
    return writeFile(system, path, bytesOf("new"), options, monitor);
}

/// A system with a name that no file can have.
class PickyFileSystem final : public DecoratedFileSystem
{
public:
    using DecoratedFileSystem::DecoratedFileSystem;
    std::optional<ErrorClass> judgePath(const Path &path) const override
    {
        if (path.filename() == "CON")
            return ErrorClass::InvalidPath;
        return {};
    }
    std::size_t calls = 0;

protected:
    Verdict before(const CallRecord &) override
    {
        ++calls;
        return {};
    }
};

} // namespace

class TargetTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void impossiblePaths_data();
    void impossiblePaths();
    void pathsThatTheSystemForbids();
    void kinds_data();
    void kinds();
    void longestName();
    void tooLongName();
    void symlinkPolicies_data();
    void symlinkPolicies();
    void followsChains();
    void followsDanglingLinks();
    void refusesCycles();
    void symlinkedDirectories();
    void foreignLinksInSharedDirectories_data();
    void foreignLinksInSharedDirectories();
    void readOnlyTarget();
    void unreadableTarget();
    void unsearchableDirectory();
    void unwritableDirectory();
    void dropBox();
    void hardLinks();
    void keysOfOneTarget();
};

void TargetTest::impossiblePaths_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("empty") << QByteArray() << QByteArray("InvalidPath at Resolve, Unchanged");
    QTest::newRow("embedded NUL") << QByteArray("/there/a\0b", 10)
                                  << QByteArray("InvalidPath at Resolve, Unchanged");
    QTest::newRow("NUL in a directory")
        << QByteArray("/th\0re/a", 8) << QByteArray("InvalidPath at Resolve, Unchanged");
    for (const char *path : {"/", "/there/", "/there/.", "/there/.."})
        QTest::newRow(path) << QByteArray(path) << QByteArray("IsDirectory at Resolve, Unchanged");
    QTest::newRow("missing directory")
        << QByteArray("/missing/file") << QByteArray("NotFound at Resolve, Unchanged");
    QTest::newRow("file as directory")
        << QByteArray("/there/file/below") << QByteArray("NotFound at Resolve, Unchanged");
}

void TargetTest::impossiblePaths()
{
    QFETCH(QByteArray, path);
    QFETCH(QByteArray, expected);
    MemoryFileSystem system;
    system.addDirectory("/there");
    system.addFile("/there/file", "old");
    const Outcome outcome = write(system, path.toStdString());
    QCOMPARE(summary(outcome), expected.toStdString());
    QCOMPARE(outcome.failure->native.code != 0, expected.startsWith("NotFound"));
    QVERIFY(system.listing("/there") == std::vector<std::string>{"file"});
    QVERIFY(system.content("/there/file") == "old");
    QCOMPARE(system.openHandleCount(), std::size_t(0));
}

void TargetTest::pathsThatTheSystemForbids()
{
    MemoryFileSystem system;
    system.addFile("/CON", "old");
    system.addSymlink("/link", "CON");
    PickyFileSystem picky(system);
    QCOMPARE(summary(write(picky, "/CON")), std::string("InvalidPath at Resolve, Unchanged"));
    QCOMPARE(picky.calls, std::size_t(0));
    QCOMPARE(summary(write(picky, "/link")), std::string("InvalidPath at Resolve, Unchanged"));
    QVERIFY(system.content("/CON") == "old");
    QCOMPARE(summary(write(picky, "/CONE")), std::string("ok, Replaced"));
}

void TargetTest::kinds_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<QByteArray>("expected");
    const QByteArray refused = "NotRegularFile at Inspect, Unchanged";
    QTest::newRow("fifo") << int(FileKind::Fifo) << refused;
    QTest::newRow("socket") << int(FileKind::Socket) << refused;
    QTest::newRow("character device") << int(FileKind::CharacterDevice) << refused;
    QTest::newRow("block device") << int(FileKind::BlockDevice) << refused;
    QTest::newRow("other") << int(FileKind::Other) << refused;
    QTest::newRow("directory") << int(FileKind::Directory)
                               << QByteArray("IsDirectory at Inspect, Unchanged");
}

/// As target of each operation, and as source.
void TargetTest::kinds()
{
    QFETCH(int, kind);
    QFETCH(QByteArray, expected);
    MemoryFileSystem system;
    system.addDirectory("/there");
    system.addFile("/there/file", "old");
    if (kind == int(FileKind::Directory))
        system.addDirectory("/there/it");
    else
        system.addSpecial("/there/it", static_cast<FileKind>(kind));
    NullMonitor monitor;
    RecordingFileSystem recording(system);
    for (const Symlinks symlinks : {Symlinks::Follow, Symlinks::Replace, Symlinks::Refuse}) {
        Options options;
        options.symlinks = symlinks;
        QCOMPARE(summary(write(recording, "/there/it", options)), expected.toStdString());
        QCOMPARE(summary(copyFile(recording, "/there/file", "/there/it", options, monitor)),
                 expected.toStdString());
        QCOMPARE(summary(moveFile(recording, "/there/file", "/there/it", options, monitor)),
                 expected.toStdString());
        QCOMPARE(summary(copyFile(recording, "/there/it", "/there/new", options, monitor)),
                 expected.toStdString());
        QCOMPARE(summary(moveFile(recording, "/there/it", "/there/new", options, monitor)),
                 expected.toStdString());
    }
    QVERIFY(!versionOf(recording, "/there/it").ok());
    QVERIFY(!readText(recording, "/there/it").ok());
    QCOMPARE(int(system.infoOf("/there/it").kind), kind);
    QCOMPARE(recording.count(Call::CreateFile), std::size_t(0));
    const std::vector<std::string> expectedNames{"file", "it"};
    QVERIFY(system.listing("/there") == expectedNames);
    QCOMPARE(system.openHandleCount(), std::size_t(0));
}

void TargetTest::longestName()
{
    MemoryFileSystem system;
    const Path path = "/" + std::string(255, 'n');
    QCOMPARE(summary(write(system, path)), std::string("ok, Replaced"));
    QCOMPARE(summary(write(system, path)), std::string("ok, Replaced"));
    QVERIFY(system.content(path) == "new");
}

void TargetTest::tooLongName()
{
    MemoryFileSystem system;
    QCOMPARE(summary(write(system, "/" + std::string(256, 'n'))),
             std::string("NameTooLong at Resolve, Unchanged"));
    QVERIFY(system.listing("/").empty());
}

void TargetTest::symlinkPolicies_data()
{
    QTest::addColumn<int>("symlinks");
    QTest::addColumn<QByteArray>("expected");
    QTest::addColumn<QByteArray>("contentOfDestination");
    QTest::newRow("follow") << int(Symlinks::Follow) << QByteArray("ok, Replaced")
                            << QByteArray("new");
    QTest::newRow("replace") << int(Symlinks::Replace) << QByteArray("ok, Replaced")
                             << QByteArray("old");
    QTest::newRow("refuse") << int(Symlinks::Refuse)
                            << QByteArray("NotRegularFile at Resolve, Unchanged")
                            << QByteArray("old");
}

void TargetTest::symlinkPolicies()
{
    QFETCH(int, symlinks);
    QFETCH(QByteArray, expected);
    QFETCH(QByteArray, contentOfDestination);
    MemoryFileSystem system;
    system.addFile("/real", "old");
    system.addSymlink("/link", "real");
    Options options;
    options.symlinks = static_cast<Symlinks>(symlinks);
    const Outcome outcome = write(system, "/link", options);
    QCOMPARE(summary(outcome), expected.toStdString());
    QVERIFY(system.content("/real") == contentOfDestination.toStdString());
    const bool staysLink = options.symlinks != Symlinks::Replace;
    QCOMPARE(system.infoOf("/link").kind == FileKind::Symlink, staysLink);
    if (options.symlinks == Symlinks::Follow)
        QCOMPARE(outcome.target, Path("/real"));
}

void TargetTest::followsChains()
{
    MemoryFileSystem system;
    system.addDirectory("/a");
    system.addDirectory("/a/b");
    system.addFile("/a/real", "old");
    system.addSymlink("/a/b/relative", "../real");
    system.addSymlink("/absolute", "/a/b/relative");
    QCOMPARE(summary(write(system, "/absolute")), std::string("ok, Replaced"));
    QVERIFY(system.content("/a/real") == "new");
    QCOMPARE(system.infoOf("/absolute").kind, FileKind::Symlink);
    QCOMPARE(system.infoOf("/a/b/relative").kind, FileKind::Symlink);
}

void TargetTest::followsDanglingLinks()
{
    MemoryFileSystem system;
    system.addDirectory("/a");
    system.addSymlink("/link", "a/new");
    QCOMPARE(summary(write(system, "/link")), std::string("ok, Replaced"));
    QVERIFY(system.content("/a/new") == "new");
    system.addSymlink("/lost", "missing/new");
    QCOMPARE(summary(write(system, "/lost")), std::string("NotFound at Resolve, Unchanged"));
}

void TargetTest::refusesCycles()
{
    MemoryFileSystem system;
    system.addSymlink("/self", "self");
    system.addSymlink("/a", "b");
    system.addSymlink("/b", "a");
    for (const char *path : {"/self", "/a", "/b"})
        QCOMPARE(summary(write(system, path)), std::string("InvalidPath at Resolve, Unchanged"));
    QCOMPARE(system.openHandleCount(), std::size_t(0));
}

/// The policy is about the last component only.
void TargetTest::symlinkedDirectories()
{
    MemoryFileSystem system;
    system.addDirectory("/real");
    system.addSymlink("/link", "real");
    Options options;
    options.symlinks = Symlinks::Refuse;
    QCOMPARE(summary(write(system, "/link/file", options)), std::string("ok, Replaced"));
    QVERIFY(system.content("/real/file") == "new");
}

void TargetTest::foreignLinksInSharedDirectories_data()
{
    QTest::addColumn<int>("mode");
    QTest::addColumn<int>("linkOwner");
    QTest::addColumn<bool>("isFollowed");
    QTest::newRow("shared and sticky, a stranger's") << 01777 << 1002 << false;
    QTest::newRow("shared and sticky, the caller's") << 01777 << 1001 << true;
    QTest::newRow("shared and sticky, the directory owner's") << 01777 << 0 << true;
    QTest::newRow("sticky only") << 01755 << 1002 << true;
    QTest::newRow("shared only") << 0777 << 1002 << true;
}

/// Whoever plants a link in /tmp must not choose what others overwrite.
void TargetTest::foreignLinksInSharedDirectories()
{
    QFETCH(int, mode);
    QFETCH(int, linkOwner);
    QFETCH(bool, isFollowed);
    MemoryFileSystem system;
    system.addDirectory("/shared", static_cast<ModeBits>(mode));
    system.addDirectory("/mine");
    system.setOwnerOf("/mine", 1001, 2001);
    system.addFile("/mine/file", "old");
    system.setOwnerOf("/mine/file", 1001, 2001);
    system.addSymlink("/shared/link", "/mine/file");
    system.setOwnerOf("/shared/link", static_cast<std::uint32_t>(linkOwner), 2001);
    system.become(1001, 2001);
    const std::string expected = isFollowed ? "ok, Replaced"
                                            : "PermissionDenied at Resolve, Unchanged";
    QCOMPARE(summary(write(system, "/shared/link")), expected);
    QCOMPARE(system.content("/mine/file").value(), std::string(isFollowed ? "new" : "old"));
}

void TargetTest::readOnlyTarget()
{
    MemoryFileSystem system;
    system.addDirectory("/there", 0777);
    system.addFile("/there/file", "old", 0444);
    system.addFile("/there/source", "source");
    system.setOwnerOf("/there/file", 1001, 2001);
    system.become(1001, 2001);
    const std::string refused = "PermissionDenied at Inspect, Unchanged";
    NullMonitor monitor;
    QCOMPARE(summary(write(system, "/there/file")), refused);
    QCOMPARE(summary(copyFile(system, "/there/source", "/there/file", {}, monitor)), refused);
    QCOMPARE(summary(moveFile(system, "/there/source", "/there/file", {}, monitor)), refused);
    QVERIFY(system.content("/there/file") == "old");
}

/// Mode 0200: may be written, not read. That is no reason to refuse, and none to let others read it.
void TargetTest::unreadableTarget()
{
    MemoryFileSystem system;
    system.addDirectory("/there", 0777);
    system.addFile("/there/file", "old", 0200);
    system.setOwnerOf("/there/file", 1001, 2001);
    system.become(1001, 2001);
    const Outcome outcome = write(system, "/there/file");
    QCOMPARE(summary(outcome), std::string("ok, Replaced"));
    QVERIFY(system.content("/there/file") == "new");
    QCOMPARE(system.infoOf("/there/file").mode, ModeBits(0200));
}

void TargetTest::unsearchableDirectory()
{
    MemoryFileSystem system;
    system.addDirectory("/there", 0600);
    system.addFile("/there/file", "old", 0666);
    system.become(1001, 2001);
    QCOMPARE(summary(write(system, "/there/file")),
             std::string("PermissionDenied at Resolve, Unchanged"));
}

void TargetTest::unwritableDirectory()
{
    MemoryFileSystem system;
    system.addDirectory("/there", 0755);
    system.addFile("/there/file", "old", 0666);
    system.become(1001, 2001);
    QCOMPARE(summary(write(system, "/there/file")),
             std::string("PermissionDenied at Stage, Unchanged"));
    QVERIFY(system.content("/there/file") == "old");
}

/// A directory that may be written and entered but not read cannot be synced: the file is there, and
/// whether it will be after a power cut is not known.
void TargetTest::dropBox()
{
    MemoryFileSystem system;
    system.addDirectory("/box", 0333);
    system.setOwnerOf("/box", 1002, 2002);
    system.become(1001, 2001);
    QCOMPARE(summary(write(system, "/box/file")),
             std::string("PermissionDenied at SyncDirectory, ReplacedNotDurable"));
    QVERIFY(system.content("/box/file") == "new");
    Options options;
    options.durability = Durability::Consistent;
    QCOMPARE(summary(write(system, "/box/other", options)), std::string("ok, Replaced"));
}

void TargetTest::hardLinks()
{
    MemoryFileSystem system;
    system.addFile("/file", "old");
    system.addHardLink("/second", "/file");
    Options options;
    options.hardLinks = HardLinks::Refuse;
    QCOMPARE(summary(write(system, "/file", options)),
             std::string("TooManyLinks at Inspect, Unchanged"));
    options.hardLinks = HardLinks::Break;
    QCOMPARE(summary(write(system, "/file", options)), std::string("ok, Replaced"));
    QVERIFY(system.content("/second") == "old");
    QCOMPARE(system.infoOf("/second").linkCount, std::uint64_t(1));
}

void TargetTest::keysOfOneTarget()
{
    MemoryFileSystem system;
    system.addDirectory("/a");
    system.addFile("/a/file", "old");
    system.addSymlink("/b", "a");
    system.addSymlink("/link", "a/file");
    const auto same = [](const TargetKey &one, const TargetKey &other) {
        return one.directory == other.directory && one.name == other.name
            && one.unresolved == other.unresolved;
    };
    const auto keys = [&](const char *path, Symlinks symlinks = Symlinks::Follow) {
        return targetKeys(system, path, symlinks);
    };
    const TargetKey key = keys("/a/file").front();
    QVERIFY(key.unresolved.empty());
    for (const char *path : {"/a/file", "/a/../a/file", "/b/file", "/a/./file"}) {
        QCOMPARE(keys(path).size(), std::size_t(1));
        QVERIFY2(same(keys(path).front(), key), path);
    }
    // A link is a name that somebody else may be about to replace.
    const TargetKey link = keys("/link", Symlinks::Replace).front();
    QCOMPARE(keys("/link", Symlinks::Replace).size(), std::size_t(1));
    QVERIFY(!same(link, key));
    QCOMPARE(keys("/link").size(), std::size_t(2));
    QVERIFY(same(keys("/link").front(), link));
    QVERIFY(same(keys("/link").back(), key));
    QVERIFY(!same(keys("/a/other").front(), key));
    QCOMPARE(keys("/missing/x/../file").size(), std::size_t(1));
    QCOMPARE(keys("/missing/x/../file").front().unresolved, Path("/missing/file"));
    QCOMPARE(system.openHandleCount(), std::size_t(0));
}

QTEST_APPLESS_MAIN(TargetTest)
#include "tst_targets.moc"
