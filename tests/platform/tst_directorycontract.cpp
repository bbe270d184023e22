// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "contract_place.h"

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>

using namespace atomicfile;
using namespace atomicfile::test;

/// What platform/filesystem.h says of directories, on every back-end.
class DirectoryContract : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addBackends(); }

    void openingWhatIsNoDirectory();
    void openingFollowsSymbolicLinks();
    void creating();
    void syncingTheVolume();
    void identityIsThatOfTheName();
    void readingNames();
    void readingNamesWithAPrefix();
    void readingAgainSeesChanges();
    void readingManyNames();
    void readingWhileNamesComeAndGo();
    void syncing();
    void searchOnlyWorksOnNames();
    void searchOnlyNeitherReadsNorSyncs();
    void handlesFollowARenamedDirectory();
};

namespace {

std::vector<std::string> sortedNames(const Ground &ground, const UniqueDirectory &directory,
                                     const Path &prefix = {})
{
    auto result = ground.system().readDirectory(directory.get(), prefix);
    if (!result.ok())
        return {outcome(result).toStdString()};
    std::vector<std::string> names;
    for (const Path &name : result.value())
        names.push_back(name.string());
    std::sort(names.begin(), names.end());
    return names;
}

using Names = std::vector<std::string>;

} // namespace

void DirectoryContract::openingWhatIsNoDirectory()
{
    ON_EVERY_BACKEND(ground);
    const Path root = ground.place->root();
    (void)ground.create("file");

    for (const auto access : {DirectoryAccess::Read, DirectoryAccess::SearchOnly}) {
        for (const char *path : {"missing", "missing/below", "file", "file/below"}) {
            auto opened = ground.system().openDirectory(root / path, access);
            COMPARE_OUTCOME(opened, "NotFound from openDirectory");
        }
    }
}

void DirectoryContract::openingFollowsSymbolicLinks()
{
    ON_EVERY_BACKEND(ground);
    REQUIRE_SYMLINKS(ground);
    const Path root = ground.place->root();
    ground.place->makeDirectory("real");
    VERIFY_OK(ground.system().createSymlink(ground.directory(), "relative", "real"));
    VERIFY_OK(ground.system().createSymlink(ground.directory(), "absolute", root / "real"));
    VERIFY_OK(ground.system().createSymlink(ground.directory(), "dangling", "nowhere"));

    const FileIdentity identity = ground.info("real").identity;
    for (const char *name : {"relative", "absolute"}) {
        const UniqueDirectory directory = ground.openDirectory(root / name);
        const auto info = ground.system().statDirectory(directory.get());
        VERIFY_OK(info);
        QVERIFY(info.value().identity == identity);
    }
    COMPARE_OUTCOME(ground.system().openDirectory(root / "dangling", DirectoryAccess::Read),
                    "NotFound from openDirectory");
}

void DirectoryContract::creating()
{
    ON_EVERY_BACKEND(ground);
    FileSystem &system = ground.system();
    VERIFY_OK(system.createDirectory(ground.directory(), "new", 0700));
    QCOMPARE(ground.info("new").kind, FileKind::Directory);
    if (system.capabilities().modesGuard)
        QCOMPARE(ground.info("new").mode & 0777, ModeBits(0700));
    (void)ground.openDirectory(ground.place->root() / "new");
    (void)ground.create("file");
    for (const char *name : {"new", "file"}) {
        COMPARE_OUTCOME(system.createDirectory(ground.directory(), name, 0700),
                        "AlreadyExists from createDirectory");
    }
}

void DirectoryContract::syncingTheVolume()
{
    ON_EVERY_BACKEND(ground);
    (void)ground.create("file", "content");
    constexpr std::int64_t plenty = std::numeric_limits<std::int64_t>::max();
    const QByteArray writtenOut = outcome(ground.system().writeOutDirectory(ground.directory()));
    QVERIFY2(writtenOut == "ok" || writtenOut == "Unsupported from writeOutDirectory",
             writtenOut.constData());
    const QByteArray answer = outcome(ground.system().syncVolume(ground.directory(), plenty));
    QVERIFY2(answer == "ok" || answer == "Unsupported from syncVolume", answer.constData());
    QCOMPARE(ground.content("file"), std::string("content"));
}

