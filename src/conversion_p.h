// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/operations.h"

#include <AtomicFile/AtomicFile>

#include <QtCore/QSharedData>

#include <cstddef>
#include <optional>
#include <span>

/// What AtomicFileResult shares.
class AtomicFileResultData : public QSharedData
{
public:
    AtomicFileResult::Error error = AtomicFileResult::Error::None;
    AtomicFileResult::Step step = AtomicFileResult::Step::None;
    AtomicFileResult::TargetState state = AtomicFileResult::TargetState::Unchanged;
    AtomicFileResult::Losses losses;
    int nativeError = 0;
    QString failedPath; ///< what the failed step concerned
    QString fileName;
    qint64 bytesWritten = 0;
    int attempts = 0;
    AtomicFileVersion version;
    QString backup;
    QStringList retained;
};

/// Between the words of the core and those of the public API.
struct AtomicFileConversion
{
    /// Paths keep their bytes where the system's are bytes, as far as QFile can name them.
    static atomicfile::Path path(const QString &fileName);
    static QString fileName(const atomicfile::Path &path);
    /// The same, a relative path as it is meant now. Nothing is resolved or cleaned: "a/../b" is not
    /// "b" where "a" is a symbolic link.
    static atomicfile::Path absolutePath(const QString &fileName);

    static std::span<const std::byte> bytes(const QByteArray &bytes);

    static AtomicFileVersion version(const atomicfile::Version &version);
    static atomicfile::Version version(const AtomicFileVersion &version);
    static atomicfile::Options options(const AtomicFileOptions &options);

    /// Qt's "owner" and "user" are one on POSIX when permissions are set.
    static atomicfile::ModeBits modeBits(QFileDevice::Permissions permissions);
    static QFileDevice::Permissions permissions(atomicfile::ModeBits mode);

    static AtomicFileResult result(const atomicfile::Outcome &outcome);
};

/// The result of what this library refuses before anything is touched.
AtomicFileResult atomicFileRefusal(atomicfile::ErrorClass kind, atomicfile::Step step,
                                   const atomicfile::Path &target);

/// The sentence of AtomicFileResult::errorString().
QString atomicFileErrorText(const AtomicFileResultData &data);
