// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "mount_linux.h"

#include "loop_device_linux.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QStandardPaths>
#include <QTemporaryDir>

#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/statfs.h>
#include <unistd.h>

namespace {

constexpr int patience = 20'000; // ms, for a program that is to begin or to end

QString nativeReason() { return qt_error_string(errno); }

/// The scratch directory holds one folder for each mount.
QString newFolder(const QString &scratch)
{
    QTemporaryDir folder(scratch + QStringLiteral("/XXXXXX"));
    folder.setAutoRemove(false);
    return folder.path();
}

/// Servers end with the test, whatever becomes of it.
void prepare(QProcess &process)
{
    process.setStandardOutputFile(QProcess::nullDevice());
    process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
}

QString run(const QStringList &command)
{
    if (QStandardPaths::findExecutable(command.first()).isEmpty())
        return QStringLiteral("Needs the program %1.").arg(command.first());
    QProcess process;
    prepare(process);
    process.start(command.first(), command.mid(1));
    if (process.waitForFinished(patience) && process.exitStatus() == QProcess::NormalExit
        && process.exitCode() == 0)
        return {};
    return command.first() + QStringLiteral(" failed: ")
        + QString::fromLocal8Bit(process.readAllStandardError());
}

bool isFuse(const QString &path)
{
    struct statfs status = {};
    return ::statfs(QFile::encodeName(path).constData(), &status) == 0
        && status.f_type == FUSE_SUPER_MAGIC;
}

} // namespace

