// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>

#include <optional>

/// What tests of the public interface have to know of the system that they run on, and what they need
/// from it that Qt does not offer.
namespace thissystem {

/// A symbolic link, which QFile::link() does not make on Windows. False where the system, or this user,
/// makes none: Windows wants the developer mode or a privilege.
bool makeSymlink(const QString &destination, const QString &link);

/// The permissions of files and directories keep nobody away: on Windows that takes access control
/// lists, and root may do everything.
bool ignoresPermissions();

/// A file has a mode, with bits for its owner, its group and others.
bool hasModes();

/// Names may hold any character but a separator and NUL.
bool takesAnyName();

/// A file that is replaced is never missing. Windows parts the two steps by which it keeps the old
/// file's access control list, and a reader may look between them.
bool replacesInOneStep();

/// What stands at a path, read through a handle that keeps nobody from replacing the file, as QFile's
/// does on Windows. Nothing if there is no such file.
std::optional<QByteArray> contentBesideWriters(const QString &path);

} // namespace thissystem

/// For a test whose subject is a symbolic link.
#define MAKE_SYMLINK_OR_SKIP(destination, link)                                                    \
    do {                                                                                           \
        if (!thissystem::makeSymlink(destination, link))                                           \
            QSKIP("Needs symbolic links: on Windows the developer mode, or the right to make "     \
                  "them.");                                                                        \
    } while (false)
