// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "contract_place.h"
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

/// What only the real system shows: descriptors, special files, limits, permissions.
class SystemFileSystem : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void descriptorsAreNotInherited();
    void readingADirectoryLeaksNothing();
    void standardStreamsAreNotTaken();
    void onlyStandardStreamsAreFree();
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
    void descriptorLimit();
    void protectedDirectories();
    void unreadableFiles();
    void closedHandles();
};

namespace {

/// Sets a limit of the process for one test function. glibc has an enumeration for the resources,
/// everybody else a number.
template<typename Resource>
class Limit
{
public:
    Limit(Resource resource, rlim_t value) : m_resource(resource)
    {
        if (::getrlimit(m_resource, &m_before) == -1)
            qFatal("getrlimit failed");
        rlimit limit = m_before;
        limit.rlim_cur = value;
        if (::setrlimit(m_resource, &limit) == -1)
            qFatal("setrlimit failed");
    }
    Limit(const Limit &) = delete;
    Limit &operator=(const Limit &) = delete;
    ~Limit() { (void)::setrlimit(m_resource, &m_before); }

private:
    Resource m_resource;
    rlimit m_before = {};
};

template<typename Handle>
bool isInherited(Handle handle)
{
    const int flags = ::fcntl(static_cast<int>(handle.value), F_GETFD);
    if (flags == -1)
        qFatal("A handle that a call returned is no descriptor");
    return (flags & FD_CLOEXEC) == 0;
}

int lowestFreeDescriptor()
{
    const int descriptor = ::open("/", O_RDONLY | O_CLOEXEC);
    ::close(descriptor);
    return descriptor;
}

/// Closes the standard streams of the process for as long as it lives; nothing can be printed then.
class WithoutStandardStreams
{
public:
    WithoutStandardStreams()
    {
        for (std::size_t i = 0; i < m_saved.size(); ++i) {
            m_saved.at(i) = ::fcntl(static_cast<int>(i), F_DUPFD_CLOEXEC, 10);
            ::close(static_cast<int>(i));
        }
    }
    WithoutStandardStreams(const WithoutStandardStreams &) = delete;
    WithoutStandardStreams &operator=(const WithoutStandardStreams &) = delete;
    ~WithoutStandardStreams()
    {
        for (std::size_t i = 0; i < m_saved.size(); ++i) {
            ::close(static_cast<int>(i));
            if (m_saved.at(i) != -1) // Some runners start programs without one of them.
                ::dup2(m_saved.at(i), static_cast<int>(i));
            ::close(m_saved.at(i));
        }
    }

private:
    std::array<int, 3> m_saved = {};
};

} // namespace

void SystemFileSystem::descriptorsAreNotInherited()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    const auto search = ground.openDirectory(ground.place->root(), DirectoryAccess::SearchOnly);
    QVERIFY(!isInherited(ground.directory()));
    QVERIFY(!isInherited(search.get()));
    QVERIFY(!isInherited(ground.create("file").get()));
    for (const auto access : {FileAccess::Attributes, FileAccess::Read, FileAccess::ReadWrite})
        QVERIFY(!isInherited(ground.open("file", access).get()));
}

void SystemFileSystem::readingADirectoryLeaksNothing()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    const auto search = ground.openDirectory(ground.place->root(), DirectoryAccess::SearchOnly);
    const int before = lowestFreeDescriptor();
    VERIFY_OK(ground.system().readDirectory(ground.directory(), {}));
    QVERIFY(!ground.system().readDirectory(search.get(), {}).ok());
    QCOMPARE(lowestFreeDescriptor(), before);
}

/// What a program prints into a stream that it was started without must not end up in a file.
void SystemFileSystem::standardStreamsAreNotTaken()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    const Path root = ground.place->root();
    bool inherited = false;
    std::vector<std::intptr_t> values;
    std::vector<Path> names;
    int lowest = -1;
    const auto note = [&](auto &handle) {
        inherited = inherited || isInherited(handle.get());
        values.push_back(handle.get().value);
    };
    {
        const WithoutStandardStreams without;
        const UniqueFile created = ground.create("file", "content");
        const UniqueFile looking = ground.open("file", FileAccess::Attributes);
        const UniqueFile reading = ground.open("file", FileAccess::Read);
        const UniqueFile writing = ground.open("file", FileAccess::ReadWrite);
        const UniqueDirectory readable = ground.openDirectory(root, DirectoryAccess::Read);
        const UniqueDirectory search = ground.openDirectory(root, DirectoryAccess::SearchOnly);
        for (const UniqueFile *file : {&created, &looking, &reading, &writing})
            note(*file);
        for (const UniqueDirectory *directory : {&readable, &search})
            note(*directory);
        const auto listed = ground.system().readDirectory(readable.get(), {});
        if (listed.ok())
            names = listed.value();
        lowest = lowestFreeDescriptor();
    }
    for (const std::intptr_t value : values)
        QVERIFY2(value > 2, QByteArray::number(static_cast<qlonglong>(value)));
    QVERIFY(!inherited);
    QCOMPARE(names, std::vector<Path>{"file"});
    QCOMPARE(lowest, 0);
    QCOMPARE(ground.content("file"), std::string("content"));
}

