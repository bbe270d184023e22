// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "mailbox_p.h"

#include "atomicfile_p.h"

#include <QtCore/QMetaObject>

// Messages are posted with the mutex held: the receiver cannot go meanwhile, and what was posted to it
// before goes with it.

AtomicFileMailbox::AtomicFileMailbox(AtomicFilePrivate *receiver) : m_receiver(receiver) { }

void AtomicFileMailbox::sendProgress(qint64 bytesDone, qint64 bytesTotal)
{
    const atomicfile::MutexLocker locker(m_mutex);
    if (!m_receiver)
        return;
    QMetaObject::invokeMethod(
        m_receiver->q,
        [q = m_receiver->q, bytesDone, bytesTotal] {
            Q_EMIT q->progressChanged(bytesDone, bytesTotal);
        },
        Qt::QueuedConnection);
}

void AtomicFileMailbox::sendFinished(const AtomicFileResult &result)
{
    const atomicfile::MutexLocker locker(m_mutex);
    if (!m_receiver)
        return;
    QMetaObject::invokeMethod(
        m_receiver->q, [receiver = m_receiver, result] { receiver->announce(result); },
        Qt::QueuedConnection);
}

void AtomicFileMailbox::close()
{
    const atomicfile::MutexLocker locker(m_mutex);
    m_receiver = nullptr;
}
