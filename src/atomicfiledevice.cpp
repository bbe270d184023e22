// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include <AtomicFile/atomicfiledevice.h>

#include "core/stage.h"
#include "operation_p.h"
#include "stream_p.h"

#include <QtCore/QFile>
#include <QtCore/QLoggingCategory>
#include <QtCore/QPromise>

#include <algorithm>
#include <limits>

namespace {

Q_LOGGING_CATEGORY(deviceLog, "atomicfile", QtWarningMsg)

using atomicfile::ErrorClass;
using atomicfile::FileSystem;
using atomicfile::Monitor;
using atomicfile::NullMonitor;
using atomicfile::Outcome;
using atomicfile::Path;
using atomicfile::Step;
using OpenMode = QIODevice::OpenMode;

/// With the flags that QFile adds.
OpenMode completed(OpenMode mode)
{
    if (mode & (QIODevice::Append | QIODevice::NewOnly))
        mode |= QIODevice::WriteOnly;
    if (mode.testFlag(QIODevice::WriteOnly) && !(mode & (QIODevice::ReadOnly | QIODevice::Append)))
        mode |= QIODevice::Truncate;
    return mode;
}

bool isOffered(OpenMode mode)
{
    constexpr OpenMode contradiction = QIODevice::NewOnly | QIODevice::ExistingOnly;
    return mode.testFlag(QIODevice::WriteOnly) && (mode & contradiction) != contradiction;
}

/// As QSaveFile sorts them: what it finds out before it opens a file is a WriteError with it.
QFileDevice::FileError fileError(const AtomicFileResult &result)
{
    using Error = AtomicFileResult::Error;
    const Error error = result.error();
    if (error == Error::None)
        return QFileDevice::NoError;
    if (error == Error::Cancelled || error == Error::IsDirectory)
        return QFileDevice::WriteError;
    if (error == Error::NoSpace || error == Error::ResourceExhausted)
        return QFileDevice::ResourceError;
    const bool isProtected = error == Error::PermissionDenied || error == Error::ReadOnlyFileSystem;
    switch (result.step()) {
    case AtomicFileResult::Step::None:
    case AtomicFileResult::Step::Resolve:
    case AtomicFileResult::Step::Stage:
        return QFileDevice::OpenError;
    case AtomicFileResult::Step::Inspect:
        return isProtected ? QFileDevice::WriteError : QFileDevice::OpenError;
    case AtomicFileResult::Step::Write:
    case AtomicFileResult::Step::CarryMetadata:
    case AtomicFileResult::Step::SyncContent:
    case AtomicFileResult::Step::Backup:
        return QFileDevice::WriteError;
    case AtomicFileResult::Step::Publish:
    case AtomicFileResult::Step::SyncDirectory:
    case AtomicFileResult::Step::RemoveSource:
        return QFileDevice::RenameError;
    }
    Q_UNREACHABLE();
}

} // namespace

class AtomicFileDevicePrivate
{
public:
    explicit AtomicFileDevicePrivate(const QString &name) : fileName(name) { }

    /// The failure or success of what was begun with open().
    void setResult(const AtomicFileResult &value)
    {
        result = value;
        isErrorUnset = false;
    }
    void note(const Outcome &outcome) { setResult(AtomicFileConversion::result(outcome)); }
    void refuse(ErrorClass kind, Step step)
    {
        setResult(atomicFileRefusal(kind, step, AtomicFileConversion::path(fileName)));
    }
    /// Stages what the mode asks for; false if that failed.
    bool stage(OpenMode mode);
    AtomicFileWork<AtomicFileResult> commitWork();

    QString fileName;
    AtomicFileOptions options;
    AtomicFileResult result;
    bool isErrorUnset = false;
    std::unique_ptr<AtomicFileStream>
        stream; ///< while the device is open, and until aboutToClose() is over
    std::shared_ptr<AtomicFileMailbox> commitMailbox; ///< cancels the last commitAsync()
};

bool AtomicFileDevicePrivate::stage(OpenMode mode)
{
    AtomicFileOptions wished = options;
    if (mode.testFlag(QIODevice::NewOnly))
        wished.existing = AtomicFileOptions::Existing::CreateNew;
    else if (mode.testFlag(QIODevice::ExistingOnly))
        wished.existing = AtomicFileOptions::Existing::MustExist;
    if (!isOffered(mode)) {
        refuse(ErrorClass::Unsupported, Step::Resolve);
        return false;
    }
    const atomicfile::Options wanted = AtomicFileConversion::options(wished);
    const Path path = AtomicFileConversion::absolutePath(fileName);
    FileSystem &system = atomicfile::Executor::shared().system();
    NullMonitor monitor;
    auto staged = mode.testFlag(QIODevice::Truncate)
        ? atomicfile::stageFile(system, path, wanted)
        : atomicfile::stageUpdate(system, path, wanted, monitor);
    if (!staged) {
        note(staged.error());
        return false;
    }
    stream = std::make_unique<AtomicFileStream>(std::move(staged).value(), path);
    setResult(AtomicFileResult());
    return true;
}

AtomicFileWork<AtomicFileResult> AtomicFileDevicePrivate::commitWork()
{
    AtomicFileWork<AtomicFileResult> work;
    const std::shared_ptr<AtomicFileStream> taken = std::move(stream);
    work.targets.push_back(taken->target());
    work.run = [taken](FileSystem &, Monitor &monitor) {
        return AtomicFileConversion::result(taken->commit(monitor));
    };
    work.abandoned = atomicFileAbandoned;
    return work;
}

AtomicFileDevice::AtomicFileDevice(QObject *parent) : AtomicFileDevice(QString(), parent) { }

