// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// What docs/guarantees.md says of QSaveFile, side by side: each test does one thing with both classes.
// When a later Qt does better, this test says so and the document has to follow. The lines that all
// POSIX systems share are in tst_qsavefile.cpp.

#include "interposed_linux.h"
#include "mounts/facts_linux.h"
#include "mounts/mount_linux.h"

#include <AtomicFile/AtomicFile>

#include <QFile>
#include <QSaveFile>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <array>
#include <cerrno>
#include <thread>

#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace {

using Error = AtomicFileResult::Error;
using State = AtomicFileResult::TargetState;

const QByteArray oldContent("old content");
const QByteArray newContent("new content");

bool saveWithQt(const QString &path, const QByteArray &content = newContent)
{
    QSaveFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size()
        && file.commit();
}

AtomicFileResult save(const QString &path, const QByteArray &content = newContent,
                      const AtomicFileOptions &options = {})
{
    return AtomicFile::writeFile(path, content, options).result();
}

unsigned modeOf(const QString &path)
{
    struct stat info = {};
    ::stat(QFile::encodeName(path).constData(), &info);
    return info.st_mode & 07777;
}

/// A list that lets another user do everything and the group only look: the mask, which the mode shows
/// as the group's bits, is more than the group has. False where the file system has no such lists.
bool letAnotherUserIn(const QString &path)
{
    struct Entry
    {
        quint16 tag;
        quint16 permissions;
        quint32 id;
    };
    struct List
    {
        quint32 version = 2;
        std::array<Entry, 5> entries = {{{0x01, 6, 0xffffffff},
                                         {0x02, 7, 4321},
                                         {0x04, 5, 0xffffffff},
                                         {0x10, 7, 0xffffffff},
                                         {0x20, 0, 0xffffffff}}};
    };
    const List list;
    return ::setxattr(QFile::encodeName(path).constData(), "system.posix_acl_access", &list,
                      sizeof list, 0)
        == 0;
}

bool hasList(const QString &path)
{
    return ::getxattr(QFile::encodeName(path).constData(), "system.posix_acl_access", nullptr, 0)
        > 0;
}

} // namespace

class tst_QSaveFileLinux : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void syncThatFails_data();
    void syncThatFails();
    void syncOfTheDirectory();
    void accessControlList();
    void owner();
    void bindMountedFile();
    void hardLinks();
    void fullDisk();
    void callingThread();

private:
    QTemporaryDir m_scratch;
    QString m_path;
};

void tst_QSaveFileLinux::init()
{
    // Where the old content is kept of what is overwritten.
    qputenv("XDG_STATE_HOME", QFile::encodeName(m_scratch.filePath(QStringLiteral("state"))));
    m_path = m_scratch.filePath(QStringLiteral("file"));
    QFile::remove(m_path);
    QVERIFY(facts::writePlainly(m_path, oldContent));
}

void tst_QSaveFileLinux::syncThatFails_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<Error>("error");
    QTest::newRow("ENOSPC") << ENOSPC << Error::NoSpace;
    QTest::newRow("EIO") << EIO << Error::DeviceError;
}

void tst_QSaveFileLinux::syncThatFails()
{
    QFETCH(int, code);
    QFETCH(Error, error);

    interposed().syncError = code;
    const AtomicFileResult result = save(m_path);
    const QByteArray contentOfOurs = facts::readPlainly(m_path);
    const bool qtSaysDone = saveWithQt(m_path);
    interposed().syncError = 0;

    QCOMPARE(result.error(), error);
    QCOMPARE(result.step(), AtomicFileResult::Step::SyncContent);
    QCOMPARE(result.targetState(), State::Unchanged);
    QCOMPARE(contentOfOurs, oldContent);
    QVERIFY(qtSaysDone);
    QCOMPARE(facts::readPlainly(m_path), newContent);
}

/// What comes of it on real file systems, tst_filesystems_linux shows.
void tst_QSaveFileLinux::syncOfTheDirectory()
{
    interposed().directorySyncs = 0;
    QVERIFY(saveWithQt(m_path));
    QCOMPARE(interposed().directorySyncs.load(), 0);
    QVERIFY(save(m_path));
    QCOMPARE(interposed().directorySyncs.load(), 1);
}

void tst_QSaveFileLinux::accessControlList()
{
    if (!letAnotherUserIn(m_path))
        QSKIP("Needs a file system with access control lists.");
    QCOMPARE(modeOf(m_path), 0670U);

    const AtomicFileResult result = save(m_path);
    QVERIFY2(result, qPrintable(result.errorString()));
    QVERIFY(hasList(m_path));
    QCOMPARE(modeOf(m_path), 0670U);
    QVERIFY(!result.losses().testFlag(AtomicFileResult::AccessControlList));

    QVERIFY(saveWithQt(m_path));
    QVERIFY(!hasList(m_path));
    QCOMPARE(modeOf(m_path) & S_IRWXG, unsigned(S_IRWXG)); // Now the group's, which had r-x.
}

void tst_QSaveFileLinux::owner()
{
    constexpr uid_t stranger = 1234;
    if (::chown(QFile::encodeName(m_path).constData(), stranger, stranger) != 0)
        QSKIP("Needs root, who may give files away.");
    QCOMPARE(save(m_path).losses() & AtomicFileResult::Owner, AtomicFileResult::Losses());
    QCOMPARE(QFileInfo(m_path).ownerId(), stranger);
    QVERIFY(saveWithQt(m_path));
    QCOMPARE(QFileInfo(m_path).ownerId(), 0U);
}