bool enterPrivateMounts()
{
    return ::unshare(CLONE_NEWNS) == 0
        && ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

Mount::Mount(const FileSystemKind &kind, const QString &scratch) : Mount(kind, scratch, QString())
{
}

Mount::Mount(const FileSystemKind &kind, const QString &scratch, const QString &image)
    : m_kind(kind)
    , m_scratch(newFolder(scratch))
    , m_root(m_scratch + QStringLiteral("/root"))
    , m_image(image)
{
    QDir().mkdir(m_root);
    if (::geteuid() != 0) {
        m_obstacle = QStringLiteral("Needs root, who may mount file systems.");
        return;
    }
    // Programs that are to meet obstacles in it may not fail before.
    for (const QString &folder : {scratch, m_scratch})
        QFile(folder).setPermissions(QFile(folder).permissions() | QFile::ReadOther
                                     | QFile::ExeOther);
    if (kind.base) {
        m_base = std::make_unique<Mount>(*kind.base, m_scratch);
        m_obstacle = m_base->obstacle();
        if (!m_obstacle.isEmpty())
            return;
        for (const char *name : {"lower", "work", "files"})
            QDir(m_base->path()).mkdir(QLatin1String(name));
    }
    const bool isCopy = !image.isEmpty();
    if (kind.mebibytes != 0 && !isCopy)
        m_obstacle = makeImage();
    if (!m_obstacle.isEmpty())
        return;
    m_obstacle = mountIt(isCopy ? kind.optionsOfCopy : kind.options);
    m_mounted = m_obstacle.isEmpty();
}

QString Mount::makeImage()
{
    m_image = m_scratch + QStringLiteral("/image");
    QFile file(m_image);
    if (!file.open(QIODevice::WriteOnly) || !file.resize(qint64(m_kind.mebibytes) << 20))
        return QStringLiteral("No image: ") + file.errorString();
    file.close();
    return run(commandOf(m_kind.make));
}

QString Mount::mountIt(const char *options)
{
    std::unique_ptr<LoopDevice> loop;
    if (m_kind.mebibytes != 0) {
        loop = std::make_unique<LoopDevice>(m_image);
        m_device = loop->path();
        if (m_device.isEmpty())
            return QStringLiteral("Needs loop devices.");
    }
    if (!m_kind.type)
        return serveIt();
    const QByteArray source = QFile::encodeName(m_device.isEmpty() ? m_scratch : m_device);
    const QByteArray data = filled(QLatin1String(options)).toLocal8Bit();
    if (::mount(source.constData(), QFile::encodeName(m_root).constData(), m_kind.type, 0,
                data.constData())
        == 0)
        return {};
    return QStringLiteral("Needs a kernel that mounts %1: %2")
        .arg(QLatin1String(m_kind.type), nativeReason());
}

QString Mount::serveIt()
{
    const QStringList command = commandOf(m_kind.serve);
    if (QStandardPaths::findExecutable(command.first()).isEmpty())
        return QStringLiteral("Needs the program %1.").arg(command.first());
    prepare(m_server);
    // Not a pipe: some talk much, and would wait for a reader.
    const QString messages = m_scratch + QStringLiteral("/messages");
    m_server.setStandardErrorFile(messages);
    m_server.start(command.first(), command.mid(1));
    const QDeadlineTimer deadline(patience);
    while (!isFuse(m_root)) {
        // This waits for the end of the program, and looks at the file system in between.
        const bool ended = m_server.waitForFinished(10) || m_server.state() == QProcess::NotRunning;
        if (ended || deadline.hasExpired()) {
            QFile file(messages);
            (void)file.open(QIODevice::ReadOnly);
            return command.first() + QStringLiteral(" did not mount: ")
                + QString::fromLocal8Bit(file.readAll());
        }
    }
    return {};
}

QString Mount::filled(QString text) const
{
    text.replace(QStringLiteral("%device"), m_device);
    text.replace(QStringLiteral("%image"), m_image);
    text.replace(QStringLiteral("%root"), m_root);
    if (m_base)
        text.replace(QStringLiteral("%base"), m_base->path());
    return text;
}

QStringList Mount::commandOf(const char *words) const
{
    QStringList command = QString::fromLatin1(words).split(QLatin1Char(' '));
    for (QString &word : command)
        word = filled(word);
    return command;
}

void Mount::sync()
{
    // A program that serves files may do nothing when asked for this.
    const QString &root = m_base ? m_base->m_root : m_root;
    const int directory = ::open(QFile::encodeName(root).constData(), O_RDONLY | O_CLOEXEC);
    ::syncfs(directory);
    ::close(directory);
}

qint64 Mount::flushes() const
{
    // Documentation/block/stat.rst: the sixteenth number, since Linux 5.5.
    constexpr qsizetype place = 15;
    const QString device = m_device.mid(m_device.lastIndexOf(QLatin1Char('/')) + 1);
    QFile file(QStringLiteral("/sys/class/block/%1/stat").arg(device));
    if (device.isEmpty() || !file.open(QIODevice::ReadOnly))
        return -1;
    const QList<QByteArray> numbers = file.readAll().simplified().split(' ');
    return numbers.size() > place ? numbers[place].toLongLong() : -1;
}

std::optional<QByteArray> Mount::contentAfterPowerCut(const QString &name)
{
    const Mount &medium = m_base ? *m_base : *this;
    const QString copy = m_scratch + QStringLiteral("/copy");
    // What the file system has not handed to the device by now is not in the copy.
    if (!run({QStringLiteral("cp"), QStringLiteral("--sparse=always"), medium.m_image, copy})
             .isEmpty())
        return {};
    if (!unmount() || (m_base && !m_base->unmount()))
        return {};
    const Mount after(medium.m_kind, m_scratch, copy);
    const QString folder = m_base ? QStringLiteral("files/") : QString();
    QFile file(after.filePath(folder + name));
    if (!after.obstacle().isEmpty())
        return after.obstacle().toUtf8();
    return file.open(QIODevice::ReadOnly) ? std::optional(file.readAll()) : std::nullopt;
}

bool Mount::unmount()
{
    if (!m_mounted)
        return true;
    const QByteArray root = QFile::encodeName(m_root);
    bool gone = ::umount2(root.constData(), 0) == 0;
    m_mounted = !gone;
    if (!gone) // Somebody is in it: the last who leaves unmounts it.
        ::umount2(root.constData(), MNT_DETACH);
    if (m_server.state() != QProcess::NotRunning)
        gone = m_server.waitForFinished(patience) && gone;
    return gone;
}

Mount::~Mount() { unmount(); }
