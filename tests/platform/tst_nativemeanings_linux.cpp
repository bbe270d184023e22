// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "contract_place.h"
#include "failing_call_linux.h"
#include "platform/posix/native_posix.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <limits>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace atomicfile;
using namespace atomicfile::test;

namespace {

/// What every row works with, opened before the kernel begins to refuse.
struct Stage
{
    FileSystem &system;
    DirectoryHandle directory;
    FileHandle file;
    FileHandle other;
};

using Action = std::function<QByteArray(const Stage &)>;

struct Attempt
{
    Refusal refusal;
    Action action;
    QByteArray expected;
};

std::array<std::byte, 4> buffer = {};

} // namespace

Q_DECLARE_METATYPE(Attempt)

/// What the back-end makes of each code that the kernel may give, where it means something else
/// after this call than after others; and that no call loses one.
class NativeMeanings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusals_data();
    void refusals();
    void interruptionsAreNotHidden_data();
    void interruptionsAreNotHidden();
    void writableIsAskedForAgainWithoutNoFollow();
    void kinds_data();
    void kinds();
    void timesThatCannotBeTold();
};

namespace {

QByteArray perform(const Attempt &attempt, bool *allowed)
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    const UniqueFile file = ground.create("file", "content");
    const UniqueFile other = ground.create("other");
    const Stage stage{ground.system(), ground.directory(), file.get(), other.get()};
    QByteArray result;
    *allowed = runRefusing(attempt.refusal, [&] { result = attempt.action(stage); });
    return result;
}

