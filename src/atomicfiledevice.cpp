// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include <AtomicFile/atomicfiledevice.h>

#include "core/commit.h"
#include "core/stage.h"
#include "operation_p.h"

#include <QtCore/QLoggingCategory>
#include <QtCore/QPromise>

#include <limits>
#include <optional>
#include <span>

namespace {

Q_LOGGING_CATEGORY(deviceLog, "atomicfile", QtWarningMsg)

using atomicfile::ErrorClass;
using atomicfile::FileSystem;
using atomicfile::Monitor;
using atomicfile::Options;
using atomicfile::Outcome;
using atomicfile::Path;
using atomicfile::StagedFile;
using atomicfile::Step;
using OpenMode = QIODevice::OpenMode;

/// Small writes are collected up to this size before they become system calls.
constexpr qsizetype bufferSize = qsizetype(256) * 1024;

/// A staged file with what was collected for it. Used by one thread at a time: the device's, then the
/// one that commits.
class Stream
{
public:
    Stream(StagedFile staged, Path path, const Options &options)
        : m_staged(std::move(staged))
        , m_path(std::move(path))
        , m_symlinks(options.symlinks)
    {
    }

    atomicfile::JobTarget target() const { return {m_path, m_symlinks}; }
    bool isPending() const { return m_staged.isPending(); }
    Outcome &outcome() { return m_staged.outcome(); }
    qint64 size() const { return m_size; }

    /// False once anything has failed; outcome() says what.
    bool write(qint64 position, const char *data, qint64 length);
    bool flush(Monitor &monitor);
    bool flush()
    {
        atomicfile::NullMonitor monitor;
        return flush(monitor);
    }
    void cancel() { fail(ErrorClass::Cancelled); }
    Outcome commit(Monitor &monitor);

private:
    bool isBufferEnd(qint64 position) const { return position == m_bufferStart + m_buffer.size(); }
    bool writeThrough(qint64 position, std::span<const std::byte> bytes, Monitor &monitor);
    void fail(ErrorClass kind) { m_staged.fail(atomicfile::refusal(kind, Step::Write, m_path)); }

    StagedFile m_staged;
    const Path m_path;
    const atomicfile::Symlinks m_symlinks;
    QByteArray m_buffer;
    qint64 m_bufferStart = 0;
    qint64 m_size = 0;
};

std::span<const std::byte> bytesAt(const char *data, qint64 length)
{
    return std::as_bytes(std::span(data, static_cast<std::size_t>(length)));
}

bool Stream::write(qint64 position, const char *data, qint64 length)
{
    atomicfile::NullMonitor monitor;
    if (!isPending())
        return false;
    if (length > std::numeric_limits<qint64>::max() - position) {
        fail(ErrorClass::FileTooLarge);
        return false;
    }
    if ((!isBufferEnd(position) || m_buffer.size() + length > bufferSize) && !flush(monitor))
        return false;
    m_size = std::max(m_size, position + length);
    if (length >= bufferSize)
        return writeThrough(position, bytesAt(data, length), monitor);
    if (m_buffer.isEmpty()) {
        m_buffer.reserve(bufferSize);
        m_bufferStart = position;
    }
    m_buffer.append(data, static_cast<qsizetype>(length));
    return true;
}

bool Stream::flush(Monitor &monitor)
{
    if (m_buffer.isEmpty() || !isPending())
        return isPending();
    const bool written = writeThrough(m_bufferStart, bytesAt(m_buffer.constData(), m_buffer.size()),
                                      monitor);
    m_buffer.resize(0); // keeps what was reserved
    return written;
}

bool Stream::writeThrough(qint64 position, std::span<const std::byte> bytes, Monitor &monitor)
{
    constexpr qint64 unknownTotal = -1;
    const auto written = m_staged.write(position, bytes, unknownTotal, monitor);
    if (!written)
        m_staged.fail(written.error());
    return written.ok();
}

Outcome Stream::commit(Monitor &monitor)
{
    (void)flush(monitor); // A failure is the outcome of the staged file, which commit() gives.
    return atomicfile::commit(std::move(m_staged), monitor);
}

QFileDevice::FileError fileError(AtomicFileResult::Error error)
{
    using Error = AtomicFileResult::Error;
    switch (error) {
    case Error::None:
        return QFileDevice::NoError;
    case Error::PermissionDenied:
    case Error::ReadOnlyFileSystem:
        return QFileDevice::PermissionsError;
    case Error::InvalidPath:
    case Error::NotFound:
    case Error::AlreadyExists:
    case Error::IsDirectory:
    case Error::NotRegularFile:
    case Error::TooManyLinks:
    case Error::NameTooLong:
    case Error::Busy:
    case Error::Conflict:
    case Error::Unsupported:
        return QFileDevice::OpenError;
    case Error::NoSpace:
    case Error::ResourceExhausted:
        return QFileDevice::ResourceError;
    case Error::FileTooLarge:
    case Error::DeviceError:
        return QFileDevice::WriteError;
    case Error::Cancelled:
        return QFileDevice::AbortError;
    case Error::Unknown:
        return QFileDevice::UnspecifiedError;
    }
    Q_UNREACHABLE();
}

} // namespace

