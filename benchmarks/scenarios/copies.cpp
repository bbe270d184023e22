// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "measure.h"

#include <AtomicFile/AtomicFile>

#include <QFile>
#include <QProcess>

namespace {

constexpr qint64 oneGiB = qint64(1) << 30;

bool shell(const QString &command, const QStringList &arguments)
{
    return QProcess::execute(QStringLiteral("sh"),
                             QStringList{QStringLiteral("-c"), command, QStringLiteral("sh")}
                                 + arguments)
        == 0;
}

} // namespace

/// 1 GiB, and a file of 10 GiB that is nearly all hole, from the first folder to the second.
bool movesAcross(const QStringList &folders)
{
    const QString source = folders.at(0) + QStringLiteral("/source");
    const QString target = folders.at(1) + QStringLiteral("/target");
    bool ok = makeFile(source, oneGiB);
    report(QStringLiteral("cp, sync and rm"), secondsOf([&] {
               ok = ok
                   && shell(QStringLiteral("cp \"$1\" \"$2\" && sync \"$2\" && rm \"$1\""),
                            {source, target});
           }));
    ok = ok && QFile::remove(target) && makeFile(source, oneGiB);
    report(QStringLiteral("AtomicFile::moveFile"),
           secondsOf([&] { ok = ok && AtomicFile::moveFile(source, target).result(); }));
    ok = ok && QFile::remove(target) && makeFile(source, 1 << 20, 10 * oneGiB);
    report(QStringLiteral("AtomicFile::moveFile, 10 GiB with 1 MiB of data"),
           secondsOf([&] { ok = ok && AtomicFile::moveFile(source, target).result(); }));
    return QFile::remove(target) && ok;
}

/// 1 GiB within one folder.
bool copies(const QStringList &folders)
{
    const QString source = folders.front() + QStringLiteral("/source");
    const QString target = folders.front() + QStringLiteral("/target");
    bool ok = makeFile(source, oneGiB);
    ok = ok && settle(folders.front());
    AtomicFileOptions options;
    report(QStringLiteral("durable"),
           secondsOf([&] { ok = ok && AtomicFile::copyFile(source, target, options).result(); }));
    ok = ok && QFile::remove(target);
    options.durability = AtomicFileOptions::Durability::None;
    report(QStringLiteral("without the syncs"),
           secondsOf([&] { ok = ok && AtomicFile::copyFile(source, target, options).result(); }));
    return QFile::remove(target) && QFile::remove(source) && ok;
}