/// One call each; in a namespace, for the C library has some of these names.
namespace calls {

QByteArray rename(const Stage &s)
{
    return outcome(s.system.rename(s.directory, "file", s.directory, "to"));
}
QByteArray renameNoReplace(const Stage &s)
{
    return outcome(s.system.renameNoReplace(s.directory, "file", s.directory, "to"));
}
QByteArray exchange(const Stage &s)
{
    return outcome(s.system.exchange(s.directory, "file", "to"));
}
QByteArray createDirectory(const Stage &s)
{
    return outcome(s.system.createDirectory(s.directory, "to", 0700));
}
QByteArray link(const Stage &s)
{
    return outcome(s.system.link(s.directory, "file", s.directory, "to"));
}
QByteArray createSymlink(const Stage &s)
{
    return outcome(s.system.createSymlink(s.directory, "to", "file"));
}
QByteArray unlink(const Stage &s) { return outcome(s.system.unlink(s.directory, "file")); }
QByteArray stat(const Stage &s) { return outcome(s.system.stat(s.directory, "file")); }
QByteArray statFile(const Stage &s) { return outcome(s.system.statFile(s.file, Times::Asked)); }
QByteArray statFileWithoutTimes(const Stage &s)
{
    return outcome(s.system.statFile(s.file, Times::LeftOut));
}
QByteArray birthTime(const Stage &s) { return outcome(s.system.birthTime(s.file)); }
QByteArray statDirectory(const Stage &s) { return outcome(s.system.statDirectory(s.directory)); }
QByteArray checkWritable(const Stage &s)
{
    return outcome(s.system.checkWritable(s.directory, "file"));
}
QByteArray readLink(const Stage &s) { return outcome(s.system.readLink(s.directory, "file")); }
QByteArray createFile(const Stage &s)
{
    return outcome(s.system.createFile(s.directory, "new", 0600));
}
QByteArray openFile(const Stage &s)
{
    return outcome(s.system.openFile(s.directory, "file", FileAccess::Read));
}
QByteArray openDirectory(const Stage &s)
{
    return outcome(s.system.openDirectory("/", DirectoryAccess::Read));
}
QByteArray readDirectory(const Stage &s)
{
    return outcome(s.system.readDirectory(s.directory, {}));
}
QByteArray syncDirectory(const Stage &s) { return outcome(s.system.syncDirectory(s.directory)); }
QByteArray closeDirectory(const Stage &s) { return outcome(s.system.closeDirectory(s.directory)); }
QByteArray closeFile(const Stage &s) { return outcome(s.system.closeFile(s.file)); }
QByteArray lockFile(const Stage &s) { return outcome(s.system.lockFile(s.file, "key")); }
QByteArray readAt(const Stage &s) { return outcome(s.system.readAt(s.file, 0, buffer)); }
QByteArray writeAt(const Stage &s) { return outcome(s.system.writeAt(s.file, 0, buffer)); }
QByteArray setSize(const Stage &s) { return outcome(s.system.setSize(s.file, 100)); }
QByteArray reserve(const Stage &s) { return outcome(s.system.reserve(s.file, 100)); }
QByteArray startWriteback(const Stage &s) { return outcome(s.system.startWriteback(s.file, 0, 4)); }
QByteArray findData(const Stage &s) { return outcome(s.system.findData(s.file, 0)); }
QByteArray findHole(const Stage &s) { return outcome(s.system.findHole(s.file, 0)); }
QByteArray cloneContent(const Stage &s) { return outcome(s.system.cloneContent(s.file, s.other)); }
QByteArray copyRange(const Stage &s) { return outcome(s.system.copyRange(s.file, s.other, 0, 4)); }
QByteArray setOwner(const Stage &s) { return outcome(s.system.setOwner(s.file, 0, 0)); }
QByteArray setMode(const Stage &s) { return outcome(s.system.setMode(s.file, 0600)); }
QByteArray setTimes(const Stage &s) { return outcome(s.system.setTimes(s.file, 0, 0)); }
QByteArray readAccessControl(const Stage &s) { return outcome(s.system.readAccessControl(s.file)); }
QByteArray removeAccessControl(const Stage &s)
{
    return outcome(s.system.writeAccessControl(s.file, {}));
}
QByteArray readAttribute(const Stage &s)
{
    return outcome(s.system.readAttribute(s.file, "user.name"));
}
QByteArray writeAttribute(const Stage &s)
{
    return outcome(s.system.writeAttribute(s.file, "user.name", AttributeValue(4)));
}
QByteArray listAttributes(const Stage &s) { return outcome(s.system.listAttributes(s.file)); }
QByteArray writeAccessControl(const Stage &s)
{
    return outcome(s.system.writeAccessControl(s.file, AccessControl(4)));
}
QByteArray syncContent(const Stage &s)
{
    return outcome(s.system.syncFile(s.file, SyncScope::Content));
}
QByteArray syncEverything(const Stage &s)
{
    return outcome(s.system.syncFile(s.file, SyncScope::Everything));
}
QByteArray pause(const Stage &s) { return outcome(s.system.pause(std::chrono::milliseconds(1))); }
QByteArray random(const Stage &s) { return outcome(s.system.random(buffer)); }

QByteArray hope(const SystemError &error) { return error.mayPass ? "may pass" : "stays"; }
QByteArray hopeOfOpening(const Stage &s)
{
    return hope(s.system.openFile(s.directory, "file", FileAccess::Read).error());
}
QByteArray hopeOfLocking(const Stage &s) { return hope(s.system.lockFile(s.file, "key").error()); }

} // namespace calls

/// glibc changed from one to the other.
const std::vector<long> fileStatus = {SYS_fstat, SYS_newfstatat};

void addAttempt(const char *name, std::vector<long> numbers, int code, Action action,
                const char *expected)
{
    QTest::newRow(name) << Attempt{{std::move(numbers), code, {}}, std::move(action), expected};
}

