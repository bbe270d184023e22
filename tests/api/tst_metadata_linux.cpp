// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// What belongs to a file beside its content, on the real file systems of this machine: the temporary
// directory, and memory, which is another volume on most.
#include "access_list_linux.h"

#include <AtomicFile/AtomicFile>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cerrno>
#include <memory>

#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace {

const QByteArray newContent("new content");
constexpr char accessList[] = "system.posix_acl_access";
constexpr char defaultList[] = "system.posix_acl_default";
constexpr char privileges[] = "security.capability";

/// May bind ports below 1024: version 2 of the format in linux/capability.h.
const QByteArray capability = QByteArray::fromHex("0100000200040000000000000000000000000000");

QByteArray native(const QString &path) { return QFile::encodeName(path); }

bool make(const QString &path, const QByteArray &content = "old content")
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}

bool set(const QString &path, const char *name, const QByteArray &value)
{
    return ::setxattr(native(path).constData(), name, value.constData(),
                      static_cast<std::size_t>(value.size()), 0)
        == 0;
}

/// A null array if there is none.
QByteArray get(const QString &path, const char *name)
{
    QByteArray value(65536, '\0');
    const auto size = ::getxattr(native(path).constData(), name, value.data(),
                                 static_cast<std::size_t>(value.size()));
    return size == -1 ? QByteArray() : value.first(static_cast<qsizetype>(size));
}

unsigned modeOf(const QString &path)
{
    struct stat status = {};
    return ::stat(native(path).constData(), &status) == 0 ? status.st_mode & 07777U : ~0U;
}

timespec modifiedOf(const QString &path)
{
    struct stat status = {};
    return ::stat(native(path).constData(), &status) == 0 ? status.st_mtim : timespec{};
}

quint64 volumeOf(const QString &path)
{
    struct stat status = {};
    return ::stat(native(path).constData(), &status) == 0 ? status.st_dev : 0;
}

QString inMemory() { return QStringLiteral("/dev/shm/atomicfile-test-XXXXXX"); }

} // namespace

#define SET_OR_SKIP(path, name, value)                                                             \
    do {                                                                                           \
        if (!set(path, name, value)) {                                                             \
            if (errno == ENOTSUP)                                                                  \
                QSKIP("This file system has no such attributes.");                                 \
            QFAIL(qPrintable(qt_error_string()));                                                  \
        }                                                                                          \
    } while (false)

class tst_Metadata : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void attributes_data();
    void attributes();
    void listInADirectoryWithADefaultList_data();
    void listInADirectoryWithADefaultList();
    void moveToAnotherVolume();
    void attributeThatIsTooLong();
    void privilegesOfAProgram();
    void copyToANewName();
};

void tst_Metadata::attributes_data()
{
    QTest::addColumn<QString>("where");
    QTest::addColumn<bool>("streamed");
    QTest::addColumn<int>("size");
    for (const QString &where : {QString(), inMemory()}) {
        const QByteArray name = where.isEmpty() ? "temporary" : "memory";
        QTest::newRow((name + ", written").constData()) << where << false << 5;
        QTest::newRow((name + ", streamed").constData()) << where << true << 5;
        QTest::newRow((name + ", large").constData()) << where << false << 3500;
        QTest::newRow((name + ", empty").constData()) << where << false << 0;
    }
}

void tst_Metadata::attributes()
{
    QFETCH(const QString, where);
    QFETCH(const bool, streamed);
    QFETCH(const int, size);
    const QTemporaryDir directory = where.isEmpty() ? QTemporaryDir() : QTemporaryDir(where);
    if (!directory.isValid())
        QSKIP("No such directory can be had on this machine.");
    const QString path = directory.filePath(QStringLiteral("file"));
    const QByteArray value(size, 'v');
    QVERIFY(make(path));
    SET_OR_SKIP(path, "user.first", value);
    SET_OR_SKIP(path, "user.second", "2");
    AtomicFileResult result;
    if (streamed) {
        AtomicFileDevice device(path);
        QVERIFY(device.open(QIODevice::WriteOnly));
        QCOMPARE(device.write(newContent), newContent.size());
        QVERIFY(device.commit());
        result = device.result();
    } else {
        result = AtomicFile::writeFile(path, newContent).result();
    }
    QVERIFY2(result, qPrintable(result.errorString()));
    QCOMPARE(result.losses(), AtomicFileResult::Losses());
    QCOMPARE(get(path, "user.first"), value);
    QCOMPARE(get(path, "user.second"), QByteArray("2"));
}

void tst_Metadata::listInADirectoryWithADefaultList_data()
{
    QTest::addColumn<QByteArray>("list");
    QTest::addColumn<unsigned>("mode");
    QTest::newRow("none, private") << QByteArray() << 0600U;
    QTest::newRow("none, for the group") << QByteArray() << 0640U;
    QTest::newRow("one that reads") << accesslist::shared(1234, 4) << 0640U;
    QTest::newRow("one that may do nothing") << accesslist::shared(1234, 0) << 0600U;
}

