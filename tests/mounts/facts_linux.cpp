// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "facts_linux.h"

#include <QDir>
#include <QFile>
#include <QMetaEnum>

#include <array>

#include <fcntl.h>
#include <linux/fiemap.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace {

constexpr uid_t stranger = 1234;
constexpr mode_t strangeMode = 0640;
constexpr char attribute[] = "user.atomicfile";
constexpr char accessControl[] = "system.posix_acl_access";

struct stat statusOf(const QString &path)
{
    struct stat status = {};
    ::stat(QFile::encodeName(path).constData(), &status);
    return status;
}

/// The kernel's own form: a version, then tag, permissions and id of each entry. Another user may read;
/// the mask is what the mode shows as the group's.
QByteArray strangeList()
{
    struct Entry
    {
        quint16 tag;
        quint16 permissions;
        quint32 id;
    };
    constexpr quint32 nobodyElse = 0xffffffff;
    const std::array<Entry, 5> entries = {{{0x01, 6, nobodyElse},
                                           {0x02, 4, stranger + 1},
                                           {0x04, 4, nobodyElse},
                                           {0x10, 4, nobodyElse},
                                           {0x20, 0, nobodyElse}}};
    constexpr quint32 version = 2;
    QByteArray list(reinterpret_cast<const char *>(&version), sizeof version);
    return list.append(reinterpret_cast<const char *>(entries.data()), sizeof entries);
}

QByteArray attributeOf(const QString &path, const char *name)
{
    QByteArray value(1024, Qt::Uninitialized);
    const ssize_t size = ::getxattr(QFile::encodeName(path).constData(), name, value.data(),
                                    static_cast<std::size_t>(value.size()));
    value.resize(size > 0 ? size : 0);
    return value;
}

} // namespace

namespace facts {

bool writePlainly(const QString &path, const QByteArray &content)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size() && file.flush();
}

QByteArray readPlainly(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QStringList stagedNames(const QString &directory)
{
    return QDir(directory).entryList({QStringLiteral(".af-*")},
                                     QDir::Files | QDir::Hidden | QDir::System);
}

quint64 inodeOf(const QString &path) { return statusOf(path).st_ino; }

qint64 allocatedBytes(const QString &path) { return qint64{statusOf(path).st_blocks} * 512; }

qint64 modifiedAt(const QString &path)
{
    const timespec time = statusOf(path).st_mtim;
    return qint64{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

bool sharesStorage(const QString &path)
{
    alignas(fiemap) std::array<char, sizeof(fiemap) + sizeof(fiemap_extent)> buffer = {};
    auto *map = reinterpret_cast<fiemap *>(buffer.data());
    map->fm_length = FIEMAP_MAX_OFFSET;
    map->fm_flags = FIEMAP_FLAG_SYNC;
    map->fm_extent_count = 1;
    const int file = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC);
    const bool told = file != -1 && ::ioctl(file, FS_IOC_FIEMAP, map) == 0;
    if (file != -1)
        ::close(file);
    return told && map->fm_mapped_extents == 1
        && (map->fm_extents[0].fe_flags & FIEMAP_EXTENT_SHARED) != 0;
}

void dress(const QString &path)
{
    const QByteArray name = QFile::encodeName(path);
    const QByteArray list = strangeList();
    // Some take only a part of it, which belongingsOf() tells.
    (void)!::chown(name.constData(), stranger, stranger);
    (void)::chmod(name.constData(), strangeMode);
    (void)::setxattr(name.constData(), attribute, "value", 5, 0);
    (void)::setxattr(name.constData(), accessControl, list.constData(),
                     static_cast<std::size_t>(list.size()), 0);
}

Belongings belongingsOf(const QString &path)
{
    const struct stat status = statusOf(path);
    return {status.st_uid == stranger && status.st_gid == stranger,
            (status.st_mode & 07777) == strangeMode,
            attributeOf(path, accessControl) == strangeList(),
            attributeOf(path, attribute) == QByteArray("value")};
}

bool setFlag(const QString &path, Flag flag, bool on)
{
    const int file = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC);
    int flags = 0;
    bool done = file != -1 && ::ioctl(file, FS_IOC_GETFLAGS, &flags) == 0;
    const int bit = flag == Flag::Immutable ? FS_IMMUTABLE_FL : FS_APPEND_FL;
    flags = on ? flags | bit : flags & ~bit;
    done = done && ::ioctl(file, FS_IOC_SETFLAGS, &flags) == 0;
    if (file != -1)
        ::close(file);
    return done;
}

QString lossText(AtomicFileResult::Losses losses)
{
    const QByteArray keys = QMetaEnum::fromType<AtomicFileResult::Losses>().valueToKeys(
        static_cast<int>(losses.toInt()));
    if (!losses)
        return QStringLiteral("nothing");
    return QString::fromLatin1(keys).replace(QLatin1Char('|'), QStringLiteral(", "));
}

} // namespace facts