/// What a file system or a kernel lacks.
void addLacks()
{
    addAttempt("no-replace EINVAL", {SYS_renameat2}, EINVAL, calls::renameNoReplace,
               "Unsupported from renameNoReplace");
    addAttempt("no-replace ENOSYS", {SYS_renameat2}, ENOSYS, calls::renameNoReplace,
               "Unsupported from renameNoReplace");
    addAttempt("exchange EINVAL", {SYS_renameat2}, EINVAL, calls::exchange,
               "Unsupported from exchange");
    addAttempt("link EPERM", {SYS_linkat}, EPERM, calls::link, "Unsupported from link");
    addAttempt("link EMLINK", {SYS_linkat}, EMLINK, calls::link, "TooManyLinks from link");
    addAttempt("symlink EPERM", {SYS_symlinkat}, EPERM, calls::createSymlink,
               "Unsupported from createSymlink");
    addAttempt("directory sync EINVAL", {SYS_fsync}, EINVAL, calls::syncDirectory,
               "Unsupported from syncDirectory");
    addAttempt("lock ENOLCK", {SYS_flock}, ENOLCK, calls::lockFile, "Unsupported from lockFile");
    addAttempt("lock EBADF", {SYS_flock}, EBADF, calls::lockFile, "Unsupported from lockFile");
    addAttempt("reserve EINVAL", {SYS_fallocate}, EINVAL, calls::reserve,
               "Unsupported from reserve");
    addAttempt("reserve EOPNOTSUPP", {SYS_fallocate}, EOPNOTSUPP, calls::reserve,
               "Unsupported from reserve");
    addAttempt("data EINVAL", {SYS_lseek}, EINVAL, calls::findData, "Unsupported from findData");
    addAttempt("hole EINVAL", {SYS_lseek}, EINVAL, calls::findHole, "Unsupported from findHole");
    for (const int code : {EINVAL, EBADF, ENOTTY, EOPNOTSUPP}) {
        addAttempt(qPrintable(QStringLiteral("clone %1").arg(code)), {SYS_ioctl}, code,
                   calls::cloneContent, "Unsupported from cloneContent");
    }
    addAttempt("clone EXDEV", {SYS_ioctl}, EXDEV, calls::cloneContent,
               "NotSameDevice from cloneContent");
    addAttempt("copy EINVAL", {SYS_copy_file_range}, EINVAL, calls::copyRange,
               "Unsupported from copyRange");
    addAttempt("copy EXDEV", {SYS_copy_file_range}, EXDEV, calls::copyRange,
               "NotSameDevice from copyRange");
    addAttempt("list EINVAL", {SYS_fsetxattr}, EINVAL, calls::writeAccessControl,
               "Unsupported from writeAccessControl");
    addAttempt("list ENOTSUP", {SYS_fremovexattr}, ENOTSUP, calls::removeAccessControl,
               "Unsupported from writeAccessControl");
    addAttempt("list ENODATA", {SYS_fremovexattr}, ENODATA, calls::removeAccessControl, "ok");
    addAttempt("attribute ENOTSUP", {SYS_fsetxattr}, ENOTSUP, calls::writeAttribute,
               "Unsupported from writeAttribute");
    addAttempt("attribute EINVAL", {SYS_fsetxattr}, EINVAL, calls::writeAttribute,
               "Unsupported from writeAttribute");
    for (const int code : {ENOSPC, EDQUOT, E2BIG, ERANGE}) {
        addAttempt(qPrintable(QStringLiteral("attribute %1").arg(code)), {SYS_fsetxattr}, code,
                   calls::writeAttribute, "NoSpace from writeAttribute");
    }
    addAttempt("attribute ENODATA", {SYS_fgetxattr}, ENODATA, calls::readAttribute,
               "NotFound from readAttribute");
    // For ever: a file system that never finds the buffer large enough must not hold anybody up.
    addAttempt("attribute without end", {SYS_fgetxattr}, ERANGE, calls::readAttribute,
               "Unknown from readAttribute");
    addAttempt("random ENOSYS", {SYS_getrandom}, ENOSYS, calls::random, "Unsupported from random");
}

} // namespace

