// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>

#include <chrono>
#include <memory>

/**
 * Standard input, read ahead by a thread of its own, so that whoever takes the content stays able to
 * notice an interrupt while a read blocks. A few chunks are held at most.
 *
 * The thread is not waited for: it may be blocked in a read that nothing can end. It owns what it
 * touches together with this object.
 */
class StandardInput
{
public:
    enum class Event { Chunk, End, Error, Timeout };
    struct Next
    {
        Event event = Event::Timeout;
        QByteArray chunk;
        QString error;
    };

    StandardInput();
    ~StandardInput();
    StandardInput(const StandardInput &) = delete;
    StandardInput &operator=(const StandardInput &) = delete;

    /// How many bytes there are, or -1 where that cannot be known.
    static qint64 size();

    Next next(std::chrono::milliseconds timeout);

private:
    struct Channel;
    static void read(const std::shared_ptr<Channel> &channel);

    std::shared_ptr<Channel> m_channel;
};
