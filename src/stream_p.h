// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "async/executor.h"
#include "core/staged_file.h"

#include <QtCore/QByteArray>

/// A staged file with what was collected for it. Used by one thread at a time: the device's, then the
/// one that commits.
class AtomicFileStream
{
public:
    AtomicFileStream(atomicfile::StagedFile &&staged, atomicfile::Path path);

    atomicfile::JobTarget target() const
    {
        return {m_path, m_staged.options().symlinks, &m_staged.target().place};
    }
    bool isPending() const { return m_staged.isPending(); }
    atomicfile::Outcome &outcome() { return m_staged.outcome(); }
    const atomicfile::StagedFile &staged() const { return m_staged; }
    qint64 size() const;

    // False, or -1, once anything has failed; outcome() says what.
    bool write(qint64 position, const char *data, qint64 length);
    /// What was written is read as well. Fewer bytes than asked for only at the end.
    qint64 read(qint64 position, char *data, qint64 length);
    bool resize(qint64 size);
    bool setPermissions(atomicfile::ModeBits permissions);
    bool flush();

    void cancel() { fail(atomicfile::ErrorClass::Cancelled); }
    atomicfile::Outcome commit(atomicfile::Monitor &monitor);

private:
    qint64 bufferEnd() const { return m_bufferStart + m_buffer.size(); }
    bool flush(qint64 total, atomicfile::Monitor &monitor);
    bool writeThrough(qint64 position, const char *data, qint64 length, qint64 total,
                      atomicfile::Monitor &monitor);
    /// Notes the failure, if that is what the result is.
    bool check(const atomicfile::Result<void, atomicfile::Failure> &result);
    void fail(atomicfile::ErrorClass kind);

    atomicfile::StagedFile m_staged;
    const atomicfile::Path m_path;
    QByteArray m_buffer;
    qint64 m_bufferStart = 0;
};