void NativeMeanings::refusals_data()
{
    QTest::addColumn<Attempt>("attempt");
    addLacks();
    // Names that the file system does not take.
    addAttempt("rename EINVAL", {SYS_renameat}, EINVAL, calls::rename, "InvalidPath from rename");
    addAttempt("link EINVAL", {SYS_linkat}, EINVAL, calls::link, "InvalidPath from link");
    addAttempt("create EINVAL", {SYS_openat}, EINVAL, calls::createFile,
               "InvalidPath from createFile");
    // A sync of content that says EINVAL is no promise of anything.
    addAttempt("sync EINVAL", {SYS_fdatasync}, EINVAL, calls::syncContent, "Unknown from syncFile");
    addAttempt("sync ENOSPC", {SYS_fdatasync}, ENOSPC, calls::syncContent, "NoSpace from syncFile");
    addAttempt("sync EDQUOT", {SYS_fsync}, EDQUOT, calls::syncEverything, "NoSpace from syncFile");
    // What is no regular file.
    for (const int code : {ELOOP, ENXIO, ENODEV, EOPNOTSUPP}) {
        addAttempt(qPrintable(QStringLiteral("open %1").arg(code)), {SYS_openat}, code,
                   calls::openFile, "NotRegularFile from openFile");
    }
    addAttempt("open under a lease", {SYS_openat}, EWOULDBLOCK, calls::openFile,
               "Busy from openFile");
    // Only the holder of a lease is about to step aside.
    addAttempt("lease passes", {SYS_openat}, EWOULDBLOCK, calls::hopeOfOpening, "may pass");
    addAttempt("permission stays", {SYS_openat}, EACCES, calls::hopeOfOpening, "stays");
    addAttempt("lock stays", {SYS_flock}, EWOULDBLOCK, calls::hopeOfLocking, "stays");
    // Sandboxes that do not know the call.
    addAttempt("status EPERM", {SYS_statx}, EPERM, calls::statFileWithoutTimes, "ok");
    addAttempt("status EINTR", {SYS_statx}, EINTR, calls::statFileWithoutTimes,
               "Interrupted from statFile");
    // A pause may be shorter than was asked for.
    addAttempt("pause EINTR", {SYS_nanosleep, SYS_clock_nanosleep}, EINTR, calls::pause, "ok");
    // No more room.
    addAttempt("write ENOSPC", {SYS_pwrite64}, ENOSPC, calls::writeAt, "NoSpace from writeAt");
    addAttempt("write nothing", {SYS_pwrite64}, 0, calls::writeAt, "NoSpace from writeAt");
    addAttempt("size EINVAL", {SYS_ftruncate}, EINVAL, calls::setSize, "FileTooLarge from setSize");
    // Replacing a program does not disturb it.
    addAttempt("running program", {SYS_faccessat2}, ETXTBSY, calls::checkWritable, "ok");
    // Each step of reading a directory.
    addAttempt("directory duplicate", {SYS_fcntl}, EMFILE, calls::readDirectory,
               "ResourceExhausted from readDirectory");
    addAttempt("directory stream", fileStatus, EIO, calls::readDirectory,
               "DeviceError from readDirectory");
    addAttempt("directory entries", {SYS_getdents64}, EIO, calls::readDirectory,
               "DeviceError from readDirectory");
}

void NativeMeanings::refusals()
{
    QFETCH(const Attempt, attempt);
    bool allowed = false;
    const QByteArray result = perform(attempt, &allowed);
    if (!allowed)
        QSKIP("This machine does not let a thread filter its system calls.");
    QCOMPARE(result, attempt.expected);
}

/// EINTR is for src/core to deal with: reported, at once, by every call but the pause.
void NativeMeanings::interruptionsAreNotHidden_data()
{
    QTest::addColumn<Attempt>("attempt");
    const auto row = [](const char *call, std::vector<long> numbers, Action action) {
        // Member by member: GCC 12 takes the aggregate's temporary for uninitialised at -O3.
        Attempt attempt;
        attempt.refusal.numbers = std::move(numbers);
        attempt.refusal.code = EINTR;
        attempt.action = std::move(action);
        attempt.expected = QByteArray("Interrupted from ") + call;
        QTest::newRow(call) << attempt;
    };
    row("openDirectory", {SYS_openat}, calls::openDirectory);
    row("closeDirectory", {SYS_close}, calls::closeDirectory);
    row("syncDirectory", {SYS_fsync}, calls::syncDirectory);
    row("readDirectory", {SYS_getdents64}, calls::readDirectory);
    row("statDirectory", {SYS_statx}, calls::statDirectory);
    row("stat", {SYS_newfstatat}, calls::stat);
    row("checkWritable", {SYS_faccessat2}, calls::checkWritable);
    row("readLink", {SYS_readlinkat}, calls::readLink);
    row("createSymlink", {SYS_symlinkat}, calls::createSymlink);
    row("rename", {SYS_renameat}, calls::rename);
    row("renameNoReplace", {SYS_renameat2}, calls::renameNoReplace);
    row("exchange", {SYS_renameat2}, calls::exchange);
    row("createDirectory", {SYS_mkdirat}, calls::createDirectory);
    row("link", {SYS_linkat}, calls::link);
    row("unlink", {SYS_unlinkat}, calls::unlink);
    row("createFile", {SYS_openat}, calls::createFile);
    row("openFile", {SYS_openat}, calls::openFile);
    row("closeFile", {SYS_close}, calls::closeFile);
    row("statFile", fileStatus, calls::statFile);
    row("birthTime", {SYS_statx}, calls::birthTime);
    row("lockFile", {SYS_flock}, calls::lockFile);
    row("readAt", {SYS_pread64}, calls::readAt);
    row("writeAt", {SYS_pwrite64}, calls::writeAt);
    row("setSize", {SYS_ftruncate}, calls::setSize);
    row("reserve", {SYS_fallocate}, calls::reserve);
    row("startWriteback", {SYS_sync_file_range}, calls::startWriteback);
    row("findData", {SYS_lseek}, calls::findData);
    row("findHole", {SYS_lseek}, calls::findHole);
    row("cloneContent", {SYS_ioctl}, calls::cloneContent);
    row("copyRange", {SYS_copy_file_range}, calls::copyRange);
    row("setOwner", {SYS_fchown}, calls::setOwner);
    row("setMode", {SYS_fchmod}, calls::setMode);
    row("setTimes", {SYS_utimensat}, calls::setTimes);
    row("readAccessControl", {SYS_fgetxattr}, calls::readAccessControl);
    row("writeAccessControl", {SYS_fsetxattr}, calls::writeAccessControl);
    row("listAttributes", {SYS_flistxattr}, calls::listAttributes);
    row("readAttribute", {SYS_fgetxattr}, calls::readAttribute);
    row("writeAttribute", {SYS_fsetxattr}, calls::writeAttribute);
    row("syncFile", {SYS_fdatasync}, calls::syncContent);
}

