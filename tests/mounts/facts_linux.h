// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include <AtomicFile/AtomicFile>

#include <QString>
#include <QStringList>

/// What the tests of real file systems have to know and to make of files, and Qt does not tell.
namespace facts {

bool writePlainly(const QString &path, const QByteArray &content);
QByteArray readPlainly(const QString &path);

/// Names in a directory that only the library makes.
QStringList stagedNames(const QString &directory);

quint64 inodeOf(const QString &path);
qint64 allocatedBytes(const QString &path);
/// The last change, in nanoseconds.
qint64 modifiedAt(const QString &path);
/// Its storage is that of another file as well.
bool sharesStorage(const QString &path);

/// What a file has beside its content; each was given by dress().
struct Belongings
{
    bool owner = false;
    bool mode = false;
    bool accessControl = false;
    bool attribute = false;
};

/// Gives a file an owner, a mode, an access control list and an extended attribute that no new file
/// has; some file systems do not take them all.
void dress(const QString &path);
/// Those that a file has.
Belongings belongingsOf(const QString &path);

/// The flags that only root may set. False where the file system has none.
enum class Flag { Immutable, AppendOnly };
bool setFlag(const QString &path, Flag flag, bool on);

/// "Owner, Permissions", in the order of the enumeration; "nothing" if there are none.
QString lossText(AtomicFileResult::Losses losses);

} // namespace facts
