// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "async/mutex.h"

#include <QtCore/QtGlobal>

#include <atomic>

QT_BEGIN_NAMESPACE
class QObject;
QT_END_NAMESPACE

class AtomicFileResult;

/// Whoever asked for operations and hears of them, in the thread of its object.
class AtomicFileReceiver
{
public:
    explicit AtomicFileReceiver(QObject *object) : m_object(object) { }
    virtual ~AtomicFileReceiver() = default;
    Q_DISABLE_COPY(AtomicFileReceiver)

    QObject *object() const { return m_object; }
    virtual void receiveProgress(qint64 bytesDone, qint64 bytesTotal) = 0;
    /// number is the operation's, as the mailbox gave it.
    virtual void receiveFinished(const AtomicFileResult &result, quint64 number) = 0;

private:
    QObject *const m_object;
};

/**
 * What operations and the object that asked for them share: operations leave messages, which arrive in
 * the object's thread as long as there is an object, and see whether they were cancelled.
 *
 * An operation takes a number when it is asked for; cancelling concerns every number given so far.
 * Thread-safe but for close(), which is the receiver's.
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

    /// No message arrives after this; to be called in the receiver's thread.
    void close();

private:
    std::atomic<quint64> m_lastNumber = 0;
    std::atomic<quint64> m_cancelledUpTo = 0;
    atomicfile::Mutex m_mutex;
    AtomicFileReceiver *m_receiver ATOMICFILE_GUARDED_BY(m_mutex);
};
