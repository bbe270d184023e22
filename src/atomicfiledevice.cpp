// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include <AtomicFile/atomicfiledevice.h>

#include "conversion_p.h"
#include "core/commit.h"
#include "core/stage.h"
#include "operation_p.h"

#include <QtCore/QCoreApplication>

#include <algorithm>
#include <optional>
#include <utility>

using atomicfile::ErrorClass;
using atomicfile::Executor;
using atomicfile::Outcome;
using atomicfile::StagedFile;

namespace {

/// Gathers small writes; what is larger goes through at once.
constexpr qsizetype bufferSize = 128 * 1024;

QFileDevice::FileError fileError(const AtomicFileResult &result)
{
    using Error = AtomicFileResult::Error;
    using Step = AtomicFileResult::Step;
    if (result)
        return QFileDevice::NoError;
    switch (result.error()) {
    case Error::PermissionDenied:
        return QFileDevice::PermissionsError;
    case Error::ResourceExhausted:
        return QFileDevice::ResourceError;
    case Error::Cancelled:
        return QFileDevice::AbortError;
    default:
        break; // Everything else is told apart by where it happened.
    }
    switch (result.step()) {
    case Step::None:
    case Step::Resolve:
    case Step::Inspect:
    case Step::Stage:
        return QFileDevice::OpenError;
    case Step::Write:
    case Step::CarryMetadata:
    case Step::SyncContent:
    case Step::Backup:
    case Step::SyncDirectory:
        return QFileDevice::WriteError;
    case Step::Publish:
        return QFileDevice::RenameError;
    case Step::RemoveSource:
        return QFileDevice::RemoveError;
    }
    return QFileDevice::UnspecifiedError;
}

} // namespace

class AtomicFileDevicePrivate
{
public:
    /// Whether the staged file could be written so far.
    bool flush();
    void fail(const atomicfile::Failure &failure);
    void reset();

    QString fileName;
    AtomicFileOptions options;
    AtomicFileOptions staging; ///< the options that open() began with
    QString absolute;
    std::optional<StagedFile> staged;
    QByteArray buffer;
    qint64 bufferOffset = 0; ///< where in the file the buffer belongs
    qint64 position = 0;
    qint64 end = 0;
    AtomicFileResult result;
    atomicfile::NullMonitor monitor;
};

bool AtomicFileDevicePrivate::flush()
{
    if (!result)
        return false;
    if (!staged || buffer.isEmpty())
        return staged.has_value();
    const auto bytes = std::as_bytes(
        std::span(buffer.constData(), static_cast<std::size_t>(buffer.size())));
    const auto written = staged->write(bufferOffset, bytes, -1, monitor);
    bufferOffset += buffer.size();
    buffer.resize(0); // Keeps the storage.
    if (written)
        return true;
    fail(written.error());
    return false;
}

/// Discards and remembers why.
void AtomicFileDevicePrivate::fail(const atomicfile::Failure &failure)
{
    staged->fail(failure);
    result = AtomicFileConversion::result(staged->outcome());
    staged.reset();
}

void AtomicFileDevicePrivate::reset()
{
    staged.reset();
    buffer.clear();
    bufferOffset = 0;
    position = 0;
    end = 0;
}

AtomicFileDevice::AtomicFileDevice(QObject *parent) : AtomicFileDevice(QString(), parent) { }

AtomicFileDevice::AtomicFileDevice(const QString &fileName, QObject *parent)
    : QIODevice(parent)
    , d(std::make_unique<AtomicFileDevicePrivate>())
{
    d->fileName = fileName;
}

AtomicFileDevice::~AtomicFileDevice() = default;

QString AtomicFileDevice::fileName() const { return d->fileName; }

void AtomicFileDevice::setFileName(const QString &fileName) { d->fileName = fileName; }

AtomicFileOptions AtomicFileDevice::options() const { return d->options; }

void AtomicFileDevice::setOptions(const AtomicFileOptions &options) { d->options = options; }