AtomicFileDevice::AtomicFileDevice(const QString &fileName, QObject *parent)
    : QIODevice(parent)
    , d(std::make_unique<AtomicFileDevicePrivate>(fileName))
{
}

AtomicFileDevice::~AtomicFileDevice()
{
    // Not virtual here; the staged file goes with d.
    AtomicFileDevice::close();
}

QString AtomicFileDevice::fileName() const { return d->fileName; }

void AtomicFileDevice::setFileName(const QString &fileName) { d->fileName = fileName; }

AtomicFileOptions AtomicFileDevice::options() const { return d->options; }

void AtomicFileDevice::setOptions(const AtomicFileOptions &options) { d->options = options; }

void AtomicFileDevice::setDirectWriteFallback(bool enabled)
{
    d->options.inPlace = enabled ? AtomicFileOptions::InPlace::WhenReplaceImpossible
                                 : AtomicFileOptions::InPlace::Never;
}

bool AtomicFileDevice::directWriteFallback() const
{
    return d->options.inPlace == AtomicFileOptions::InPlace::WhenReplaceImpossible;
}

bool AtomicFileDevice::open(OpenMode mode)
{
    if (isOpen()) {
        qCWarning(deviceLog) << "AtomicFileDevice::open:" << d->fileName << "is already open";
        return false;
    }
    const OpenMode wanted = completed(mode);
    if (!d->stage(wanted)) {
        setErrorString(d->result.errorString());
        return false;
    }
    return QIODevice::open(wanted); // which also forgets the last error string
}

void AtomicFileDevice::close()
{
    // Before the stream goes: aboutToClose() makes a QTextStream write what it still holds.
    QIODevice::close();
    d->stream.reset();
}

bool AtomicFileDevice::isSequential() const { return false; }

qint64 AtomicFileDevice::size() const { return d->stream ? d->stream->size() : 0; }

bool AtomicFileDevice::seek(qint64 position)
{
    // Where it leads is noticed by the next write.
    return position >= 0 && QIODevice::seek(position);
}

bool AtomicFileDevice::commit()
{
    if (closeForCommit())
        d->setResult(doAtomicFileWork(d->commitWork()));
    if (!d->result)
        setErrorString(d->result.errorString());
    return bool(d->result);
}

QFuture<AtomicFileResult> AtomicFileDevice::commitAsync()
{
    if (!closeForCommit()) {
        // QtFuture has a function for it, of another name in each version.
        QPromise<AtomicFileResult> promise;
        promise.start();
        promise.addResult(d->result);
        promise.finish();
        return promise.future();
    }
    d->commitMailbox = std::make_shared<AtomicFileMailbox>();
    return submitAtomicFileWork(d->commitWork(), d->commitMailbox);
}

/// False, and the result says why, if there is nothing to be committed.
bool AtomicFileDevice::closeForCommit()
{
    // Before the stream is given away: aboutToClose() makes a QTextStream write what it still holds.
    // If that fails, so does the commit.
    QIODevice::close();
    if (d->stream) {
        d->commitMailbox.reset(); // What it belongs to is not the last commit any more.
        return true;
    }
    qCWarning(deviceLog) << "AtomicFileDevice::commit:" << d->fileName << "is not open";
    d->refuse(ErrorClass::Unsupported, Step::None);
    return false;
}

void AtomicFileDevice::cancelWriting()
{
    if (d->stream) {
        d->stream->cancel();
        d->note(d->stream->outcome());
        setErrorString(d->result.errorString());
    } else if (d->commitMailbox) {
        d->commitMailbox->cancelAll();
    }
}

AtomicFileResult AtomicFileDevice::result() const { return d->result; }

QFileDevice::FileError AtomicFileDevice::error() const
{
    return d->isErrorUnset ? QFileDevice::NoError : fileError(d->result);
}

void AtomicFileDevice::unsetError()
{
    d->isErrorUnset = true;
    setErrorString(QString());
}

bool AtomicFileDevice::flush() { return d->stream && check(d->stream->flush()); }

bool AtomicFileDevice::resize(qint64 size)
{
    if (!d->stream || size < 0 || !check(d->stream->resize(size)))
        return false;
    // What QIODevice has read ahead may be there no more: it forgets that when it goes back.
    const qint64 position = std::min(pos(), size);
    return QIODevice::seek(std::numeric_limits<qint64>::max()) && QIODevice::seek(position);
}

QFileDevice::Permissions AtomicFileDevice::permissions() const
{
    return d->stream ? AtomicFileConversion::permissions(d->stream->staged().permissions())
                     : QFile::permissions(d->fileName);
}

bool AtomicFileDevice::setPermissions(QFileDevice::Permissions permissions)
{
    return d->stream
        && check(d->stream->setPermissions(AtomicFileConversion::modeBits(permissions)));
}

/// Tells of what went wrong with the stream, if anything did.
bool AtomicFileDevice::check(bool succeeded)
{
    if (!succeeded) {
        d->note(d->stream->outcome());
        setErrorString(d->result.errorString());
    }
    return succeeded;
}

qint64 AtomicFileDevice::readData(char *data, qint64 maxSize)
{
    if (!d->stream)
        return -1; // QIODevice does not ask a closed device; a subclass may.
    const qint64 read = d->stream->read(pos(), data, maxSize);
    return check(read >= 0) ? read : -1;
}

qint64 AtomicFileDevice::writeData(const char *data, qint64 size)
{
    if (!d->stream)
        return -1;
    if (openMode() & Append)
        QIODevice::seek(d->stream->size()); // wherever the last read or seek() led
    const bool written = d->stream->write(pos(), data, size)
        && (!(openMode() & Unbuffered) || d->stream->flush());
    return check(written) ? size : -1;
}
