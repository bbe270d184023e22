// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "contract_place.h"
#include "limit_posix.h"
#include "platform/posix/native_posix.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

using namespace atomicfile;
using namespace atomicfile::test;

/// What only the real system shows: special files, names, sizes, limits, permissions.
class SystemFileSystem : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void socketsAndDevices();
    void namesAreBytes();
    void longestNames();
    void longSymbolicLinks();
    void pathsThatLeadInACircle();
    void umaskApplies();
    void offsetsBeyondFourGibibytes();
    void sizesThatNoFileMayHave();
    void transfersAreBounded();
    void fullDevices();
    void fileSizeLimit();
    void protectedDirectories();
    void unreadableFiles();
};

void SystemFileSystem::socketsAndDevices()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    const std::string path = (ground.place->root() / "socket").native();
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    QVERIFY(path.size() < sizeof address.sun_path);
    path.copy(address.sun_path, path.size());
    const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    QVERIFY(socket != -1);
    const auto *generic = reinterpret_cast<const sockaddr *>(&address);
    const int bound = ::bind(socket, generic, sizeof address);
    ::close(socket);
    QCOMPARE(bound, 0);
    QCOMPARE(ground.info("socket").kind, FileKind::Socket);
    COMPARE_OUTCOME(ground.system().openFile(ground.directory(), "socket", FileAccess::Read),
                    "NotRegularFile from openFile");

    const UniqueDirectory devices = ground.openDirectory("/dev");
    const auto null = ground.system().stat(devices.get(), "null");
    VERIFY_OK(null);
    QCOMPARE(null.value().kind, FileKind::CharacterDevice);
}

void SystemFileSystem::namesAreBytes()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    const Path name(std::string("caf\xe9 \xff\n\\ *"));
    auto created = ground.system().createFile(ground.directory(), name, 0600);
    if (!created.ok() && created.error().kind == ErrorClass::InvalidPath)
        QSKIP("This file system takes UTF-8 names only.");
    VERIFY_OK(created);
    VERIFY_OK(ground.system().closeFile(created.value()));
    const auto names = ground.system().readDirectory(ground.directory(), {});
    VERIFY_OK(names);
    QCOMPARE(names.value().size(), std::size_t{1});
    QVERIFY(names.value().front().native() == name.native());
    VERIFY_OK(ground.system().unlink(ground.directory(), name));
}

void SystemFileSystem::longestNames()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    FileSystem &system = ground.system();
    const std::size_t longest = system.capabilities().longestName;
    const Path fits(std::string(longest, 'n'));
    const Path tooLong(std::string(longest + 1, 'n'));
    (void)ground.create(fits, "content");
    QCOMPARE(ground.content(fits), std::string("content"));
    COMPARE_OUTCOME(system.createFile(ground.directory(), tooLong, 0600),
                    "NameTooLong from createFile");
    COMPARE_OUTCOME(system.stat(ground.directory(), tooLong), "NameTooLong from stat");
    COMPARE_OUTCOME(system.rename(ground.directory(), fits, ground.directory(), tooLong),
                    "NameTooLong from rename");
    QVERIFY(ground.exists(fits));
}

/// Longer than the buffer that the first attempt at reading has.
void SystemFileSystem::longSymbolicLinks()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    for (const std::size_t length : {1000U, 1023U, 1024U, 1025U, 4000U}) {
        const std::string text(length, 'x');
        const auto created = ground.system().createSymlink(ground.directory(), "link", text);
        if (!created.ok() && length >= 1024) {
            COMPARE_OUTCOME(created, "NameTooLong from createSymlink");
            continue;
        }
        VERIFY_OK(created);
        const auto read = ground.system().readLink(ground.directory(), "link");
        VERIFY_OK(read);
        QCOMPARE(read.value().native(), text);
        VERIFY_OK(ground.system().unlink(ground.directory(), "link"));
    }
}

void SystemFileSystem::pathsThatLeadInACircle()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    VERIFY_OK(ground.system().createSymlink(ground.directory(), "one", "two"));
    VERIFY_OK(ground.system().createSymlink(ground.directory(), "two", "one"));
    const auto opened = ground.system().openDirectory(ground.place->root() / "one",
                                                      DirectoryAccess::Read);
    COMPARE_OUTCOME(opened, "InvalidPath from openDirectory");
    QCOMPARE(opened.error().native.code, ELOOP);
}

void SystemFileSystem::umaskApplies()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    const mode_t before = ::umask(027);
    (void)ground.create("file", {}, 0666);
    ::umask(before);
    QCOMPARE(ground.info("file").mode, ModeBits{0640});
}

void SystemFileSystem::offsetsBeyondFourGibibytes()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    FileSystem &system = ground.system();
    const UniqueFile file = ground.create("file", "start");
    constexpr std::int64_t far = (std::int64_t{1} << 32) + 12345;
    VERIFY_OK(system.writeAt(file.get(), far, bytesOf("far")));
    QCOMPARE(ground.info(file).size, far + 3);
    QCOMPARE(ground.content("file").substr(0, 5), std::string("start"));
    std::array<std::byte, 8> buffer = {};
    const auto count = system.readAt(file.get(), far - 1, buffer);
    VERIFY_OK(count);
    QCOMPARE(count.value(), std::size_t{4});
    QVERIFY(std::equal(buffer.begin() + 1, buffer.begin() + 4, bytesOf("far").begin()));
    VERIFY_OK(system.startWriteback(file.get(), far, 3));
    VERIFY_OK(system.setSize(file.get(), far));
    QCOMPARE(ground.info(file).size, far);
}

