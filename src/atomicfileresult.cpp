// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include <AtomicFile/atomicfileresult.h>

#include "conversion_p.h"

#include <QtCore/QDebug>

AtomicFileResult::AtomicFileResult() : d(new AtomicFileResultData) { }
AtomicFileResult::AtomicFileResult(AtomicFileResultData *data) : d(data) { }
AtomicFileResult::AtomicFileResult(const AtomicFileResult &other) = default;
AtomicFileResult::AtomicFileResult(AtomicFileResult &&other) noexcept = default;
AtomicFileResult &AtomicFileResult::operator=(const AtomicFileResult &other) = default;
AtomicFileResult &AtomicFileResult::operator=(AtomicFileResult &&other) noexcept = default;
AtomicFileResult::~AtomicFileResult() = default;

AtomicFileResult::Error AtomicFileResult::error() const { return d->error; }

AtomicFileResult::Step AtomicFileResult::step() const { return d->step; }

AtomicFileResult::TargetState AtomicFileResult::targetState() const { return d->state; }

AtomicFileResult::Losses AtomicFileResult::losses() const { return d->losses; }

int AtomicFileResult::nativeError() const { return d->nativeError; }

QString AtomicFileResult::errorString() const
{
    return d->error == Error::None ? QString() : atomicFileErrorText(*d);
}

QString AtomicFileResult::fileName() const { return d->fileName; }

qint64 AtomicFileResult::bytesWritten() const { return d->bytesWritten; }

int AtomicFileResult::attempts() const { return d->attempts; }

AtomicFileVersion AtomicFileResult::version() const { return d->version; }

QString AtomicFileResult::backupFileName() const { return d->backup; }

QStringList AtomicFileResult::retainedFiles() const { return d->retained; }

QDebug operator<<(QDebug debug, const AtomicFileResult &result)
{
    const QDebugStateSaver saver(debug);
    debug.nospace() << "AtomicFileResult(" << result.error() << ", " << result.step() << ", "
                    << result.targetState() << ", " << result.fileName();
    if (!result)
        debug << ", " << result.errorString();
    debug << ')';
    return debug;
}