class AtomicFileDevicePrivate
{
public:
    explicit AtomicFileDevicePrivate(const QString &name) : fileName(name) { }

    /// The failure or success of what was begun with open().
    void note(const Outcome &outcome) { result = AtomicFileConversion::result(outcome); }
    void refuse(ErrorClass kind, Step step)
    {
        const Path path = AtomicFileConversion::path(fileName);
        note(atomicfile::failedOutcome(atomicfile::refusal(kind, step, path), path));
    }
    AtomicFileWork<AtomicFileResult> commitWork();

    QString fileName;
    AtomicFileOptions options;
    AtomicFileResult result;
    std::unique_ptr<Stream> stream; ///< while the device is open, and until aboutToClose() is over
    std::shared_ptr<AtomicFileMailbox> commitMailbox; ///< cancels the last commitAsync()
};

AtomicFileWork<AtomicFileResult> AtomicFileDevicePrivate::commitWork()
{
    AtomicFileWork<AtomicFileResult> work;
    const std::shared_ptr<Stream> taken = std::move(stream);
    const atomicfile::JobTarget target = taken->target();
    work.targets.push_back(target);
    work.run = [taken](FileSystem &, Monitor &monitor) {
        return AtomicFileConversion::result(taken->commit(monitor));
    };
    work.abandoned = AtomicFileConversion::result(atomicfile::failedOutcome(
        atomicfile::refusal(ErrorClass::Cancelled, Step::None, target.path), target.path));
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

bool AtomicFileDevice::open(OpenMode mode)
{
    if (isOpen()) {
        qCWarning(deviceLog) << "AtomicFileDevice::open:" << d->fileName << "is already open";
        return false;
    }
    AtomicFileOptions wished = d->options;
    if (mode.testFlag(NewOnly))
        wished.existing = AtomicFileOptions::Existing::CreateNew;
    else if (mode.testFlag(ExistingOnly))
        wished.existing = AtomicFileOptions::Existing::MustExist;
    const auto offered = AtomicFileConversion::options(wished);
    constexpr OpenMode notOffered = ReadOnly | Append;
    if (!mode.testFlag(WriteOnly) || mode & notOffered || !offered) {
        d->refuse(ErrorClass::Unsupported, Step::Resolve);
        setErrorString(d->result.errorString());
        return false;
    }
    const Path path = AtomicFileConversion::absolutePath(d->fileName);
    FileSystem &system = atomicfile::Executor::shared().system();
    auto staged = atomicfile::stageFile(system, path, *offered);
    if (!staged) {
        d->note(staged.error());
        setErrorString(d->result.errorString());
        return false;
    }
    d->stream = std::make_unique<Stream>(std::move(staged).value(), path, *offered);
    d->result = AtomicFileResult();
    return QIODevice::open(mode | Truncate); // which also forgets the last error string
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
    d->result = commitAsync().result();
    if (!d->result)
        setErrorString(d->result.errorString());
    return bool(d->result);
}

QFuture<AtomicFileResult> AtomicFileDevice::commitAsync()
{
    // Before the stream is given away: aboutToClose() makes a QTextStream write what it still holds.
    // If that fails, so does the commit.
    QIODevice::close();
    if (!d->stream) {
        qCWarning(deviceLog) << "AtomicFileDevice::commit:" << d->fileName << "is not open";
        d->refuse(ErrorClass::Unsupported, Step::None);
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

QFileDevice::FileError AtomicFileDevice::error() const { return fileError(d->result.error()); }

qint64 AtomicFileDevice::readData(char *, qint64)
{
    return -1; // The device is never open for reading.
}

qint64 AtomicFileDevice::writeData(const char *data, qint64 size)
{
    if (!d->stream)
        return -1; // QIODevice does not ask a closed device; a subclass may.
    const bool written = d->stream->write(pos(), data, size)
        && (!(openMode() & Unbuffered) || d->stream->flush());
    if (written)
        return size;
    d->note(d->stream->outcome());
    setErrorString(d->result.errorString());
    return -1;
}