bool AtomicFileDevice::open(OpenMode mode)
{
    if (isOpen()) {
        qWarning("AtomicFileDevice::open: \"%ls\" is open already", qUtf16Printable(d->fileName));
        return false;
    }
    d->reset();
    d->absolute = AtomicFileConversion::absolute(d->fileName);
    d->staging = d->options;
    if (mode & NewOnly)
        d->staging.existing = AtomicFileOptions::Existing::CreateNew;
    else if (mode & ExistingOnly)
        d->staging.existing = AtomicFileOptions::Existing::MustExist;

    const atomicfile::Path path = AtomicFileConversion::path(d->absolute);
    const auto options = AtomicFileConversion::options(d->staging);
    const bool offered = (mode & ReadWrite) == WriteOnly && !(mode & Append) && options;
    Outcome outcome;
    if (offered) {
        auto staged = atomicfile::stageFile(Executor::shared().system(), path, *options);
        if (staged) {
            d->staged.emplace(std::move(staged).value());
            d->result = AtomicFileResult();
            d->buffer.reserve(bufferSize);
            setErrorString(QString());
            return QIODevice::open(mode | Unbuffered);
        }
        outcome = staged.error();
    } else {
        outcome = atomicfile::failedOutcome(
            atomicfile::refusal(ErrorClass::Unsupported, atomicfile::Step::Resolve, path), path);
    }
    d->result = AtomicFileConversion::result(outcome);
    setErrorString(d->result.errorString());
    return false;
}

void AtomicFileDevice::close()
{
    if (!isOpen())
        return;
    QIODevice::close();
    d->reset();
}

bool AtomicFileDevice::isSequential() const { return false; }

qint64 AtomicFileDevice::size() const { return d->end; }

bool AtomicFileDevice::seek(qint64 position)
{
    if (!isOpen() || position < 0 || !QIODevice::seek(position))
        return false;
    d->position = position;
    return true;
}

qint64 AtomicFileDevice::readData(char *, qint64)
{
    return -1; // Not opened for reading, so QIODevice does not ask.
}

qint64 AtomicFileDevice::writeData(const char *data, qint64 size)
{
    const bool continues = d->position == d->bufferOffset + d->buffer.size();
    if (!continues || d->buffer.size() + size > bufferSize) {
        if (!d->flush()) {
            setErrorString(d->result.errorString());
            return -1;
        }
        d->bufferOffset = d->position;
    }
    if (!d->staged) {
        setErrorString(d->result.errorString());
        return -1;
    }
    if (size > bufferSize) {
        const auto bytes = std::as_bytes(std::span(data, static_cast<std::size_t>(size)));
        const auto written = d->staged->write(d->position, bytes, -1, d->monitor);
        if (!written) {
            d->fail(written.error());
            setErrorString(d->result.errorString());
            return -1;
        }
        d->bufferOffset = d->position + size;
    } else {
        d->buffer.append(data, static_cast<qsizetype>(size));
    }
    d->position += size;
    d->end = std::max(d->end, d->position);
    return size;
}

bool AtomicFileDevice::commit()
{
    QFuture<AtomicFileResult> future = commitAsync();
    d->result = future.result();
    setErrorString(d->result.errorString());
    return bool(d->result);
}

QFuture<AtomicFileResult> AtomicFileDevice::commitAsync()
{
    const bool wasOpen = isOpen();
    if (!wasOpen) {
        qWarning("AtomicFileDevice::commit: \"%ls\" is not open", qUtf16Printable(d->fileName));
        if (d->result) {
            d->result = AtomicFileConversion::failure(
                atomicfile::refusal(ErrorClass::Unsupported, atomicfile::Step::Stage,
                                    AtomicFileConversion::path(d->absolute)),
                d->absolute);
        }
    }
    const bool complete = wasOpen && d->flush();
    std::shared_ptr<StagedFile> staged;
    if (complete)
        staged = std::make_shared<StagedFile>(std::move(*d->staged));
    const AtomicFileResult failed = d->result;
    if (wasOpen) {
        QIODevice::close();
        d->reset();
    }
    if (!complete)
        return QtFuture::makeReadyFuture(failed);
    auto operation = std::make_unique<AtomicFileOperation>(
        d->absolute, d->staging, std::vector{atomicFileTarget(d->absolute, d->staging)},
        [staged](atomicfile::FileSystem &, const atomicfile::Options &,
                 atomicfile::Monitor &monitor) {
            return atomicfile::commit(std::move(*staged), monitor);
        });
    return atomicFileSubmit(Executor::shared(), std::move(operation));
}

void AtomicFileDevice::cancelWriting()
{
    if (!isOpen() || !d->staged)
        return;
    d->buffer.resize(0);
    d->fail(atomicfile::refusal(ErrorClass::Cancelled, atomicfile::Step::Write,
                                AtomicFileConversion::path(d->absolute)));
    setErrorString(d->result.errorString());
}

AtomicFileResult AtomicFileDevice::result() const { return d->result; }

QFileDevice::FileError AtomicFileDevice::error() const { return fileError(d->result); }
