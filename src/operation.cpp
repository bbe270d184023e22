// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "operation_p.h"

#include "async/mutex.h"

#include <QtCore/QDeadlineTimer>
#include <QtCore/QLoggingCategory>

#include <condition_variable>
#include <limits>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <utility>

namespace {

Q_LOGGING_CATEGORY(operationLog, "atomicfile", QtWarningMsg)

using atomicfile::Durability;
using atomicfile::ErrorClass;
using atomicfile::FileSystem;
using atomicfile::Monitor;
using atomicfile::Options;
using atomicfile::Outcome;
using atomicfile::Path;
using atomicfile::Step;
using atomicfile::Symlinks;
using atomicfile::Unchanged;
using atomicfile::WriteRequest;

/// Long enough that a person sees no stutter, short enough for about 30 reports a second.
constexpr qint64 progressPause = 34;

/// Nothing that takes longer by its size than by its syncs holds up others, or waits for them. What may
/// find that there is nothing to write stages nothing for that, as a group would.
bool mayShareCommit(const AtomicFileEntry &entry)
{
    constexpr qint64 most = qint64(1) << 20;
    return entry.payload() <= most && entry.options.durability != Durability::None
        && entry.options.unchanged != Unchanged::Skip;
}

template<typename Run>
AtomicFileWork<AtomicFileResult> workOn(const Path &target, const AtomicFileOptions &options,
                                        Run run)
{
    AtomicFileWork<AtomicFileResult> work;
    work.abandoned = atomicFileAbandoned;
    const Options wanted = AtomicFileConversion::options(options);
    work.targets.push_back({target, wanted.symlinks});
    work.run = [wanted, run = std::move(run)](FileSystem &system, Monitor &monitor) {
        return AtomicFileConversion::result(run(system, monitor, wanted));
    };
    return work;
}

/// The entry is kept once for all that refer to it: many may be waiting.
AtomicFileWork<AtomicFileResult> workOf(const std::shared_ptr<AtomicFileEntry> &entry,
                                        AtomicFileAdjust adjust = {})
{
    AtomicFileWork<AtomicFileResult> work;
    work.abandoned = atomicFileAbandoned;
    work.targets.push_back({entry->target, entry->options.symlinks});
    work.payload = entry->payload();
    work.run = [entry, adjust = std::move(adjust)](FileSystem &system, Monitor &monitor) {
        if (!entry->convert())
            return entry->refusal();
        WriteRequest request = entry->request();
        if (adjust)
            adjust(request.options);
        return AtomicFileConversion::result(
            atomicfile::writeFile(system, request.target, request.bytes, request.options, monitor));
    };
    return work;
}

AtomicFileWork<AtomicFileResult> sharedWorkOf(AtomicFileEntry toWrite)
{
    const auto entry = std::make_shared<AtomicFileEntry>(std::move(toWrite));
    auto work = workOf(entry);
    if (mayShareCommit(*entry)) {
        work.request = [entry]() -> std::optional<WriteRequest> {
            if (!entry->convert())
                return std::nullopt;
            return entry->request();
        };
    }
    return work;
}

/// A result that a thread waits for. Not a promise: QPromise does much more, and std::promise of libstdc++ ends
/// in pthread_once, which makes a system call to wake up others even where none sleeps.
class AtomicFileAwaitedResult
{
public:
    void give(AtomicFileResult result)
    {
        {
            const atomicfile::MutexLocker locker(m_mutex);
            m_result = std::move(result);
        }
        m_isThere.notify_one();
    }
    /// Once.
    AtomicFileResult take()
    {
        const atomicfile::MutexLocker locker(m_mutex);
        while (!m_result)
            m_mutex.wait(m_isThere, QDeadlineTimer::Forever);
        return *std::move(m_result);
    }

private:
    atomicfile::Mutex m_mutex;
    std::condition_variable m_isThere;
    std::optional<AtomicFileResult> m_result ATOMICFILE_GUARDED_BY(m_mutex);
};

/// Work that somebody waits for, and nobody else hears of. It runs by itself.
class AtomicFileAwaited final : public atomicfile::Job
{
public:
    AtomicFileAwaited(AtomicFileWork<AtomicFileResult> work,
                      std::shared_ptr<AtomicFileAwaitedResult> result)
        : m_work(std::move(work))
        , m_result(std::move(result))
    {
    }

    std::span<const atomicfile::JobTarget> targets() const override { return m_work.targets; }
    void run(atomicfile::FileSystem &system) override
    {
        atomicfile::NullMonitor monitor;
        AtomicFileResult result = m_work.run(system, monitor);
        AtomicFilePublished::shared().note(result);
        m_result->give(std::move(result));
    }
    std::int64_t payload() const override { return m_work.payload; }

private:
    const AtomicFileWork<AtomicFileResult> m_work;
    /// Shared: who has taken the result may be done before give() has returned.
    const std::shared_ptr<AtomicFileAwaitedResult> m_result;
};

} // namespace

AtomicFileResult atomicFileAbandoned(const std::vector<atomicfile::JobTarget> &targets)
{
    return atomicFileRefusal(ErrorClass::Cancelled, Step::None, targets.front().path);
}

AtomicFileResult doAtomicFileWork(AtomicFileWork<AtomicFileResult> work)
{
    const auto result = std::make_shared<AtomicFileAwaitedResult>();
    atomicfile::Executor::shared().runOrSubmit(
        std::make_unique<AtomicFileAwaited>(std::move(work), result));
    return result->take();
}

bool AtomicFileProgress::note(qint64 done, qint64 total)
{
    m_done = done;
    m_total = total;
    const bool due = done == total || !m_sincePassedOn.isValid()
        || m_sincePassedOn.elapsed() >= progressPause;
    if (!due || !isBehind())
        return false;
    m_passedOn = done;
    m_sincePassedOn.start();
    return true;
}

