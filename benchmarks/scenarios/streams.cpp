// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "measure.h"

#include <AtomicFile/AtomicFile>

#include <QFile>

namespace {

constexpr qint64 twoGiB = qint64(2) << 30;
constexpr qint64 oneGiB = qint64(1) << 30;

bool saveAsAStream(const QString &path, qint64 size, const QByteArray &chunk, double *commit)
{
    AtomicFileDevice file(path);
    bool ok = file.open(QIODevice::WriteOnly);
    for (qint64 done = 0; ok && done < size; done += chunk.size())
        ok = file.write(chunk) == chunk.size();
    *commit = secondsOf([&] { ok = ok && file.commit(); });
    return ok;
}

bool change(const QString &path, QIODevice::OpenMode mode, qint64 position)
{
    AtomicFileDevice file(path);
    const QByteArray bytes(4096, 'b');
    return file.open(mode) && (position < 0 || file.seek(position))
        && file.write(bytes) == bytes.size() && file.commit();
}

/// What the system keeps of a file in memory goes with the last name of the file, which takes its time.
bool keepInMemory(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return false;
    QByteArray chunk(1 << 20, Qt::Uninitialized);
    qint64 length = 0;
    do
        length = file.read(chunk.data(), chunk.size());
    while (length > 0);
    return length == 0;
}

} // namespace

/// 2 GiB, written piece by piece, beside plain writes with one sync at the end.
bool streams(const QStringList &folders)
{
    const QByteArray chunk(1 << 20, 'x');
    const QString plain = folders.front() + QStringLiteral("/plain");
    const QString path = folders.front() + QStringLiteral("/stream");
    double sync = 0;
    report(QStringLiteral("plain writes and a sync"),
           secondsOf([&] { sync = writeAndSync(plain, twoGiB, chunk); }));
    report(QStringLiteral("the sync of plain writes"), sync);
    const bool removed = QFile::remove(plain);

    const qint64 before = memory("VmRSS");
    double commit = 0;
    bool ok = false;
    report(QStringLiteral("AtomicFileDevice"),
           secondsOf([&] { ok = saveAsAStream(path, twoGiB, chunk, &commit); }));
    report(QStringLiteral("its commit"), commit);
    report(QStringLiteral("memory"), static_cast<double>(memory("VmHWM") - before));
    return QFile::remove(path) && removed && ok && sync >= 0;
}

/// 4 KiB in the middle and at the end of a file of 1 GiB that is in memory, beside writing all of it again.
bool changesAFile(const QStringList &folders)
{
    const QByteArray chunk(1 << 20, 'a');
    const QString path = folders.front() + QStringLiteral("/large");
    double commit = 0;
    bool ok = makeFile(path, oneGiB);
    report(QStringLiteral("rewriting"),
           secondsOf([&] { ok = ok && saveAsAStream(path, oneGiB, chunk, &commit); }));
    ok = ok && settle(folders.front()) && keepInMemory(path);
    report(QStringLiteral("patching"),
           secondsOf([&] { ok = ok && change(path, QIODevice::ReadWrite, oneGiB / 2); }));
    ok = ok && settle(folders.front()) && keepInMemory(path);
    report(QStringLiteral("appending"),
           secondsOf([&] { ok = ok && change(path, QIODevice::Append, -1); }));
    return QFile::remove(path) && ok;
}
