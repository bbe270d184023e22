// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "support/files.h"
#include "support/this_system.h"

#include <AtomicFile/AtomicFile>

#include <QtCore/QDeadlineTimer>
#include <QtCore/QString>
#include <QtCore/QThread>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

#include <chrono>
#include <filesystem>
#include <system_error>

/// What the tests of AtomicFileWatcher share.
namespace watching {

/// Only reached when something hangs.
inline constexpr int longest = 300'000;

inline AtomicFileOptions withoutSync()
{
    AtomicFileOptions options;
    options.durability = AtomicFileOptions::Durability::None;
    return options;
}

/// Does what another program does to a watched file. Windows refuses some of it for the moment in which
/// the watch looks at the file, and programs there try again.
template<typename Change>
bool soon(Change change)
{
    const QDeadlineTimer deadline(longest);
    while (!change()) {
        if (thissystem::replacesInOneStep() || deadline.hasExpired())
            return false; // No system but Windows has a reason to refuse it.
        QThread::yieldCurrentThread();
    }
    return true;
}

/// A file, a directory or a link; over what is at `to`, which QFile::rename() refuses.
inline bool renameTo(const QString &from, const QString &to)
{
    return soon([&] {
        std::error_code error;
        std::filesystem::rename(from.toStdU16String(), to.toStdU16String(), error);
        return !error;
    });
}

/// As editors and other programs replace a file; both names are in one directory.
inline bool replaceByRename(const QString &path, const QByteArray &bytes)
{
    const QString staged = path + QStringLiteral(".new");
    return putContent(staged, bytes) && renameTo(staged, path);
}

/// A watcher that is quick, and what it has said.
struct Watch
{
    explicit Watch(const QString &fileName) : watcher(fileName)
    {
        watcher.setInterval(std::chrono::milliseconds(20));
    }

    /// From when this returns true no change is missed.
    bool begins()
    {
        return QTest::qWaitFor([this] { return watcher.isWatching(); }, longest);
    }
    /// What was told of the last change.
    AtomicFileVersion told() const
    {
        return changed.isEmpty() ? AtomicFileVersion()
                                 : changed.last().first().value<AtomicFileVersion>();
    }

    AtomicFileWatcher watcher;
    QSignalSpy changed{&watcher, &AtomicFileWatcher::changedByOther};
    QSignalSpy removed{&watcher, &AtomicFileWatcher::removed};
};

} // namespace watching
