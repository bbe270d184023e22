// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// A process of another user tries without a pause to open the target and everything beside it, while
// the target is saved again and again. It must never succeed.
#include "access_list_linux.h"

#include <AtomicFile/AtomicFile>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <cstring>
#include <new>
#include <string>

#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace {

constexpr uid_t somebody = 12345;
constexpr gid_t theirGroup = 12345;
constexpr char openFile[] = "open to all";

/// In memory that both processes have.
struct Watch
{
    std::atomic<bool> isOver = false;
    std::atomic<long> rounds = 0;
    std::atomic<long> tries = 0;     ///< of what is to be kept from the watcher
    std::atomic<long> successes = 0; ///< with that
    std::atomic<long> controls = 0;  ///< successes with the file that is open to all
    char name[256] = {};             ///< of the first file that was opened
};

/// Only reached when something hangs.
constexpr int longest = 300'000;

bool opens(int directory, const char *name)
{
    for (const int flags : {O_RDONLY, O_WRONLY}) {
        const int file = ::openat(directory, name, flags | O_NOFOLLOW | O_CLOEXEC);
        if (file != -1) {
            ::close(file);
            return true;
        }
    }
    return false;
}

void tryAll(int directory, Watch &watch)
{
    DIR *const entries = ::fdopendir(::openat(directory, ".", O_RDONLY | O_DIRECTORY));
    if (!entries)
        return;
    while (const dirent *const entry = ::readdir(entries)) {
        const char *const name = entry->d_name;
        if (std::strcmp(name, ".") == 0 || std::strcmp(name, "..") == 0)
            continue;
        const bool isControl = std::strcmp(name, openFile) == 0;
        const bool succeeds = opens(directory, name);
        if (isControl) {
            watch.controls += succeeds ? 1 : 0;
            continue;
        }
        ++watch.tries;
        if (succeeds && watch.successes++ == 0)
            std::strncpy(watch.name, name, sizeof watch.name - 1);
    }
    ::closedir(entries);
    ++watch.rounds;
}

/// What the second process does. The C library lets it use memory, although it was forked from a program
/// with threads.
[[noreturn]] void watchAsSomebody(const char *path, Watch &watch)
{
    if (::setgroups(0, nullptr) != 0 || ::setgid(theirGroup) != 0 || ::setuid(somebody) != 0)
        ::_exit(1);
    const int directory = ::open(path, O_RDONLY | O_DIRECTORY);
    if (directory == -1)
        ::_exit(2);
    while (!watch.isOver)
        tryAll(directory, watch);
    ::_exit(0);
}

} // namespace

class tst_OtherUser : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void neverGetsIn_data();
    void neverGetsIn();
};

void tst_OtherUser::initTestCase()
{
    if (::geteuid() != 0)
        QSKIP("Only root can become another user.");
}

void tst_OtherUser::neverGetsIn_data()
{
    QTest::addColumn<unsigned>("mode");
    QTest::addColumn<unsigned>("group");
    QTest::addColumn<QByteArray>("list");
    QTest::addColumn<QByteArray>("defaultList");
    const QByteArray none;
    const QByteArray open = accesslist::shared(somebody, 7);
    const QByteArray masked = accesslist::packed({{accesslist::OwningUser, 6},
                                                  {accesslist::User, 6, somebody},
                                                  {accesslist::OwningGroup, 6},
                                                  {accesslist::Mask, 0},
                                                  {accesslist::Others, 0}});
    // Others may, this user may not: without the list the mode would let in everybody.
    const QByteArray denied = accesslist::packed({{accesslist::OwningUser, 6},
                                                  {accesslist::User, 0, somebody},
                                                  {accesslist::OwningGroup, 6},
                                                  {accesslist::Mask, 6},
                                                  {accesslist::Others, 6}});
    QTest::newRow("private") << 0600U << 0U << none << none;
    QTest::newRow("for another group") << 0660U << 2001U << none << none;
    QTest::newRow("for all but their group") << 0606U << unsigned{theirGroup} << none << none;
    QTest::newRow("a list that the mask cuts") << 0600U << 0U << masked << none;
    QTest::newRow("a list that denies") << 0666U << 0U << denied << none;
    QTest::newRow("private, in a directory that lets them in") << 0600U << 0U << none << open;
    QTest::newRow("for another group, in a directory that lets them in")
        << 0660U << 2001U << none << open;
    QTest::newRow("a list that the mask cuts, in a directory that lets them in")
        << 0600U << 0U << masked << open;
}

