// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include <AtomicFile/atomicfileautosaver.h>

#include "async/mutex.h"
#include "operation_p.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QElapsedTimer>
#include <QtCore/QMetaObject>
#include <QtCore/QPointer>
#include <QtCore/QTimer>

#include <algorithm>
#include <optional>
#include <utility>

namespace {

using std::chrono::milliseconds;
using Work = AtomicFileWork<AtomicFileResult>;

constexpr milliseconds shortestBackOff{100};
constexpr milliseconds longestBackOff{60'000};

/// The version that the target has to be in. Shared by the saves of one file, of which each meets what
/// the one before it made, also where that was not known when it was asked for.
class Expectation
{
public:
    explicit Expectation(std::optional<AtomicFileVersion> version) : m_version(version) { }

    std::optional<AtomicFileVersion> version() const
    {
        const atomicfile::MutexLocker locker(m_mutex);
        return m_version;
    }
    void moveOn(const AtomicFileResult &result)
    {
        const atomicfile::MutexLocker locker(m_mutex);
        if (m_version && !result.version().isNull())
            m_version = result.version();
    }

private:
    mutable atomicfile::Mutex m_mutex;
    std::optional<AtomicFileVersion> m_version ATOMICFILE_GUARDED_BY(m_mutex);
};

/// Through which saves tell the object, as long as there is one, how they ended.
class Channel
{
public:
    explicit Channel(AtomicFileAutosaverPrivate *receiver) : m_receiver(receiver) { }
    void send(const AtomicFileResult &result, quint64 revision);
    void close()
    {
        const atomicfile::MutexLocker locker(m_mutex);
        m_receiver = nullptr;
    }

private:
    atomicfile::Mutex m_mutex;
    AtomicFileAutosaverPrivate *m_receiver ATOMICFILE_GUARDED_BY(m_mutex);
};

milliseconds elapsed(const QElapsedTimer &timer)
{
    return timer.isValid() ? milliseconds(timer.elapsed()) : milliseconds::zero();
}

} // namespace

/// Lives in the object's thread. Changes are counted: a number tells how many of them something holds.
class AtomicFileAutosaverPrivate
{
public:
    AtomicFileAutosaverPrivate(AtomicFileAutosaver *object, const QString &name)
        : q(object)
        , fileName(name)
        , expectation(std::make_shared<Expectation>(std::nullopt))
        , channel(std::make_shared<Channel>(this))
        , timer(object)
    {
        timer.setSingleShot(true);
        timer.setTimerType(Qt::PreciseTimer);
        QObject::connect(&timer, &QTimer::timeout, q, [this] { (void)save(); }); // signals tell
        watchApplication();
    }

    bool isDirty() const { return changes != saved; }
    void watchApplication();
    void schedule();
    void saveWhatIsLeft();
    QFuture<AtomicFileResult> save();
    void noteFinished(const AtomicFileResult &result, quint64 revision);