void DirectoryContract::identityIsThatOfTheName()
{
    ON_EVERY_BACKEND(ground);
    ground.place->makeDirectory("one");
    ground.place->makeDirectory("two");
    const UniqueDirectory one = ground.openDirectory(ground.place->root() / "one");
    const auto info = ground.system().statDirectory(one.get());
    VERIFY_OK(info);
    QCOMPARE(info.value().kind, FileKind::Directory);
    QVERIFY(info.value().identity == ground.info("one").identity);
    QVERIFY(info.value().identity != ground.info("two").identity);
    QCOMPARE(info.value().identity.volume, ground.info("two").identity.volume);
}

void DirectoryContract::readingNames()
{
    ON_EVERY_BACKEND(ground);
    QVERIFY(sortedNames(ground, ground.root).empty());

    (void)ground.create("file");
    (void)ground.create(".hidden");
    ground.place->makeDirectory("directory");
    QVERIFY((sortedNames(ground, ground.root) == Names{".hidden", "directory", "file"}));
    if (ground.place->makesSymlinks()) {
        VERIFY_OK(ground.system().createSymlink(ground.directory(), "link", "nowhere"));
        QVERIFY(
            (sortedNames(ground, ground.root) == Names{".hidden", "directory", "file", "link"}));
    }

    const UniqueDirectory below = ground.openDirectory(ground.place->root() / "directory");
    QVERIFY(sortedNames(ground, below).empty());
}

void DirectoryContract::readingNamesWithAPrefix()
{
    ON_EVERY_BACKEND(ground);
    for (const char *name : {".af-one", ".af-two", ".af-", ".ag-one", ".af", "x.af-one"})
        (void)ground.create(name);
    QVERIFY((sortedNames(ground, ground.root, ".af-") == Names{".af-", ".af-one", ".af-two"}));
    QVERIFY(sortedNames(ground, ground.root, "nothing").empty());
    // Neither "." and ".." nor what looks like a pattern.
    QCOMPARE(sortedNames(ground, ground.root, ".").size(), std::size_t{5});
    QVERIFY(sortedNames(ground, ground.root, "*").empty());
    if (!ground.system().judgePath("*")) {
        (void)ground.create("*");
        QVERIFY((sortedNames(ground, ground.root, "*") == Names{"*"}));
    }
}

void DirectoryContract::readingAgainSeesChanges()
{
    ON_EVERY_BACKEND(ground);
    (void)ground.create("one");
    (void)ground.create("two");
    QVERIFY((sortedNames(ground, ground.root) == Names{"one", "two"}));
    QVERIFY((sortedNames(ground, ground.root) == Names{"one", "two"}));

    VERIFY_OK(ground.system().unlink(ground.directory(), "one"));
    (void)ground.create("three");
    QVERIFY((sortedNames(ground, ground.root) == Names{"three", "two"}));
}

/// More than one call of the system gives back at a time.
void DirectoryContract::readingManyNames()
{
    ON_EVERY_BACKEND(ground);
    Names expected;
    for (int i = 0; i < 3000; ++i) {
        expected.push_back("a-name-of-some-length-" + std::to_string(i));
        (void)ground.create(expected.back());
    }
    std::sort(expected.begin(), expected.end());
    QVERIFY(sortedNames(ground, ground.root) == expected);
}

/// What has gone since the system found it is no error.
void DirectoryContract::readingWhileNamesComeAndGo()
{
    ON_EVERY_BACKEND(ground);
    std::atomic<bool> isOver = false;
    std::atomic<int> reads = 0;
    std::thread other([&] {
        for (int i = 0; i < 100 || reads == 0; ++i) {
            const Path name = "some-" + std::to_string(i);
            (void)ground.create(name);
            (void)ground.system().unlink(ground.directory(), name);
        }
        isOver = true;
    });
    Names failures;
    while (!isOver) {
        const auto read = ground.system().readDirectory(ground.directory(), "some-");
        if (!read.ok())
            failures.push_back(outcome(read).toStdString());
        ++reads;
    }
    other.join();
    QVERIFY2(failures.empty(), failures.empty() ? "" : failures.front().c_str());
}