/// The file keeps just what it had, whatever the directory has for new files.
void tst_Metadata::listInADirectoryWithADefaultList()
{
    QFETCH(const QByteArray, list);
    QFETCH(const unsigned, mode);
    const QTemporaryDir directory;
    const QString path = directory.filePath(QStringLiteral("file"));
    QVERIFY(make(path));
    QCOMPARE(::chmod(native(path).constData(), mode), 0);
    if (!list.isEmpty())
        SET_OR_SKIP(path, accessList, list);
    SET_OR_SKIP(directory.path(), defaultList, accesslist::shared(4321, 7));
    const AtomicFileResult result = AtomicFile::writeFile(path, newContent).result();
    QVERIFY2(result, qPrintable(result.errorString()));
    QCOMPARE(result.losses(), AtomicFileResult::Losses());
    QCOMPARE(get(path, accessList), list);
    QCOMPARE(modeOf(path), mode);

    const QString fresh = directory.filePath(QStringLiteral("fresh"));
    QVERIFY(AtomicFile::writeFile(fresh, newContent).result());
    QVERIFY(!get(fresh, accessList).isEmpty()); // There is something to be kept away.
}

void tst_Metadata::moveToAnotherVolume()
{
    const QTemporaryDir from;
    const QTemporaryDir to(inMemory());
    if (!to.isValid() || volumeOf(from.path()) == volumeOf(to.path()))
        QSKIP("Needs a second volume.");
    const QString source = from.filePath(QStringLiteral("file"));
    const QString target = to.filePath(QStringLiteral("file"));
    const QString probe = to.filePath(QStringLiteral("probe"));
    QVERIFY(make(probe));
    SET_OR_SKIP(probe, "user.author", "x"); // In memory since Linux 6.6.
    QVERIFY(make(source, newContent));
    QCOMPARE(::chmod(native(source).constData(), 0640), 0);
    SET_OR_SKIP(source, "user.author", "somebody");
    SET_OR_SKIP(source, accessList, accesslist::shared(1234, 4));
    if (::geteuid() == 0)
        SET_OR_SKIP(source, privileges, capability);
    const timespec modified = modifiedOf(source);
    const AtomicFileResult result = AtomicFile::moveFile(source, target).result();
    QVERIFY2(result, qPrintable(result.errorString()));
    QCOMPARE(result.losses(), AtomicFileResult::Losses());
    QCOMPARE(get(target, "user.author"), QByteArray("somebody"));
    QCOMPARE(get(target, accessList), accesslist::shared(1234, 4));
    QCOMPARE(get(target, privileges), ::geteuid() == 0 ? capability : QByteArray());
    QCOMPARE(modifiedOf(target).tv_sec, modified.tv_sec);
    QCOMPARE(modifiedOf(target).tv_nsec, modified.tv_nsec);
    QVERIFY(!QFile::exists(source));
}

/// Memory has room for 64 KiB, most file systems on disks for less than a block.
void tst_Metadata::attributeThatIsTooLong()
{
    const QTemporaryDir from(inMemory());
    const QTemporaryDir to;
    if (!from.isValid() || volumeOf(from.path()) == volumeOf(to.path()))
        QSKIP("Needs a second volume.");
    const QString source = from.filePath(QStringLiteral("file"));
    const QString target = to.filePath(QStringLiteral("file"));
    const QByteArray large(60000, 'l');
    QVERIFY(make(source, newContent));
    SET_OR_SKIP(source, "user.large", large);
    SET_OR_SKIP(source, "user.small", "s");
    const AtomicFileResult result = AtomicFile::moveFile(source, target).result();
    QVERIFY2(result, qPrintable(result.errorString()));
    const bool isKept = get(target, "user.large") == large; // XFS and btrfs have the room.
    QCOMPARE(result.losses().testFlag(AtomicFileResult::ExtendedAttributes), !isKept);
    QCOMPARE(get(target, "user.small"), QByteArray("s"));
}

/// The kernel takes them away when somebody writes to the file; they are not to survive that here.
void tst_Metadata::privilegesOfAProgram()
{
    if (::geteuid() != 0)
        QSKIP("Only root gives them.");
    const QTemporaryDir directory;
    const QString path = directory.filePath(QStringLiteral("program"));
    QVERIFY(make(path));
    SET_OR_SKIP(path, privileges, capability);
    QVERIFY(make(path));
    QVERIFY(get(path, privileges).isNull());

    SET_OR_SKIP(path, privileges, capability);
    const AtomicFileResult result = AtomicFile::writeFile(path, newContent).result();
    QVERIFY2(result, qPrintable(result.errorString()));
    QVERIFY(get(path, privileges).isNull());
    QCOMPARE(result.losses(), AtomicFileResult::Losses(AtomicFileResult::ExtendedAttributes));
}

/// A copy is a new file of the caller's with the source's permissions.
void tst_Metadata::copyToANewName()
{
    const QTemporaryDir directory;
    const QString source = directory.filePath(QStringLiteral("source"));
    const QString target = directory.filePath(QStringLiteral("target"));
    QVERIFY(make(source));
    QCOMPARE(::chmod(native(source).constData(), 04751), 0);
    SET_OR_SKIP(source, "user.author", "somebody");
    const AtomicFileResult result = AtomicFile::copyFile(source, target).result();
    QVERIFY2(result, qPrintable(result.errorString()));
    QCOMPARE(modeOf(target), 0751U);
    QVERIFY(get(target, "user.author").isNull());
    QVERIFY(result.losses().testFlag(AtomicFileResult::ExtendedAttributes));
}

QTEST_GUILESS_MAIN(tst_Metadata)
#include "tst_metadata_linux.moc"
