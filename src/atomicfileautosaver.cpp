// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include <AtomicFile/atomicfileautosaver.h>

#include "async/mutex.h"
#include "mailbox_p.h"
#include "operation_p.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QElapsedTimer>
#include <QtCore/QHash>
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
    struct Value
    {
        std::optional<AtomicFileVersion> version;
        quint64 assignments = 0; ///< how often the user of the object has set it
    };

    Value value() const
    {
        const atomicfile::MutexLocker locker(m_mutex);
        return m_value;
    }
    void assign(const std::optional<AtomicFileVersion> &version)
    {
        const atomicfile::MutexLocker locker(m_mutex);
        m_value = {version, m_value.assignments + 1};
    }
    /// What a save has made, which began with a value: unless another was set meanwhile.
    void moveOn(const Value &before, const AtomicFileResult &result)
    {
        const atomicfile::MutexLocker locker(m_mutex);
        if (before.version && before.assignments == m_value.assignments
            && !result.version().isNull())
            m_value.version = result.version();
    }

private:
    mutable atomicfile::Mutex m_mutex;
    Value m_value ATOMICFILE_GUARDED_BY(m_mutex);
};

milliseconds elapsed(const QElapsedTimer &timer) { return milliseconds(timer.elapsed()); }

} // namespace

/// Lives in the object's thread. Changes are counted: a number tells how many of them something holds.
class AtomicFileAutosaverPrivate final : public AtomicFileReceiver
{
public:
    AtomicFileAutosaverPrivate(AtomicFileAutosaver *object, const QString &name)
        : AtomicFileReceiver(object)
        , q(object)
        , fileName(name)
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
    void receiveProgress(qint64, qint64) override { }
    void receiveFinished(const AtomicFileResult &result, quint64 number) override;

    AtomicFileAutosaver *const q;
    QString fileName;
    AtomicFileOptions options;
    std::shared_ptr<Expectation> expectation = std::make_shared<Expectation>();
    milliseconds interval{2000};
    milliseconds maximumDelay{30'000};
    std::function<QByteArray()> content;
    bool paused = false;

    quint64 changes = 0;
    quint64 taken = 0; ///< by the saves that have begun and not failed
    quint64 saved = 0;
    /// Those that the saves hold whose end was not announced yet, by the number of the save.
    QHash<quint64, quint64> running;
    int failures = 0;               ///< since the last success
    QElapsedTimer sinceFirstChange; ///< of those that are not taken
    QElapsedTimer sinceLastChange;
    QElapsedTimer sinceFailure;

    QPointer<QCoreApplication> application; ///< whose end this waits for
    QTimer timer;                           ///< moves to another thread with the object

private:
    milliseconds backOff() const;
    Work makeWork();
};

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
    if (paused || !running.isEmpty() || taken == changes || !content)
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

Work AtomicFileAutosaverPrivate::makeWork()
{
    // The function may give another one to this object.
    const auto function = content;
    if (!function) {
        Work work = atomicFileWriteAlone(fileName, {}, options);
        const atomicfile::Path target = work.targets.front().path;
        work.run = [target](atomicfile::FileSystem &, atomicfile::Monitor &) {
            return atomicFileRefusal(atomicfile::ErrorClass::Unsupported, atomicfile::Step::Write,
                                     target);
        };
        return work;
    }
    if (!options.expectedVersion)
        return atomicFileWriteAlone(fileName, function(), options);
    const auto before = std::make_shared<Expectation::Value>();
    Work work = atomicFileWriteAlone(fileName, function(), options,
                                     [before, expected = expectation](atomicfile::Options &wanted) {
                                         *before = expected->value();
                                         wanted.expectedVersion.reset();
                                         if (before->version)
                                             wanted.expectedVersion = AtomicFileConversion::version(
                                                 *before->version);
                                     });
    work.run = [run = std::move(work.run), before, expected = expectation](
                   atomicfile::FileSystem &system, atomicfile::Monitor &monitor) {
        AtomicFileResult result = run(system, monitor);
        expected->moveOn(*before, result);
        return result;
    };
    return work;
}

/// Begins a save of what there is now. The order of operations on one target lets it follow one that is
/// running.
QFuture<AtomicFileResult> AtomicFileAutosaverPrivate::save()
{
    const quint64 revision = changes;
    Work work = makeWork();
    timer.stop();
    taken = std::max(taken, revision);
    auto future = submitAtomicFileWork(std::move(work), mailbox);
    running.insert(mailbox->lastNumber(), revision);
    return future;
}

void AtomicFileAutosaverPrivate::receiveFinished(const AtomicFileResult &result, quint64 number)
{
    // Any slot may destroy the object.
    const QPointer<AtomicFileAutosaver> object = q;
    const bool wasDirty = isDirty();
    const quint64 revision = running.take(number);
    if (result) {
        saved = std::max(saved, revision);
        failures = 0;
    } else {
        ++failures;
        sinceFailure.start();
    }
    if (options.expectedVersion)
        options.expectedVersion = expectation->value().version;
    if (running.isEmpty())
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
    d->stopReceiving();
    d->saveWhatIsLeft();
}

QString AtomicFileAutosaver::fileName() const { return d->fileName; }

void AtomicFileAutosaver::setFileName(const QString &fileName)
{
    if (d->fileName == fileName)
        return;
    d->fileName = fileName;
    // What is known of the one file says nothing of the other.
    d->options.expectedVersion.reset();
    d->expectation = std::make_shared<Expectation>();
    Q_EMIT fileNameChanged(fileName);
}

AtomicFileOptions AtomicFileAutosaver::options() const { return d->options; }

void AtomicFileAutosaver::setOptions(const AtomicFileOptions &options)
{
    // Who passes on what options() gave has not set it: own saves may have moved it on since.
    if (options.expectedVersion != d->options.expectedVersion)
        d->expectation->assign(options.expectedVersion);
    d->options = options;
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