void NativeMeanings::interruptionsAreNotHidden() { refusals(); }

/// As Linux before 5.8 with musl and older macOS do.
void NativeMeanings::writableIsAskedForAgainWithoutNoFollow()
{
    Attempt attempt;
    attempt.refusal.numbers = {SYS_faccessat2};
    attempt.refusal.code = EINVAL;
    attempt.refusal.onlyWith = Refusal::Argument{3, AT_EACCESS | AT_SYMLINK_NOFOLLOW};
    attempt.action = calls::checkWritable;
    bool allowed = false;
    const QByteArray result = perform(attempt, &allowed);
    if (!allowed)
        QSKIP("This machine does not let a thread filter its system calls.");
    QCOMPARE(result, QByteArray("ok"));
}

void NativeMeanings::kinds_data()
{
    QTest::addColumn<unsigned>("type");
    QTest::addColumn<FileKind>("kind");
    QTest::newRow("regular") << unsigned{S_IFREG} << FileKind::Regular;
    QTest::newRow("directory") << unsigned{S_IFDIR} << FileKind::Directory;
    QTest::newRow("symbolic link") << unsigned{S_IFLNK} << FileKind::Symlink;
    QTest::newRow("FIFO") << unsigned{S_IFIFO} << FileKind::Fifo;
    QTest::newRow("socket") << unsigned{S_IFSOCK} << FileKind::Socket;
    QTest::newRow("character device") << unsigned{S_IFCHR} << FileKind::CharacterDevice;
    QTest::newRow("block device") << unsigned{S_IFBLK} << FileKind::BlockDevice;
    QTest::newRow("none of these") << 0U << FileKind::Other;
}

void NativeMeanings::kinds()
{
    QFETCH(const unsigned, type);
    QFETCH(const FileKind, kind);
    struct stat status = {};
    status.st_mode = static_cast<mode_t>(type | 04751);
    status.st_blocks = 3;
    const FileInfo info = posix::infoOf(status);
    QCOMPARE(info.kind, kind);
    QCOMPARE(info.mode, ModeBits{04751});
    QCOMPARE(info.allocated, std::int64_t{3 * 512});
}

void NativeMeanings::timesThatCannotBeTold()
{
    using Limits = std::numeric_limits<Nanoseconds>;
    struct stat status = {};
    status.st_mtim.tv_sec = 13'569'465'600;  // The year 2400.
    status.st_atim.tv_sec = -11'676'096'000; // The year 1600.
    const FileInfo info = posix::infoOf(status);
    QCOMPARE(info.modified, Limits::max());
    QCOMPARE(info.accessed, Limits::min());
}

QTEST_GUILESS_MAIN(NativeMeanings)
#include "tst_nativemeanings_linux.moc"