void tst_QSaveFileLinux::bindMountedFile()
{
    const QByteArray source = QFile::encodeName(m_scratch.filePath(QStringLiteral("source")));
    const QByteArray target = QFile::encodeName(m_path);
    QVERIFY(facts::writePlainly(m_scratch.filePath(QStringLiteral("source")), oldContent));
    if (::mount(source.constData(), target.constData(), nullptr, MS_BIND, nullptr) != 0)
        QSKIP("Needs root, who may mount files.");
    QSaveFile direct(m_path);
    direct.setDirectWriteFallback(true);
    const bool qtWrote = direct.open(QIODevice::WriteOnly) && direct.write(newContent) > 0;
    const bool qtSaved = direct.commit();
    const AtomicFileResult result = save(m_path);
    const QByteArray content = facts::readPlainly(m_path);
    AtomicFileDevice device(m_path);
    device.setDirectWriteFallback(true);
    const bool weSaved = device.open(QIODevice::WriteOnly) && device.write(newContent) > 0
        && device.commit();
    const QByteArray contentOfOurs = facts::readPlainly(m_path);
    QCOMPARE(::umount2(target.constData(), MNT_DETACH), 0);

    QVERIFY(qtWrote);
    QVERIFY(!qtSaved);
    QVERIFY2(weSaved, qPrintable(device.errorString()));
    QCOMPARE(device.result().losses(), AtomicFileResult::Losses(AtomicFileResult::Atomicity));
    QCOMPARE(contentOfOurs, newContent);
    QCOMPARE(result.error(), Error::Busy);
    QCOMPARE(result.targetState(), State::Unchanged);
    QCOMPARE(content, oldContent);
}

void tst_QSaveFileLinux::hardLinks()
{
    const QString second = m_scratch.filePath(QStringLiteral("second"));
    QFile::remove(second);
    const auto link = [&] {
        return ::link(QFile::encodeName(m_path).constData(), QFile::encodeName(second).constData());
    };
    QCOMPARE(link(), 0);
    AtomicFileOptions options;
    options.hardLinks = AtomicFileOptions::HardLinks::Refuse;
    const AtomicFileResult refused = save(m_path, newContent, options);
    QCOMPARE(refused.error(), Error::TooManyLinks);
    QCOMPARE(facts::readPlainly(m_path), oldContent);

    options.hardLinks = AtomicFileOptions::HardLinks::Break;
    QVERIFY(save(m_path, newContent, options));
    QCOMPARE(facts::readPlainly(m_path), newContent);
    QCOMPARE(facts::readPlainly(second), oldContent);

    options.hardLinks = AtomicFileOptions::HardLinks::WriteInPlace;
    QVERIFY(QFile::remove(second));
    QCOMPARE(link(), 0);
    const AtomicFileResult overwritten = save(m_path, oldContent, options);
    QVERIFY2(overwritten, qPrintable(overwritten.errorString()));
    QCOMPARE(overwritten.losses(), AtomicFileResult::Losses(AtomicFileResult::Atomicity));
    QCOMPARE(facts::readPlainly(m_path), oldContent);
    QCOMPARE(facts::readPlainly(second), oldContent);
    QVERIFY(save(m_path, newContent, options));

    // Nobody can ask QSaveFile for anything else.
    QVERIFY(QFile::remove(second));
    QCOMPARE(link(), 0);
    QVERIFY(saveWithQt(m_path, oldContent));
    QCOMPARE(facts::readPlainly(second), newContent);
}

void tst_QSaveFileLinux::fullDisk()
{
    const FileSystemKind small{.name = "small", .type = "tmpfs", .options = "size=1m"};
    const Mount mount(small, m_scratch.path());
    if (!mount.obstacle().isEmpty())
        QSKIP(qPrintable(mount.obstacle()));
    const QString target = mount.filePath(QStringLiteral("file"));
    const QByteArray large(4 << 20, 'l');

    interposed().writes = 0;
    const AtomicFileResult result = save(target, large);
    QCOMPARE(interposed().writes.load(), 0);
    QCOMPARE(result.error(), Error::NoSpace);
    QVERIFY(!QFile::exists(target));

    interposed().writes = 0;
    QVERIFY(!saveWithQt(target, large));
    QVERIFY(interposed().writes > 0);
}

void tst_QSaveFileLinux::callingThread()
{
    Interposed &calls = interposed();
    calls.stopSync = true;
    QFuture<AtomicFileResult> future = AtomicFile::writeFile(m_path, newContent);
    calls.syncEntered.acquire(); // The save waits for the disk, and this thread is here.
    bool turned = false;
    QTimer::singleShot(0, this, [&] { turned = true; });
    QTRY_VERIFY(turned);
    QVERIFY(!future.isFinished());
    calls.syncReleased.release();
    QVERIFY(future.result());

    // This has to be another thread's, since it does not come back.
    std::atomic<bool> returned = false;
    calls.stopSync = true;
    std::thread caller([&] { returned = saveWithQt(m_path); });
    calls.syncEntered.acquire();
    const bool stillInside = !returned;
    calls.syncReleased.release();
    caller.join();
    QVERIFY(stillInside);
    QVERIFY(returned);
}

int main(int argc, char *argv[])
{
    enterPrivateMounts();
    const QCoreApplication application(argc, argv);
    tst_QSaveFileLinux test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_qsavefile_linux.moc"