    AtomicFileAutosaver *const q;
    QString fileName;
    AtomicFileOptions options;
    std::shared_ptr<Expectation> expectation;
    milliseconds interval{2000};
    milliseconds maximumDelay{30'000};
    std::function<QByteArray()> content;
    bool paused = false;

    quint64 changes = 0;
    quint64 taken = 0; ///< by the saves that have begun and not failed
    quint64 saved = 0;
    qint64 running = 0;             ///< saves whose end was not announced yet
    int failures = 0;               ///< since the last success
    QElapsedTimer sinceFirstChange; ///< of those that are not taken
    QElapsedTimer sinceLastChange;
    QElapsedTimer sinceFailure;

    const std::shared_ptr<Channel> channel;
    QPointer<QCoreApplication> application; ///< whose end this waits for
    QTimer timer;                           ///< moves to another thread with the object

private:
    milliseconds backOff() const;
    Work makeWork(quint64 revision);
};

/// Sent with the mutex held: the receiver cannot go meanwhile.
void Channel::send(const AtomicFileResult &result, quint64 revision)
{
    const atomicfile::MutexLocker locker(m_mutex);
    if (!m_receiver)
        return;
    QMetaObject::invokeMethod(
        m_receiver->q,
        [receiver = m_receiver, result, revision] { receiver->noteFinished(result, revision); },
        Qt::QueuedConnection);
}

/// The object may be there before the application.
void AtomicFileAutosaverPrivate::watchApplication()
{
    QCoreApplication *now = QCoreApplication::instance();
    if (!now || application == now)
        return;
    application = now;
    QObject::connect(now, &QCoreApplication::aboutToQuit, q, [this] { saveWhatIsLeft(); });
}

milliseconds AtomicFileAutosaverPrivate::backOff() const
{
    const milliseconds longest = std::max(interval, longestBackOff);
    milliseconds time = std::max(interval, shortestBackOff);
    for (int i = 1; i < failures && time < longest; ++i)
        time *= 2;
    return std::min(time, longest);
}

/// Sets the timer to when the next save is due, if one is.
void AtomicFileAutosaverPrivate::schedule()
{
    if (paused || running > 0 || taken == changes || !content)
        return timer.stop();
    milliseconds wait = std::min(interval - elapsed(sinceLastChange),
                                 maximumDelay - elapsed(sinceFirstChange));
    if (failures > 0)
        wait = std::max(wait, backOff() - elapsed(sinceFailure));
    timer.start(std::max(wait, milliseconds::zero()));
}

void AtomicFileAutosaverPrivate::saveWhatIsLeft()
{
    if (content && taken != changes)
        (void)save(); // What becomes of it is told by signals, if there is still somebody to hear.
}

Work AtomicFileAutosaverPrivate::makeWork(quint64 revision)
{
    // The function may give another one to this object.
    const auto function = content;
    const QByteArray bytes = function ? function() : QByteArray();
    Work work = atomicFileWrite(fileName, bytes, options);
    const atomicfile::Path target = work.targets.front().path;
    std::function<AtomicFileResult(atomicfile::FileSystem &, atomicfile::Monitor &)> run;
    if (!function) {
        run = [target](atomicfile::FileSystem &, atomicfile::Monitor &) {
            return atomicFileRefusal(atomicfile::ErrorClass::Unsupported, atomicfile::Step::Write,
                                     target);
        };
    } else if (options.expectedVersion) {
        run = [target, bytes, wanted = options, expected = expectation](
                  atomicfile::FileSystem &system, atomicfile::Monitor &monitor) mutable {
            wanted.expectedVersion = expected->version();
            const QString path = AtomicFileConversion::fileName(target);
            auto result = atomicFileWrite(path, bytes, wanted).run(system, monitor);
            expected->moveOn(result);
            return result;
        };
    } else {
        run = std::move(work.run);
    }
    work.run = [run = std::move(run), link = channel, revision](atomicfile::FileSystem &system,
                                                                atomicfile::Monitor &monitor) {
        AtomicFileResult result = run(system, monitor);
        link->send(result, revision);
        return result;
    };
    return work;
}

/// Begins a save of what there is now. The order of operations on one target lets it follow one that is
/// running.
QFuture<AtomicFileResult> AtomicFileAutosaverPrivate::save()
{
    const quint64 revision = changes;
    Work work = makeWork(revision);
    timer.stop();
    taken = std::max(taken, revision);
    ++running;
    return submitAtomicFileWork(std::move(work));
}

void AtomicFileAutosaverPrivate::noteFinished(const AtomicFileResult &result, quint64 revision)
{
    // Any slot may destroy the object.
    const QPointer<AtomicFileAutosaver> object = q;
    const bool wasDirty = isDirty();
    --running;
    if (result) {
        saved = std::max(saved, revision);
        failures = 0;
    } else {
        ++failures;
        sinceFailure.start();
    }
    if (running == 0)
        taken = saved;
    schedule();
    if (wasDirty && !isDirty())
        Q_EMIT object->dirtyChanged(false);
    if (object && result)
        Q_EMIT object->saved(result);
    else if (object)
        Q_EMIT object->saveFailed(result);
}

AtomicFileAutosaver::AtomicFileAutosaver(QObject *parent) : AtomicFileAutosaver(QString(), parent)
{
}

AtomicFileAutosaver::AtomicFileAutosaver(const QString &fileName, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<AtomicFileAutosaverPrivate>(this, fileName))
{
}

AtomicFileAutosaver::~AtomicFileAutosaver()
{
    d->channel->close();
    d->saveWhatIsLeft();
}

QString AtomicFileAutosaver::fileName() const { return d->fileName; }

void AtomicFileAutosaver::setFileName(const QString &fileName)
{
    if (d->fileName == fileName)
        return;
    d->options = options();
    d->expectation = std::make_shared<Expectation>(d->options.expectedVersion);
    d->fileName = fileName;
    Q_EMIT fileNameChanged(fileName);
}

AtomicFileOptions AtomicFileAutosaver::options() const
{
    AtomicFileOptions current = d->options;
    current.expectedVersion = d->expectation->version();
    return current;
}

void AtomicFileAutosaver::setOptions(const AtomicFileOptions &options)
{
    d->options = options;
    d->expectation = std::make_shared<Expectation>(options.expectedVersion);
}

std::chrono::milliseconds AtomicFileAutosaver::interval() const { return d->interval; }

void AtomicFileAutosaver::setInterval(std::chrono::milliseconds interval)
{
    d->interval = interval;
    d->schedule();
}

std::chrono::milliseconds AtomicFileAutosaver::maximumDelay() const { return d->maximumDelay; }

void AtomicFileAutosaver::setMaximumDelay(std::chrono::milliseconds delay)
{
    d->maximumDelay = delay;
    d->schedule();
}

void AtomicFileAutosaver::setContent(std::function<QByteArray()> content)
{
    d->content = std::move(content);
    d->schedule();
}

bool AtomicFileAutosaver::isDirty() const { return d->isDirty(); }

bool AtomicFileAutosaver::isPaused() const { return d->paused; }

void AtomicFileAutosaver::setPaused(bool paused)
{
    d->paused = paused;
    d->schedule();
}

QFuture<AtomicFileResult> AtomicFileAutosaver::saveNow() { return d->save(); }

void AtomicFileAutosaver::markDirty()
{
    d->watchApplication();
    const bool wasDirty = isDirty();
    // Those that a running save has taken are as good as saved.
    if (d->taken == d->changes)
        d->sinceFirstChange.start();
    d->sinceLastChange.start();
    ++d->changes;
    d->schedule();
    if (!wasDirty)
        Q_EMIT dirtyChanged(true);
}