void tst_OtherUser::neverGetsIn()
{
    QFETCH(const unsigned, mode);
    QFETCH(const unsigned, group);
    QFETCH(const QByteArray, list);
    QFETCH(const QByteArray, defaultList);
    const QTemporaryDir scratch;
    const QByteArray directory = QFile::encodeName(scratch.path());
    const QString path = scratch.filePath(QStringLiteral("target"));
    const QByteArray target = QFile::encodeName(path);
    QCOMPARE(::chmod(directory.constData(), 0755), 0);
    for (const QByteArray &name : {target, directory + '/' + openFile}) {
        QFile file(QFile::decodeName(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::ReadOther));
    }
    QCOMPARE(::chown(target.constData(), 1001, group), 0);
    QCOMPARE(::chmod(target.constData(), mode), 0);
    const auto setList = [](const QByteArray &file, const char *attribute,
                            const QByteArray &value) {
        return value.isEmpty()
            || ::setxattr(file.constData(), attribute, value.constData(),
                          static_cast<std::size_t>(value.size()), 0)
            == 0;
    };
    if (!setList(target, "system.posix_acl_access", list)
        || !setList(directory, "system.posix_acl_default", defaultList))
        QSKIP("This file system has no access control lists.");

    void *const memory = ::mmap(nullptr, sizeof(Watch), PROT_READ | PROT_WRITE,
                                MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    QVERIFY(memory != MAP_FAILED);
    Watch &watch = *new (memory) Watch;
    const pid_t watcher = ::fork();
    if (watcher == 0)
        watchAsSomebody(directory.constData(), watch);
    QVERIFY(watcher != -1);
    const auto end = qScopeGuard([&] {
        watch.isOver = true;
        ::munmap(memory, sizeof(Watch));
    });
    int status = -1;
    bool ended = false;
    // Only a watcher that cannot get there ends by itself.
    const bool settled = QTest::qWaitFor(
        [&] {
            ended = ::waitpid(watcher, &status, WNOHANG) == watcher;
            return ended || watch.controls > 0;
        },
        longest);
    if (ended && WIFEXITED(status) && WEXITSTATUS(status) == 2)
        QSKIP("The temporary directory is closed to other users.");
    QVERIFY(settled && !ended);
    bool saved = true;
    bool metStaged = false; // tries and rounds grow on after the last save
    // However seldom the other process gets its turn.
    QDeadlineTimer deadline(longest);
    for (int i = 0; saved && (i < 300 || !metStaged) && !deadline.hasExpired(); ++i) {
        AtomicFileOptions options;
        options.durability = AtomicFileOptions::Durability::None;
        const AtomicFileResult result = AtomicFile::writeFile(path, QByteArray::number(i), options)
                                            .result();
        saved = result && result.losses() == AtomicFileResult::Losses();
        metStaged = metStaged || watch.tries > watch.rounds;
    }
    watch.isOver = true;
    QCOMPARE(::waitpid(watcher, &status, 0), watcher);
    QCOMPARE(status, 0);
    QVERIFY(saved);
    QVERIFY(metStaged);
    QVERIFY2(watch.successes == 0, watch.name);
}

QTEST_GUILESS_MAIN(tst_OtherUser)
#include "tst_otheruser_linux.moc"
