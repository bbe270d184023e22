// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "stream_p.h"

#include "core/commit.h"

#include <algorithm>
#include <limits>
#include <span>
#include <utility>

using atomicfile::ErrorClass;
using atomicfile::Monitor;
using atomicfile::NullMonitor;
using atomicfile::Outcome;
using atomicfile::Path;
using atomicfile::StagedFile;
using atomicfile::Step;

namespace {

/// Small writes are collected up to this size before they become system calls.
constexpr qsizetype bufferSize = qsizetype(256) * 1024;
constexpr qint64 unknownTotal = -1;

} // namespace

AtomicFileStream::AtomicFileStream(StagedFile &&staged, Path path)
    : m_staged(std::move(staged))
    , m_path(std::move(path))
{
}

qint64 AtomicFileStream::size() const
{
    const qint64 written = m_staged.size();
    return m_buffer.isEmpty() ? written : std::max(written, bufferEnd());
}

bool AtomicFileStream::write(qint64 position, const char *data, qint64 length)
{
    if (!isPending())
        return false;
    if (length > std::numeric_limits<qint64>::max() - position) {
        fail(ErrorClass::FileTooLarge);
        return false;
    }
    NullMonitor monitor;
    const bool fits = position == bufferEnd() && m_buffer.size() + length <= bufferSize;
    if (!fits && !flush(unknownTotal, monitor))
        return false;
    if (length >= bufferSize)
        return writeThrough(position, data, length, unknownTotal, monitor);
    if (m_buffer.isEmpty()) {
        m_buffer.reserve(bufferSize);
        m_bufferStart = position;
    }
    m_buffer.append(data, static_cast<qsizetype>(length));
    return true;
}

qint64 AtomicFileStream::read(qint64 position, char *data, qint64 length)
{
    if (!flush())
        return -1;
    const auto room = std::as_writable_bytes(std::span(data, static_cast<std::size_t>(length)));
    const auto read = m_staged.read(position, room);
    if (read)
        return static_cast<qint64>(read.value());
    m_staged.fail(read.error());
    return -1;
}

bool AtomicFileStream::resize(qint64 size) { return flush() && check(m_staged.resize(size)); }

bool AtomicFileStream::setPermissions(atomicfile::ModeBits permissions)
{
    return isPending() && check(m_staged.setPermissions(permissions));
}

bool AtomicFileStream::flush()
{
    NullMonitor monitor;
    return flush(unknownTotal, monitor);
}

bool AtomicFileStream::flush(qint64 total, Monitor &monitor)
{
    if (m_buffer.isEmpty() || !isPending())
        return isPending();
    const bool written = writeThrough(m_bufferStart, m_buffer.constData(), m_buffer.size(), total,
                                      monitor);
    m_buffer.resize(0); // keeps what was reserved
    return written;
}

bool AtomicFileStream::writeThrough(qint64 position, const char *data, qint64 length, qint64 total,
                                    Monitor &monitor)
{
    const auto bytes = std::as_bytes(std::span(data, static_cast<std::size_t>(length)));
    return check(m_staged.write(position, bytes, total, monitor));
}

Outcome AtomicFileStream::commit(Monitor &monitor)
{
    const qint64 total = outcome().bytesWritten + m_buffer.size();
    // A failure is the outcome of the staged file, which commit() gives.
    if (flush(total, monitor))
        monitor.progress(total, total);
    return atomicfile::commit(std::move(m_staged), monitor);
}

bool AtomicFileStream::check(const atomicfile::Result<void, atomicfile::Failure> &result)
{
    if (!result)
        m_staged.fail(result.error());
    return result.ok();
}

void AtomicFileStream::fail(ErrorClass kind)
{
    m_staged.fail(atomicfile::refusal(kind, Step::Write, m_path));
}
