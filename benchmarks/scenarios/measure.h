// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QElapsedTimer>
#include <QString>
#include <QStringList>

/// A scenario does its work once and reports figures by name; true if everything it did succeeded.
using Scenario = bool (*)(const QStringList &folders);

bool savesInTheBackground(const QStringList &folders);
bool savesBesideABatch(const QStringList &folders);
bool streams(const QStringList &folders);
bool changesAFile(const QStringList &folders);
bool movesAcross(const QStringList &folders);
bool copies(const QStringList &folders);
bool queues(const QStringList &folders);

void report(const QString &name, double value);

/// Seconds that something took.
template<typename Function>
double secondsOf(Function function)
{
    QElapsedTimer timer;
    timer.start();
    function();
    return static_cast<double>(timer.nsecsElapsed()) / 1e9;
}

/// A field of /proc/self/status, such as VmHWM, in bytes.
qint64 memory(const QByteArray &field);

/// Lets the disk come to rest: what is measured next does not pay for what was done before.
bool settle(const QString &folder);
/// Makes a file of that many bytes, durable, by plain system calls; false if that fails.
bool makeFile(const QString &path, qint64 size, qint64 hole = 0);
/// Writes and syncs by plain system calls. The seconds that the sync took, or a negative number.
double writeAndSync(const QString &path, qint64 size, const QByteArray &chunk);
