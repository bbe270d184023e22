// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "mailbox_p.h"

#include <AtomicFile/atomicfileresult.h>

#include <QtCore/QMetaObject>
#include <QtCore/QObject>

AtomicFileMailbox::AtomicFileMailbox(AtomicFileReceiver *receiver) : m_receiver(receiver) { }

// Sent with the mutex held: the receiver cannot go meanwhile.

void AtomicFileMailbox::sendProgress(qint64 bytesDone, qint64 bytesTotal)
{
    const atomicfile::MutexLocker locker(m_mutex);
    if (!m_receiver)
        return;
    QMetaObject::invokeMethod(
        m_receiver->object(),
        [receiver = m_receiver, bytesDone, bytesTotal] {
            receiver->receiveProgress(bytesDone, bytesTotal);
        },
        Qt::QueuedConnection);
}

void AtomicFileMailbox::sendFinished(const AtomicFileResult &result, quint64 number)
{
    const atomicfile::MutexLocker locker(m_mutex);
    if (!m_receiver)
        return;
    QMetaObject::invokeMethod(
        m_receiver->object(),
        [receiver = m_receiver, result, number] { receiver->receiveFinished(result, number); },
        Qt::QueuedConnection);
}

void AtomicFileMailbox::close()
{
    const atomicfile::MutexLocker locker(m_mutex);
    m_receiver = nullptr;
}
