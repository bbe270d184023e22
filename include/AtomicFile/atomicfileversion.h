// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include <AtomicFile/atomicfile_export.h>

#include <QtCore/QMetaType>
#include <QtCore/QString>

#include <array>
#include <optional>

QT_BEGIN_NAMESPACE
class QDebug;
QT_END_NAMESPACE

/**
 * The identity of a file's state on disk, for noticing that somebody else changed it.
 *
 * Remember the version of what was loaded, and save with AtomicFileOptions::expectedVersion: if
 * another program has replaced or changed the file meanwhile, the save fails with
 * AtomicFileResult::Error::Conflict and the other program's work is untouched.
 *
 * A version is made of the file's number on its volume, its length and its modification time. An
 * atomic replacement gives a file with another number, and so a new version. What a version cannot
 * see is a change that keeps the length, and either happens within one tick of the file system's
 * clock (some milliseconds; two seconds on FAT) or sets the old time again, if the number is the same
 * too: because a program wrote into the same file, or because the file was replaced more than once
 * and the file system gave the number of the first to a later one.
 *
 * A plain value; all functions are reentrant.
 */
class ATOMICFILE_EXPORT AtomicFileVersion
{
public:
    /// A null version: no such file.
    AtomicFileVersion() = default;

    /// True if the version says that there is no file.
    bool isNull() const { return !m_exists; }

    /**
     * The version of the file at path as it is now, symbolic links followed; null if there is none.
     * Blocks for a few system calls. Also null where the file cannot be looked at (a directory that
     * may not be entered, something that is not a regular file): a save that expects a null version
     * is refused where a file exists, so nothing is lost by that.
     */
    static AtomicFileVersion of(const QString &path);

    /// One word of ASCII letters, digits and '-', to be stored or given to another program.
    QString toString() const;
    /// What toString() gave; nothing for any other text.
    static std::optional<AtomicFileVersion> fromString(const QString &text);

    friend bool operator==(const AtomicFileVersion &a, const AtomicFileVersion &b)
    {
        return a.m_exists == b.m_exists && a.m_file == b.m_file && a.m_size == b.m_size
            && a.m_modified == b.m_modified;
    }
    friend bool operator!=(const AtomicFileVersion &a, const AtomicFileVersion &b)
    {
        return !(a == b);
    }

private:
    friend struct AtomicFileConversion;

    bool m_exists = false;
    std::array<quint64, 2> m_file = {0, 0};
    qint64 m_size = 0;
    qint64 m_modified = 0;
};

ATOMICFILE_EXPORT QDebug operator<<(QDebug debug, const AtomicFileVersion &version);

Q_DECLARE_METATYPE(AtomicFileVersion)
