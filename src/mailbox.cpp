// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "mailbox_p.h"

#include <AtomicFile/atomicfileresult.h>

#include <utility>

AtomicFileReceiver::AtomicFileReceiver(QObject *owner)
    : QObject(owner)
    , mailbox(std::make_shared<AtomicFileMailbox>(this))
{
    connect(this, &AtomicFileReceiver::messageSent, this, &AtomicFileReceiver::receiveOne,
            Qt::QueuedConnection);
}

AtomicFileReceiver::~AtomicFileReceiver() { stopReceiving(); }

void AtomicFileReceiver::stopReceiving() { mailbox->close(); }

void AtomicFileReceiver::receiveOne()
{
    // Whoever is told may destroy this.
    if (const AtomicFileMailbox::Message message = mailbox->takeMessage())
        message(*this);
}

AtomicFileMailbox::AtomicFileMailbox(AtomicFileReceiver *receiver) : m_receiver(receiver) { }

void AtomicFileMailbox::sendProgress(qint64 bytesDone, qint64 bytesTotal)
{
    send([bytesDone, bytesTotal](AtomicFileReceiver &receiver) {
        receiver.receiveProgress(bytesDone, bytesTotal);
    });
}

void AtomicFileMailbox::sendFinished(const AtomicFileResult &result, quint64 number)
{
    send([result, number](AtomicFileReceiver &receiver) {
        receiver.receiveFinished(result, number);
    });
}

void AtomicFileMailbox::send(Message message)
{
    // The receiver cannot go while the mutex is held.
    const atomicfile::MutexLocker locker(m_mutex);
    if (!m_receiver)
        return;
    m_messages.push_back(std::move(message));
    Q_EMIT m_receiver->messageSent();
}

AtomicFileMailbox::Message AtomicFileMailbox::takeMessage()
{
    const atomicfile::MutexLocker locker(m_mutex);
    if (m_messages.empty())
        return {};
    Message message = std::move(m_messages.front());
    m_messages.pop_front();
    return message;
}

void AtomicFileMailbox::close()
{
    const atomicfile::MutexLocker locker(m_mutex);
    m_receiver = nullptr;
    m_messages.clear();
}