void SystemFileSystem::sizesThatNoFileMayHave()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    const UniqueFile file = ground.create("file", "content");
    COMPARE_OUTCOME(ground.system().setSize(file.get(), -1), "FileTooLarge from setSize");
    QCOMPARE(ground.content("file"), std::string("content"));
}

void SystemFileSystem::transfersAreBounded()
{
    constexpr std::size_t gibibyte = 1U << 30;
    QCOMPARE(posix::transferSize(0), std::size_t{0});
    QCOMPARE(posix::transferSize(gibibyte), gibibyte);
    QCOMPARE(posix::transferSize(gibibyte + 1), gibibyte);
    QCOMPARE(posix::transferSize(std::numeric_limits<std::size_t>::max()), gibibyte);
}

void SystemFileSystem::fullDevices()
{
    if (::access("/dev/full", W_OK) != 0)
        QSKIP("This system has no /dev/full.");
    const Ground ground(makeSystemPlace(Medium::Temporary));
    const UniqueDirectory devices = ground.openDirectory("/dev");
    const auto full = ground.system().openFile(devices.get(), "full", FileAccess::ReadWrite);
    VERIFY_OK(full);
    const UniqueFile file(ground.system(), full.value());
    const auto written = ground.system().writeAt(file.get(), 0, bytesOf("content"));
    COMPARE_OUTCOME(written, "NoSpace from writeAt");
    QCOMPARE(written.error().native.code, ENOSPC);
}

void SystemFileSystem::fileSizeLimit()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    const UniqueFile file = ground.create("file", "0123456789");
    const auto before = std::signal(SIGXFSZ, SIG_IGN);
    {
        const Limit limit(RLIMIT_FSIZE, 12);
        const auto cut = ground.system().writeAt(file.get(), 8, bytesOf("abcdefgh"));
        const auto refused = ground.system().writeAt(file.get(), 12, bytesOf("x"));
        const auto extended = ground.system().setSize(file.get(), 100);
        VERIFY_OK(cut);
        QCOMPARE(cut.value(), std::size_t{4});
        COMPARE_OUTCOME(refused, "FileTooLarge from writeAt");
        COMPARE_OUTCOME(extended, "FileTooLarge from setSize");
    }
    std::signal(SIGXFSZ, before);
    QCOMPARE(ground.content("file"), std::string("01234567abcd"));
}

void SystemFileSystem::protectedDirectories()
{
    if (::geteuid() == 0)
        QSKIP("Permissions do not hold for root.");
    const Ground ground(makeSystemPlace(Medium::Temporary));
    FileSystem &system = ground.system();
    (void)ground.create("file", "content");
    const Path root = ground.place->root();

    // May be entered and changed, not read: what DirectoryAccess::SearchOnly is for.
    QCOMPARE(::chmod(root.c_str(), 0333), 0);
    const auto refused = system.openDirectory(root, DirectoryAccess::Read);
    {
        const auto entered = ground.openDirectory(root, DirectoryAccess::SearchOnly);
        VERIFY_OK(system.rename(entered.get(), "file", entered.get(), "renamed"));
        COMPARE_OUTCOME(system.syncDirectory(entered.get()), "PermissionDenied from syncDirectory");
    }
    COMPARE_OUTCOME(refused, "PermissionDenied from openDirectory");

    // May be read, not changed.
    QCOMPARE(::chmod(root.c_str(), 0555), 0);
    COMPARE_OUTCOME(system.createFile(ground.directory(), "new", 0600),
                    "PermissionDenied from createFile");
    COMPARE_OUTCOME(system.rename(ground.directory(), "renamed", ground.directory(), "other"),
                    "PermissionDenied from rename");
    COMPARE_OUTCOME(system.unlink(ground.directory(), "renamed"), "PermissionDenied from unlink");
    COMPARE_OUTCOME(system.link(ground.directory(), "renamed", ground.directory(), "second"),
                    "PermissionDenied from link");
    QCOMPARE(::chmod(root.c_str(), 0755), 0);
    QCOMPARE(ground.content("renamed"), std::string("content"));
}

void SystemFileSystem::unreadableFiles()
{
    if (::geteuid() == 0)
        QSKIP("Permissions do not hold for root.");
    const Ground ground(makeSystemPlace(Medium::Temporary));
    (void)ground.create("file", "content", 0200);
    COMPARE_OUTCOME(ground.system().openFile(ground.directory(), "file", FileAccess::Read),
                    "PermissionDenied from openFile");
    (void)ground.create("protected", "content", 0400);
    COMPARE_OUTCOME(
        ground.system().openFile(ground.directory(), "protected", FileAccess::ReadWrite),
        "PermissionDenied from openFile");
}

QTEST_GUILESS_MAIN(SystemFileSystem)
#include "tst_systemfilesystem.moc"
