// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "async/executor.h"
#include "conversion_p.h"
#include "mailbox_p.h"
#include "published_p.h"

#include <QtCore/QElapsedTimer>
#include <QtCore/QFuture>
#include <QtCore/QPromise>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

/// Decides which of the many progress reports of an operation are passed on.
class AtomicFileProgress
{
public:
    /// True if this report is due: the first, the last, and about 30 a second between.
    bool note(qint64 done, qint64 total);
    /// True if the last report that was noted has not been passed on.
    bool isBehind() const { return m_done != m_passedOn; }

    qint64 done() const { return m_done; }
    qint64 total() const { return m_total; }
    /// In thousandths, as futures report it.
    int thousandths() const;

private:
    qint64 m_done = 0;
    qint64 m_total = -1;
    qint64 m_passedOn = 0;
    QElapsedTimer m_sincePassedOn;
};

/// One file that is to be written, and with what: bytes, or text that becomes bytes when it is its turn.
struct AtomicFileEntry
{
    atomicfile::Path target;
    QByteArray bytes;
    QString text;
    atomicfile::Options options;

    static AtomicFileEntry of(const QString &path, const QByteArray &bytes, const QString &text,
                              const AtomicFileOptions &options);
    /// Bytes that it keeps in memory.
    qint64 payload() const { return bytes.size() + text.size() * qsizetype(sizeof(QChar)); }
    /// Turns text into bytes; false if there is no memory for them.
    bool convert();
    /// Of what has been converted; refers to this.
    atomicfile::WriteRequest request() const;
    /// Why nothing is written where convert() has failed.
    AtomicFileResult refusal() const;
};

/// What is to be done on the pool thread, and with which targets.
template<typename T>
struct AtomicFileWork
{
    std::vector<atomicfile::JobTarget> targets;
    std::function<T(atomicfile::FileSystem &, atomicfile::Monitor &)> run;
    /// The result, should the work never be run; a default one without this.
    T (*abandoned)(const std::vector<atomicfile::JobTarget> &targets) = nullptr;
    qint64 payload = 0; ///< bytes of content that it keeps in memory
    /// Set where this is a small write that need not run by itself, and what run() would write; nothing if
    /// it has to be run after all.
    std::function<std::optional<atomicfile::WriteRequest>()> request = {};
};

/// One accepted operation: runs its work and delivers the result, through the future and, for an
/// AtomicFile, through the mailbox.
template<typename T>
class AtomicFileOperation final
    : public atomicfile::Job
    , private atomicfile::Monitor
{
public:
    AtomicFileOperation(AtomicFileWork<T> work, std::shared_ptr<AtomicFileMailbox> mailbox)
        : m_work(std::move(work))
        , m_mailbox(std::move(mailbox))
        , m_number(m_mailbox ? m_mailbox->takeNumber() : 0)
    {
        m_promise.start();
        m_promise.setProgressRange(0, 1000);
    }
    ~AtomicFileOperation() override
    {
        // A future that never gets a result would hang whoever waits for it.
        if (!m_delivered)
            deliver(m_work.abandoned ? m_work.abandoned(m_work.targets) : T());
    }

    QFuture<T> future() const { return m_promise.future(); }

    std::span<const atomicfile::JobTarget> targets() const override { return m_work.targets; }
    void run(atomicfile::FileSystem &system) override { deliver(m_work.run(system, *this)); }
    std::int64_t payload() const override { return m_work.payload; }
    bool mayShareCommit() const override { return static_cast<bool>(m_work.request); }
    std::optional<atomicfile::SharedWrite> sharedWrite() override
    {
        auto request = m_work.request();
        if (!request)
            return std::nullopt;
        return atomicfile::SharedWrite{*std::move(request), this};
    }
    void finish(const atomicfile::Outcome &outcome) override
    {
        if constexpr (std::is_same_v<T, AtomicFileResult>)
            deliver(AtomicFileConversion::result(outcome));
    }

private:
    bool isCancelled() noexcept override
    {
        return m_promise.isCanceled() || (m_mailbox && m_mailbox->isCancelled(m_number));
    }

    void progress(std::int64_t bytesDone, std::int64_t bytesTotal) noexcept override
    {
        if (m_progress.note(bytesDone, bytesTotal))
            sendProgress();
    }

    void sendProgress()
    {
        m_promise.setProgressValue(m_progress.thousandths());
        if (m_mailbox)
            m_mailbox->sendProgress(m_progress.done(), m_progress.total());
    }

    void deliver(T result)
    {
        m_delivered = true;
        AtomicFilePublished::shared().note(result);
        if (m_progress.isBehind())
            sendProgress();
        // Sent before the future finishes: who waited for the future finds the signals in the queue.
        if constexpr (std::is_same_v<T, AtomicFileResult>) {
            if (m_mailbox)
                m_mailbox->sendFinished(result, m_number);
        }
        m_promise.addResult(std::move(result));
        m_promise.finish();
    }

    AtomicFileWork<T> m_work;
    const std::shared_ptr<AtomicFileMailbox> m_mailbox;
    const quint64 m_number;
    QPromise<T> m_promise;
    AtomicFileProgress m_progress;
    bool m_delivered = false;
};

/// For work on one target.
AtomicFileResult atomicFileAbandoned(const std::vector<atomicfile::JobTarget> &targets);

/// Hands work to the executor; returns at once.
template<typename T>
QFuture<T> submitAtomicFileWork(AtomicFileWork<T> work,
                                std::shared_ptr<AtomicFileMailbox> mailbox = nullptr)
{
    auto operation = std::make_unique<AtomicFileOperation<T>>(std::move(work), std::move(mailbox));
    QFuture<T> future = operation->future();
    atomicfile::Executor::shared().submit(std::move(operation));
    return future;
}

/// Waits for it, and does it on this thread if nothing is pending.
AtomicFileResult doAtomicFileWork(AtomicFileWork<AtomicFileResult> work);

// The operations of the public API. A relative path means what the current directory is now.
AtomicFileWork<AtomicFileResult> atomicFileWrite(const QString &path, const QByteArray &bytes,
                                                 const AtomicFileOptions &options);
/// Never committed together with others, which would take longer. adjust may change the options when the
/// write begins, on the thread that does it.
using AtomicFileAdjust = std::function<void(atomicfile::Options &)>;
AtomicFileWork<AtomicFileResult> atomicFileWriteAlone(const QString &path, const QByteArray &bytes,
                                                      const AtomicFileOptions &options,
                                                      AtomicFileAdjust adjust = {});
AtomicFileWork<AtomicFileResult> atomicFileWriteText(const QString &path, const QString &text,
                                                     const AtomicFileOptions &options);
AtomicFileWork<AtomicFileResult> atomicFileMove(const QString &source, const QString &destination,
                                                const AtomicFileOptions &options);
AtomicFileWork<AtomicFileResult> atomicFileCopy(const QString &source, const QString &destination,
                                                const AtomicFileOptions &options);
AtomicFileWork<AtomicFileContent> atomicFileRead(const QString &path);
AtomicFileWork<QStringList> atomicFileSweep(const QString &directory);