int AtomicFileProgress::thousandths() const
{
    if (m_total <= 0)
        return 0;
    // In whole numbers: what a floating point division is cut to differs between processors.
    constexpr qint64 all = 1000;
    const bool isHuge = m_total > std::numeric_limits<qint64>::max() / all;
    return static_cast<int>(isHuge ? m_done / (m_total / all) : m_done * all / m_total);
}

AtomicFileEntry AtomicFileEntry::of(const QString &path, const QByteArray &bytes,
                                    const QString &text, const AtomicFileOptions &options)
{
    return {AtomicFileConversion::absolutePath(path), bytes, text,
            AtomicFileConversion::options(options)};
}

bool AtomicFileEntry::convert()
{
    if (text.isEmpty())
        return true;
    try {
        bytes = text.toUtf8();
    } catch (const std::bad_alloc &) {
        return false;
    }
    text = QString();
    return true;
}

WriteRequest AtomicFileEntry::request() const
{
    return {target, AtomicFileConversion::bytes(bytes), options};
}

AtomicFileResult AtomicFileEntry::refusal() const
{
    return atomicFileRefusal(ErrorClass::ResourceExhausted, Step::Write, target);
}

AtomicFileWork<AtomicFileResult> atomicFileWrite(const QString &path, const QByteArray &bytes,
                                                 const AtomicFileOptions &options)
{
    return sharedWorkOf(AtomicFileEntry::of(path, bytes, {}, options));
}

AtomicFileWork<AtomicFileResult> atomicFileWriteAlone(const QString &path, const QByteArray &bytes,
                                                      const AtomicFileOptions &options,
                                                      AtomicFileAdjust adjust)
{
    return workOf(std::make_shared<AtomicFileEntry>(AtomicFileEntry::of(path, bytes, {}, options)),
                  std::move(adjust));
}

AtomicFileWork<AtomicFileResult> atomicFileWriteText(const QString &path, const QString &text,
                                                     const AtomicFileOptions &options)
{
    return sharedWorkOf(AtomicFileEntry::of(path, {}, text, options));
}

AtomicFileWork<AtomicFileResult> atomicFileMove(const QString &source, const QString &destination,
                                                const AtomicFileOptions &options)
{
    const Path from = AtomicFileConversion::absolutePath(source);
    const Path target = AtomicFileConversion::absolutePath(destination);
    auto work = workOn(target, options,
                       [from, target](FileSystem &system, Monitor &monitor, const Options &wanted) {
                           return atomicfile::moveFile(system, from, target, wanted, monitor);
                       });
    work.targets.push_back({from, Symlinks::Replace}); // A link is moved itself.
    return work;
}

AtomicFileWork<AtomicFileResult> atomicFileCopy(const QString &source, const QString &destination,
                                                const AtomicFileOptions &options)
{
    const Path from = AtomicFileConversion::absolutePath(source);
    const Path target = AtomicFileConversion::absolutePath(destination);
    auto work = workOn(target, options,
                       [from, target](FileSystem &system, Monitor &monitor, const Options &wanted) {
                           return atomicfile::copyFile(system, from, target, wanted, monitor);
                       });
    work.targets.push_back({from, Symlinks::Follow});
    return work;
}

namespace {

AtomicFileContent readContent(const Path &path, FileSystem &system, Monitor &monitor)
{
    AtomicFileContent content;
    const auto resize = [&content](std::size_t size) {
        content.bytes.resize(static_cast<qsizetype>(size));
        return std::as_writable_bytes(std::span(content.bytes.data(), size));
    };
    try {
        const auto version = atomicfile::readFile(system, path, resize, monitor);
        Outcome outcome;
        outcome.target = path;
        if (version) {
            content.version = AtomicFileConversion::version(version.value());
        } else {
            content.bytes = QByteArray();
            outcome.fail(version.error());
        }
        content.result = AtomicFileConversion::result(outcome);
    } catch (const std::bad_alloc &) {
        content.bytes = QByteArray();
        content.result = atomicFileRefusal(ErrorClass::ResourceExhausted, Step::None, path);
    }
    return content;
}

QStringList sweepDirectory(const Path &directory, FileSystem &system)
{
    const atomicfile::SweepOutcome outcome = atomicfile::sweep(system, directory);
    if (outcome.failure) {
        qCWarning(operationLog).noquote()
            << AtomicFileConversion::result(atomicfile::failedOutcome(*outcome.failure, directory))
                   .errorString();
    }
    QStringList removed;
    for (const Path &path : outcome.removed)
        removed.append(AtomicFileConversion::fileName(path));
    return removed;
}

} // namespace

AtomicFileWork<AtomicFileContent> atomicFileRead(const QString &path)
{
    const Path file = AtomicFileConversion::absolutePath(path);
    AtomicFileWork<AtomicFileContent> work;
    work.targets.push_back({file, Symlinks::Follow});
    work.run = [file](FileSystem &system, Monitor &monitor) {
        return readContent(file, system, monitor);
    };
    work.abandoned = [](const std::vector<atomicfile::JobTarget> &targets) {
        AtomicFileContent content;
        content.result = atomicFileAbandoned(targets);
        return content;
    };
    return work;
}

AtomicFileWork<QStringList> atomicFileSweep(const QString &directory)
{
    // No target: what other operations have staged is locked, so there is nobody to wait for.
    AtomicFileWork<QStringList> work;
    work.run = [path = AtomicFileConversion::absolutePath(directory)](
                   FileSystem &system, Monitor &) { return sweepDirectory(path, system); };
    return work;
}
