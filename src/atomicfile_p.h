// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "mailbox_p.h"

#include <AtomicFile/atomicfile.h>

/// Lives in the object's thread, like everything in it but the mailbox.
class AtomicFilePrivate final : public AtomicFileReceiver
{
public:
    AtomicFilePrivate(AtomicFile *object, const QString &name)
        : AtomicFileReceiver(object)
        , q(object)
        , fileName(name)
    {
    }

    void operationBegins();
    void receiveProgress(qint64 bytesDone, qint64 bytesTotal) override;
    /// Emits what belongs to the end of one operation.
    void receiveFinished(const AtomicFileResult &result, quint64 number) override;

    AtomicFile *const q;
    QString fileName;
    AtomicFileOptions options;
    qint64 running = 0; ///< operations whose end was not announced yet
};
