// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include <AtomicFile/atomicfile.h>

#include "atomicfile_p.h"
#include "operation_p.h"

#include <QtCore/QPointer>

void AtomicFilePrivate::operationBegins()
{
    if (running++ == 0)
        Q_EMIT q->busyChanged(true);
}

void AtomicFilePrivate::receiveProgress(qint64 bytesDone, qint64 bytesTotal)
{
    Q_EMIT q->progressChanged(bytesDone, bytesTotal);
}

void AtomicFilePrivate::receiveFinished(const AtomicFileResult &result, quint64)
{
    // Any slot may destroy the object.
    const QPointer<AtomicFile> object = q;
    if (--running == 0)
        Q_EMIT object->busyChanged(false);
    if (object && !result)
        Q_EMIT object->errorOccurred(result);
    if (object)
        Q_EMIT object->finished(result);
}

AtomicFile::AtomicFile(QObject *parent) : AtomicFile(QString(), parent) { }

AtomicFile::AtomicFile(const QString &fileName, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<AtomicFilePrivate>(this, fileName))
{
}

AtomicFile::~AtomicFile() = default;

QString AtomicFile::fileName() const { return d->fileName; }

void AtomicFile::setFileName(const QString &fileName)
{
    if (d->fileName == fileName)
        return;
    d->fileName = fileName;
    Q_EMIT fileNameChanged(fileName);
}

AtomicFileOptions AtomicFile::options() const { return d->options; }

void AtomicFile::setOptions(const AtomicFileOptions &options) { d->options = options; }

bool AtomicFile::isBusy() const { return d->running > 0; }

QFuture<AtomicFileResult> AtomicFile::write(const QByteArray &bytes)
{
    auto future = submitAtomicFileWork(atomicFileWrite(d->fileName, bytes, d->options), d->mailbox);
    d->operationBegins();
    return future;
}

QFuture<AtomicFileResult> AtomicFile::writeText(const QString &text)
{
    auto future = submitAtomicFileWork(atomicFileWriteText(d->fileName, text, d->options),
                                       d->mailbox);
    d->operationBegins();
    return future;
}

QFuture<AtomicFileResult> AtomicFile::moveTo(const QString &destination)
{
    auto future = submitAtomicFileWork(atomicFileMove(d->fileName, destination, d->options),
                                       d->mailbox);
    d->operationBegins();
    return future;
}

QFuture<AtomicFileResult> AtomicFile::copyTo(const QString &destination)
{
    auto future = submitAtomicFileWork(atomicFileCopy(d->fileName, destination, d->options),
                                       d->mailbox);
    d->operationBegins();
    return future;
}

void AtomicFile::cancel() { d->mailbox->cancelAll(); }

QFuture<AtomicFileResult> AtomicFile::writeFile(const QString &path, const QByteArray &bytes,
                                                const AtomicFileOptions &options)
{
    return submitAtomicFileWork(atomicFileWrite(path, bytes, options));
}

QFuture<AtomicFileResult> AtomicFile::writeTextFile(const QString &path, const QString &text,
                                                    const AtomicFileOptions &options)
{
    return submitAtomicFileWork(atomicFileWriteText(path, text, options));
}

QFuture<AtomicFileResult> AtomicFile::moveFile(const QString &source, const QString &destination,
                                               const AtomicFileOptions &options)
{
    return submitAtomicFileWork(atomicFileMove(source, destination, options));
}

QFuture<AtomicFileResult> AtomicFile::copyFile(const QString &source, const QString &destination,
                                               const AtomicFileOptions &options)
{
    return submitAtomicFileWork(atomicFileCopy(source, destination, options));
}

QFuture<AtomicFileContent> AtomicFile::readFile(const QString &path)
{
    return submitAtomicFileWork(atomicFileRead(path));
}

QFuture<QStringList> AtomicFile::sweep(const QString &directory)
{
    return submitAtomicFileWork(atomicFileSweep(directory));
}

bool AtomicFile::waitForPending(QDeadlineTimer deadline)
{
    return atomicfile::Executor::shared().waitForPending(deadline);
}

qint64 AtomicFile::pendingBytes() { return atomicfile::Executor::shared().pendingBytes(); }

qint64 AtomicFile::pendingLimit() { return atomicfile::Executor::shared().pendingLimit(); }

void AtomicFile::setPendingLimit(qint64 bytes)
{
    atomicfile::Executor::shared().setPendingLimit(bytes);
}

QFuture<void> AtomicFile::whenBelowPendingLimit()
{
    return atomicfile::Executor::shared().whenBelowLimit();
}
