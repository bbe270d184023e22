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

/// What becomes of descriptors: whose they are, how many there are, which numbers they take.
class Descriptors : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void descriptorsAreNotInherited();
    void readingADirectoryLeaksNothing();
    void standardStreamsAreNotTaken();
    void onlyStandardStreamsAreFree();
    void descriptorLimit();
    void closedHandles();
};

namespace {

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

void Descriptors::descriptorsAreNotInherited()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    const auto search = ground.openDirectory(ground.place->root(), DirectoryAccess::SearchOnly);
    QVERIFY(!isInherited(ground.directory()));
    QVERIFY(!isInherited(search.get()));
    QVERIFY(!isInherited(ground.create("file").get()));
    for (const auto access : {FileAccess::Attributes, FileAccess::Read, FileAccess::ReadWrite})
        QVERIFY(!isInherited(ground.open("file", access).get()));
}

void Descriptors::readingADirectoryLeaksNothing()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    const auto search = ground.openDirectory(ground.place->root(), DirectoryAccess::SearchOnly);
    const int before = lowestFreeDescriptor();
    VERIFY_OK(ground.system().readDirectory(ground.directory(), {}));
    QVERIFY(!ground.system().readDirectory(search.get(), {}).ok());
    QCOMPARE(lowestFreeDescriptor(), before);
}

/// What a program prints into a stream that it was started without must not end up in a file.
void Descriptors::standardStreamsAreNotTaken()
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
        QVERIFY2(value > 2, QByteArray::number(static_cast<qlonglong>(value)).constData());
    QVERIFY(!inherited);
    QCOMPARE(names, std::vector<Path>{"file"});
    QCOMPARE(lowest, 0);
    QCOMPARE(ground.content("file"), std::string("content"));
}

/// Where no other number is left, nothing is opened and nothing stays behind.
void Descriptors::onlyStandardStreamsAreFree()
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

void Descriptors::descriptorLimit()
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

/// Every call on a handle that is gone says so, and says which call it was. Nothing else opens
/// descriptors here meanwhile, so the number is nobody's.
void Descriptors::closedHandles()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    FileSystem &system = ground.system();
    UniqueFile opened = ground.create("file", "content");
    const FileHandle file = opened.get();
    VERIFY_OK(opened.close());
    std::array<std::byte, 1> buffer = {};
    COMPARE_OUTCOME(system.closeFile(file), "Unknown from closeFile");
    for (const Times times : {Times::Asked, Times::LeftOut})
        COMPARE_OUTCOME(system.statFile(file, times), "Unknown from statFile");
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

QTEST_GUILESS_MAIN(Descriptors)
#include "tst_descriptors_posix.moc"
