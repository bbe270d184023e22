// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "standard_input.h"

#include <QFile>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace {
constexpr qint64 chunkSize = 1 << 20;
constexpr std::size_t mostChunks = 4;
constexpr int descriptor = 0;
} // namespace

struct StandardInput::Channel
{
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<QByteArray> chunks;
    bool ended = false;
    bool abandoned = false;
    QString error;

    void put(QByteArray chunk)
    {
        std::unique_lock lock(mutex);
        changed.wait(lock, [this] { return abandoned || chunks.size() < mostChunks; });
        chunks.push_back(std::move(chunk));
        changed.notify_all();
    }

    void end(const QString &message)
    {
        const std::lock_guard lock(mutex);
        ended = true;
        error = message;
        changed.notify_all();
    }

    bool isAbandoned()
    {
        const std::lock_guard lock(mutex);
        return abandoned;
    }
};

StandardInput::StandardInput() : m_channel(std::make_shared<Channel>())
{
    std::thread([channel = m_channel] { read(channel); }).detach();
}

StandardInput::~StandardInput()
{
    const std::lock_guard lock(m_channel->mutex);
    m_channel->abandoned = true;
    m_channel->chunks.clear();
    m_channel->changed.notify_all();
}

qint64 StandardInput::size()
{
    QFile input;
    if (!input.open(descriptor, QIODevice::ReadOnly) || input.isSequential())
        return -1;
    return input.size() > input.pos() ? input.size() - input.pos() : -1;
}

void StandardInput::read(const std::shared_ptr<Channel> &channel)
{
    // By descriptor and not by stdin: a thread blocked inside the C library's stream would hold its
    // lock while the program ends.
    QFile input;
    if (!input.open(descriptor, QIODevice::ReadOnly | QIODevice::Unbuffered)) {
        channel->end(input.errorString());
        return;
    }
    while (!channel->isAbandoned()) {
        QByteArray chunk(chunkSize, Qt::Uninitialized);
        const qint64 count = input.read(chunk.data(), chunk.size());
        if (count <= 0) {
            const bool failed = count < 0 || input.error() != QFileDevice::NoError;
            channel->end(failed ? input.errorString() : QString());
            return;
        }
        chunk.truncate(static_cast<qsizetype>(count));
        channel->put(std::move(chunk));
    }
}

StandardInput::Next StandardInput::next(std::chrono::milliseconds timeout)
{
    std::unique_lock lock(m_channel->mutex);
    const bool ready = m_channel->changed.wait_for(
        lock, timeout, [this] { return m_channel->ended || !m_channel->chunks.empty(); });
    if (!ready)
        return {};
    if (m_channel->chunks.empty()) {
        const bool failed = !m_channel->error.isEmpty();
        return {failed ? Event::Error : Event::End, {}, m_channel->error};
    }
    Next next{Event::Chunk, std::move(m_channel->chunks.front()), {}};
    m_channel->chunks.pop_front();
    m_channel->changed.notify_all();
    return next;
}
