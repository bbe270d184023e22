// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QIODevice>
#include <QString>
#include <QStringList>

/// A text that says so if the file cannot be opened.
QByteArray contentOf(const QString &path);
/// Writes a file with QFile, as any program might, anew or at its end; false if that fails.
bool putContent(const QString &path, const QByteArray &bytes,
                QIODevice::OpenMode mode = QIODevice::Truncate);

/// All names in a directory, the hidden ones too, in order.
QStringList namesIn(const QString &directory);
