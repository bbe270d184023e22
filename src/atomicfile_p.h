// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "mailbox_p.h"

#include <AtomicFile/atomicfile.h>

#include <memory>

/// Lives in the object's thread, like everything in it but the mailbox.
class AtomicFilePrivate
{
public:
    AtomicFilePrivate(AtomicFile *object, const QString &name)
        : q(object)
        , fileName(name)
        , mailbox(std::make_shared<AtomicFileMailbox>(this))
    {
    }

    void operationBegins();
    /// Emits what belongs to the end of one operation.
    void announce(const AtomicFileResult &result);

    AtomicFile *const q;
    QString fileName;
    AtomicFileOptions options;
    qint64 running = 0; ///< operations whose end was not announced yet
    const std::shared_ptr<AtomicFileMailbox> mailbox;
};