/// Where no other number is left, nothing is opened and nothing stays behind.
void SystemFileSystem::onlyStandardStreamsAreFree()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    FileSystem &system = ground.system();
    (void)ground.create("file");
    QByteArrayList outcomes;
    int lowest = -1;
    {
        const WithoutStandardStreams without;
        const Limit limit(RLIMIT_NOFILE, 3);
        outcomes << outcome(system.createFile(ground.directory(), "new", 0600))
                 << outcome(system.openFile(ground.directory(), "file", FileAccess::Read))
                 << outcome(system.openDirectory(ground.place->root(), DirectoryAccess::Read))
                 << outcome(system.readDirectory(ground.directory(), {}));
        lowest = lowestFreeDescriptor();
    }
    QCOMPARE(outcomes,
             (QByteArrayList{"ResourceExhausted from createFile", "ResourceExhausted from openFile",
                             "ResourceExhausted from openDirectory",
                             "ResourceExhausted from readDirectory"}));
    QCOMPARE(lowest, 0);
    QVERIFY(!ground.exists("new"));
}

void SystemFileSystem::socketsAndDevices()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    const std::string path = ground.place->root() / "socket";
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

void SystemFileSystem::descriptorLimit()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    (void)ground.create("file");
    FileSystem &system = ground.system();
    auto limit = std::make_unique<Limit<decltype(RLIMIT_NOFILE)>>(RLIMIT_NOFILE, 0);
    const auto directory = system.openDirectory(ground.place->root(), DirectoryAccess::Read);
    const auto opened = system.openFile(ground.directory(), "file", FileAccess::Read);
    const auto created = system.createFile(ground.directory(), "new", 0600);
    const auto names = system.readDirectory(ground.directory(), {});
    const auto info = system.stat(ground.directory(), "file");
    limit.reset();
    COMPARE_OUTCOME(directory, "ResourceExhausted from openDirectory");
    COMPARE_OUTCOME(opened, "ResourceExhausted from openFile");
    COMPARE_OUTCOME(created, "ResourceExhausted from createFile");
    COMPARE_OUTCOME(names, "ResourceExhausted from readDirectory");
    VERIFY_OK(info);
    QVERIFY(!ground.exists("new"));
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

/// Every call on a handle that is gone says so, and says which call it was. Nothing else opens
/// descriptors here meanwhile, so the number is nobody's.
void SystemFileSystem::closedHandles()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    FileSystem &system = ground.system();
    UniqueFile opened = ground.create("file", "content");
    const FileHandle file = opened.get();
    VERIFY_OK(opened.close());
    std::array<std::byte, 1> buffer = {};
    COMPARE_OUTCOME(system.closeFile(file), "Unknown from closeFile");
    COMPARE_OUTCOME(system.statFile(file), "Unknown from statFile");
    COMPARE_OUTCOME(system.lockFile(file, "key"), "Unsupported from lockFile");
    COMPARE_OUTCOME(system.readAt(file, 0, buffer), "Unknown from readAt");
    COMPARE_OUTCOME(system.writeAt(file, 0, buffer), "Unknown from writeAt");
    COMPARE_OUTCOME(system.setSize(file, 0), "Unknown from setSize");
    COMPARE_OUTCOME(system.findData(file, 0), "Unknown from findData");
    COMPARE_OUTCOME(system.findHole(file, 0), "Unknown from findHole");
    COMPARE_OUTCOME(system.setOwner(file, 0, 0), "Unknown from setOwner");
    COMPARE_OUTCOME(system.setMode(file, 0600), "Unknown from setMode");
    COMPARE_OUTCOME(system.setTimes(file, 0, 0), "Unknown from setTimes");
    COMPARE_OUTCOME(system.readAccessControl(file), "Unknown from readAccessControl");
    COMPARE_OUTCOME(system.writeAccessControl(file, {}), "Unknown from writeAccessControl");
    COMPARE_OUTCOME(system.listAttributes(file), "Unknown from listAttributes");
    QVERIFY(!system.readAttribute(file, "user.name").ok());
    QVERIFY(!system.writeAttribute(file, "user.name", {}).ok());
    QVERIFY(!system.setFlags(file, 0).ok());
    COMPARE_OUTCOME(system.syncFile(file, SyncScope::Content), "Unknown from syncFile");
    COMPARE_OUTCOME(system.statDirectory({file.value}), "Unknown from statDirectory");
    COMPARE_OUTCOME(system.closeDirectory({file.value}), "Unknown from closeDirectory");
    QVERIFY(!system.cloneContent(file, file).ok());
    QVERIFY(!system.copyRange(file, file, 0, 1).ok());
}

QTEST_GUILESS_MAIN(SystemFileSystem)
#include "tst_systemfilesystem.moc"
