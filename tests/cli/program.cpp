// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "program.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>
#include <QStorageInfo>

namespace {
constexpr int patience = 120'000;
}

void startProgram(QProcess &process, const QStringList &arguments)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    // A sanitizer keeps freed memory to itself; a test that measures memory cannot have that.
    environment.insert(QStringLiteral("ASAN_OPTIONS"),
                       environment.value(QStringLiteral("ASAN_OPTIONS"))
                           + QStringLiteral(":quarantine_size_mb=1"));
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral(ATOMICFILE_PROGRAM), arguments);
    if (!process.waitForStarted(patience))
        qFatal("%s does not start", ATOMICFILE_PROGRAM);
}

Run finishProgram(QProcess &process)
{
    process.closeWriteChannel();
    if (process.state() != QProcess::NotRunning && !process.waitForFinished(patience))
        return {};
    if (process.exitStatus() != QProcess::NormalExit)
        return {-1, process.readAllStandardOutput(), process.readAllStandardError()};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

Run runProgram(const QStringList &arguments, const QByteArray &input)
{
    QProcess process;
    startProgram(process, arguments);
    process.write(input);
    return finishProgram(process);
}

QString directoryOnAnotherFileSystem(const QString &than)
{
    const QByteArray device = QStorageInfo(than).device();
    const QStringList candidates = {QStringLiteral("/dev/shm"), QStringLiteral("/var/tmp"),
                                    QStringLiteral("/tmp"), QDir::homePath()};
    for (const QString &candidate : candidates) {
        const QFileInfo info(candidate);
        if (info.isDir() && info.isWritable() && QStorageInfo(candidate).device() != device)
            return candidate;
    }
    return {};
}

QStringList stagedIn(const QString &directory)
{
    return namesIn(directory).filter(QRegularExpression(QStringLiteral("^\\.")));
}

QByteArray block(int index)
{
    QByteArray bytes(mebibyte, Qt::Uninitialized);
    quint32 state = static_cast<quint32>(index) * 2654435761U + 1;
    for (char &byte : bytes) {
        state = state * 1664525U + 1013904223U;
        byte = static_cast<char>(state >> 24);
    }
    return bytes;
}

bool feed(QProcess &process, const QByteArray &bytes)
{
    process.write(bytes);
    while (process.bytesToWrite() > 0) {
        if (!process.waitForBytesWritten(patience))
            return false;
    }
    return true;
}
