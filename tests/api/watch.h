// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "support/files.h"

#include <AtomicFile/AtomicFile>

#include <QtCore/QString>
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

/// As editors and other programs replace a file; both names are in one directory.
inline bool replaceByRename(const QString &path, const QByteArray &bytes)
{
    const QString staged = path + QStringLiteral(".new");
    std::error_code error;
    if (!putContent(staged, bytes))
        return false;
    std::filesystem::rename(staged.toStdU16String(), path.toStdU16String(), error);
    return !error;
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