void DirectoryContract::syncing()
{
    ON_EVERY_BACKEND(ground);
    (void)ground.create("file");
    const auto synced = ground.system().syncDirectory(ground.directory());
    if (ground.system().capabilities().canSyncDirectory)
        VERIFY_OK(synced);
    else
        COMPARE_OUTCOME(synced, "Unsupported from syncDirectory");
}

void DirectoryContract::searchOnlyWorksOnNames()
{
    ON_EVERY_BACKEND(ground);
    FileSystem &system = ground.system();
    const UniqueDirectory entered = ground.openDirectory(ground.place->root(),
                                                         DirectoryAccess::SearchOnly);
    const DirectoryHandle directory = entered.get();

    const auto info = system.statDirectory(directory);
    VERIFY_OK(info);
    QVERIFY(info.value().identity == system.statDirectory(ground.directory()).value().identity);

    auto created = system.createFile(directory, "one", 0600);
    VERIFY_OK(created);
    VERIFY_OK(system.closeFile(created.value()));
    VERIFY_OK(system.stat(directory, "one"));
    VERIFY_OK(system.checkWritable(directory, "one"));
    VERIFY_OK(system.rename(directory, "one", directory, "two"));
    VERIFY_OK(system.link(directory, "two", directory, "three"));
    if (ground.place->makesSymlinks()) {
        VERIFY_OK(system.createSymlink(directory, "link", "three"));
        VERIFY_OK(system.readLink(directory, "link"));
    }
    auto opened = system.openFile(directory, "three", FileAccess::ReadWrite);
    VERIFY_OK(opened);
    VERIFY_OK(system.closeFile(opened.value()));
    VERIFY_OK(system.unlink(directory, "three"));
    QVERIFY(!ground.exists("three"));
    QVERIFY(ground.exists("two"));
}

/// Also where the directory's permissions would allow it: the handle decides. PermissionDenied and
/// not Unsupported, for the latter means that nobody can do better, and is the answer where that is so.
void DirectoryContract::searchOnlyNeitherReadsNorSyncs()
{
    ON_EVERY_BACKEND(ground);
    const UniqueDirectory entered = ground.openDirectory(ground.place->root(),
                                                         DirectoryAccess::SearchOnly);
    COMPARE_OUTCOME(ground.system().readDirectory(entered.get(), {}),
                    "PermissionDenied from readDirectory");
    COMPARE_OUTCOME(ground.system().syncDirectory(entered.get()),
                    ground.system().capabilities().canSyncDirectory
                        ? "PermissionDenied from syncDirectory"
                        : "Unsupported from syncDirectory");
}

/// Or the open directory keeps its name: nothing redirects a call in either case.
void DirectoryContract::handlesFollowARenamedDirectory()
{
    ON_EVERY_BACKEND(ground);
    FileSystem &system = ground.system();
    ground.place->makeDirectory("before");
    const UniqueDirectory opened = ground.openDirectory(ground.place->root() / "before");
    const auto renamed = system.rename(ground.directory(), "before", ground.directory(), "after");
    if (!renamed.ok()) {
        COMPARE_OUTCOME(renamed, "Busy from rename");
        QVERIFY(renamed.error().mayPass);
        QVERIFY(ground.exists("before"));
        return;
    }
    ground.place->makeDirectory("before");

    auto created = system.createFile(opened.get(), "file", 0600);
    VERIFY_OK(created);
    VERIFY_OK(system.closeFile(created.value()));
    QVERIFY(sortedNames(ground, ground.openDirectory(ground.place->root() / "before")).empty());
    QVERIFY((sortedNames(ground, ground.openDirectory(ground.place->root() / "after"))
             == Names{"file"}));
}

QTEST_GUILESS_MAIN(DirectoryContract)
#include "tst_directorycontract.moc"
