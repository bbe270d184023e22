// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "async/mutex.h"

#include <QtCore/QObject>

#include <atomic>
#include <deque>
#include <functional>
#include <memory>

class AtomicFileMailbox;
class AtomicFileResult;

/// Whoever asked for operations and hears of them, in the thread of its owner, until it is destroyed.
class AtomicFileReceiver : public QObject
{
    Q_OBJECT

public:
    /// Moves to another thread with its owner.
    explicit AtomicFileReceiver(QObject *owner);
    ~AtomicFileReceiver() override;

    virtual void receiveProgress(qint64 bytesDone, qint64 bytesTotal) = 0;
    /// number is the operation's, as the mailbox gave it.
    virtual void receiveFinished(const AtomicFileResult &result, quint64 number) = 0;

    const std::shared_ptr<AtomicFileMailbox> mailbox;

    /// For who still has something to do before it goes, and is to hear of nothing then.
    void stopReceiving();

Q_SIGNALS:
    /// Once for each message, from any thread.
    void messageSent();

private:
    void receiveOne();
};

/**
 * What operations and the object that asked for them share: operations leave messages, which arrive in
 * the object's thread as long as there is an object, and see whether they were cancelled.
 *
 * An operation takes a number when it is asked for; cancelling concerns every number given so far.
 * Thread-safe.
 */
class AtomicFileMailbox
{
public:
    /// Without a receiver messages are dropped.
    explicit AtomicFileMailbox(AtomicFileReceiver *receiver = nullptr);
    Q_DISABLE_COPY(AtomicFileMailbox)

    quint64 takeNumber() { return ++m_lastNumber; }
    quint64 lastNumber() const { return m_lastNumber; }
    void cancelAll() { m_cancelledUpTo = m_lastNumber.load(); }
    bool isCancelled(quint64 number) const { return number <= m_cancelledUpTo; }

    void sendProgress(qint64 bytesDone, qint64 bytesTotal);
    void sendFinished(const AtomicFileResult &result, quint64 number);

private:
    friend AtomicFileReceiver;
    using Message = std::function<void(AtomicFileReceiver &)>;

    void send(Message message);
    /// An empty one if there is none.
    Message takeMessage();
    /// No message arrives after this; to be called in the receiver's thread.
    void close();

    std::atomic<quint64> m_lastNumber = 0;
    std::atomic<quint64> m_cancelledUpTo = 0;
    atomicfile::Mutex m_mutex;
    AtomicFileReceiver *m_receiver ATOMICFILE_GUARDED_BY(m_mutex);
    /// Kept here, not in Qt's events: the mutex orders their writing before their reading.
    std::deque<Message> m_messages ATOMICFILE_GUARDED_BY(m_mutex);
};
