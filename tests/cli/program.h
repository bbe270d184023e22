// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "support/files.h"

#include <QByteArray>
#include <QProcess>
#include <QString>
#include <QStringList>

constexpr qsizetype mebibyte = 1 << 20;

/// What one run of the command-line program did.
struct Run
{
    int status = -1; ///< -1: it did not start, crashed or did not end
    QByteArray out;
    QByteArray errors;
};

/// Runs the program with the given standard input to its end.
Run runProgram(const QStringList &arguments, const QByteArray &input = {});

/// Starts the program with an open standard input.
void startProgram(QProcess &process, const QStringList &arguments);

/// Waits for the program and collects what it said.
Run finishProgram(QProcess &process);

/// The most memory that a running process has had in RAM, in bytes; -1 where that cannot be told.
qint64 peakMemory(qint64 processId);

/// A directory on another file system than the given one, or nothing if this machine has none.
QString directoryOnAnotherFileSystem(const QString &than);

/// False if the process has ended. Only where there are signals.
bool sendSignal(const QProcess &process, int signal);

/// The staged files in a directory: hidden, and under no name of ours.
QStringList stagedIn(const QString &directory);

/// A mebibyte whose bytes depend on its place in the stream.
QByteArray block(int index);

/// Writes to the standard input of a program until it has taken everything.
bool feed(QProcess &process, const QByteArray &bytes);
