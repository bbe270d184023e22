// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include <AtomicFile/atomicfilewatcher.h>

#include "atomicfilewatcher_p.h"
#include "operation_p.h"

#include <QtCore/QLoggingCategory>
#include <QtCore/QPointer>
#include <QtCore/QSet>

#include <utility>

namespace {

Q_LOGGING_CATEGORY(watcherLog, "atomicfile", QtWarningMsg)

/// An operation on the path like a save, hence in turn with the saves: what was asked for before has
/// been published and noted, and nothing is half-way.
AtomicFileWork<AtomicFileLook> lookAtFile(const atomicfile::Path &path)
{
    AtomicFileWork<AtomicFileLook> work;
    work.targets.push_back({path, atomicfile::Symlinks::Follow});
    work.run = [path](atomicfile::FileSystem &system, atomicfile::Monitor &) {
        const quint64 published = AtomicFilePublished::shared().lastNumber();
        return AtomicFileLook{atomicfile::observe(system, path), published};
    };
    work.abandoned = [](const std::vector<atomicfile::JobTarget> &targets) {
        AtomicFileLook look;
        look.seen.failure = atomicfile::refusal(atomicfile::ErrorClass::Cancelled,
                                                atomicfile::Step::None, targets.front().path);
        return look;
    };
    return work;
}

} // namespace

AtomicFileWatcherPrivate::AtomicFileWatcherPrivate(AtomicFileWatcher *object)
    : q(object)
    , m_system(object)
    , m_look(object)
    , m_timer(object)
{
    AtomicFilePublished::shared().watchBegins();
    m_timer.setSingleShot(true);
    const auto notified = [this] { lookWithin(interval); };
    QObject::connect(&m_system, &QFileSystemWatcher::fileChanged, q, notified);
    QObject::connect(&m_system, &QFileSystemWatcher::directoryChanged, q, notified);
    QObject::connect(&m_timer, &QTimer::timeout, q, [this] { lookNow(); });
    QObject::connect(&m_look, &QFutureWatcher<AtomicFileLook>::finished, q, [this] { looked(); });
}

AtomicFileWatcherPrivate::~AtomicFileWatcherPrivate() { AtomicFilePublished::shared().watchEnds(); }

void AtomicFileWatcherPrivate::begin(const QString &name)
{
    ++m_beginning;
    fileName = name;
    version = {};
    knowsVersion = false;
    watching = false;
    polling = false;
    m_timer.stop();
    m_looking = false; // The result is of no interest any more.
    m_path = AtomicFileConversion::absolutePath(name);
    m_target.clear();
    m_published = AtomicFilePublished::shared().lastNumber();
    m_candidate.reset();
    m_lookAgain = false;
    m_refused.clear();
    m_unwatchable.clear();
    (void)watchPlaces({});
    lookNow();
}

void AtomicFileWatcherPrivate::lookNow()
{
    if (fileName.isEmpty())
        return;
    if (m_looking) {
        m_lookAgain = true;
        return;
    }
    m_looking = true;
    m_timer.stop();
    m_look.setFuture(submitAtomicFileWork(lookAtFile(m_path)));
}

void AtomicFileWatcherPrivate::lookWithin(Milliseconds pause)
{
    if (fileName.isEmpty())
        return;
    if (m_looking)
        m_lookAgain = true;
    else if (!m_timer.isActive() || m_timer.remainingTimeAsDuration() > pause)
        m_timer.start(pause);
}

void AtomicFileWatcherPrivate::noteSaved(const AtomicFileResult &result)
{
    const AtomicFileVersion saved = result.version();
    if (saved.isNull())
        return;
    const quint64 number = AtomicFilePublished::shared().numberFor(saved);
    // A result may be delivered when a later save has been found already.
    if (number > m_published && result.fileName() == m_target) {
        version = saved;
        knowsVersion = true;
        m_published = number;
        m_candidate.reset();
    }
    lookWithin(interval);
}

void AtomicFileWatcherPrivate::setVersion(const AtomicFileVersion &known)
{
    version = known;
    knowsVersion = true;
    // What was seen before is not to be held against what was given after it.
    m_candidate.reset();
    m_looking = false;
    lookNow();
}

void AtomicFileWatcherPrivate::looked()
{
    if (!std::exchange(m_looking, false))
        return; // There is no path any more.
    const AtomicFileLook look = m_look.result();
    const bool lookAgain = std::exchange(m_lookAgain, false);
    const bool placesAreNew = watchPlaces(look.seen);
    const bool failed = look.seen.failure.has_value();
    const Verdict verdict = failed ? Verdict::Settled : judge(look);
    // What happened between looking at a place and watching it was not notified.
    if (lookAgain || placesAreNew || verdict == Verdict::Unsettled)
        lookWithin(interval);
    else if (failed || m_needsPolling)
        lookWithin(pollInterval);
    announce(verdict, watching || (!failed && !placesAreNew));
}

AtomicFileWatcherPrivate::Verdict AtomicFileWatcherPrivate::judge(const AtomicFileLook &look)
{
    if (look.published < m_published)
        return Verdict::Unsettled; // noteSaved() knows of a later state.
    m_target = AtomicFileConversion::fileName(look.seen.target);
    const AtomicFileVersion found = AtomicFileConversion::version(look.seen.version);
    // A version of ours that was there before and comes back is somebody else's doing.
    const bool own = AtomicFilePublished::shared().numberOf(found) > m_published;
    m_published = look.published;
    if (!knowsVersion || own || found == version) {
        version = found;
        knowsVersion = true;
        m_candidate.reset();
        return Verdict::Settled;
    }
    if (!m_candidate)
        m_sinceChange.start();
    const bool stays = m_candidate == found;
    m_candidate = found;
    const bool isOverdue = m_sinceChange.hasExpired(maximumDelay.count());
    if (!stays && (found.isNull() || !isOverdue))
        return Verdict::Unsettled;
    return report(found);
}

AtomicFileWatcherPrivate::Verdict AtomicFileWatcherPrivate::report(const AtomicFileVersion &found)
{
    version = found;
    m_candidate.reset();
    return found.isNull() ? Verdict::Removed : Verdict::Changed;
}

/// Asks the system to watch what was seen, and nothing else. True if it has to be looked at once more,
/// because something is watched only from now on.
bool AtomicFileWatcherPrivate::watchPlaces(const atomicfile::Observation &seen)
{
    QHash<QString, atomicfile::FileIdentity> places;
    for (const atomicfile::Watched &directory : seen.directories)
        places.insert(AtomicFileConversion::fileName(directory.path), directory.identity);
    if (seen.file)
        places.insert(AtomicFileConversion::fileName(seen.file->path), seen.file->identity);

    // The system watches what stood at the path when it was asked to, and forgets what was deleted.
    QStringList outdated;
    QSet<QString> kept;
    const QStringList watched = m_system.files() + m_system.directories();
    for (const QString &path : watched) {
        const auto place = places.constFind(path);
        if (place != places.constEnd() && place.value() == m_places.value(path))
            kept.insert(path);
        else
            outdated.append(path);
    }
    if (!outdated.isEmpty())
        m_system.removePaths(outdated);
    QStringList missing;
    m_needsPolling = false;
    for (auto place = places.constBegin(); place != places.constEnd(); ++place) {
        if (kept.contains(place.key()))
            continue;
        const auto unwatchable = m_unwatchable.constFind(place.key());
        if (unwatchable != m_unwatchable.constEnd() && unwatchable.value() == place.value())
            m_needsPolling = true;
        else
            missing.append(place.key());
    }
    m_places = std::move(places);
    const QStringList refused = missing.isEmpty() ? QStringList() : m_system.addPaths(missing);
    return noteRefused(refused) || missing.size() > refused.size();
}

/// True if something is refused for the first time: it may only have gone since it was seen. What is
/// refused twice is not tried again until something else stands there, since Qt complains each time.
bool AtomicFileWatcherPrivate::noteRefused(const QStringList &refused)
{
    const QStringList before = std::exchange(m_refused, refused);
    bool isFirstTime = false;
    for (const QString &path : refused) {
        if (before.contains(path)) {
            m_unwatchable.insert(path, m_places.value(path));
            m_needsPolling = true;
        } else {
            isFirstTime = true;
            m_needsPolling = m_needsPolling || polling; // until it turns out to be watched
        }
    }
    return isFirstTime;
}

void AtomicFileWatcherPrivate::announce(Verdict verdict, bool nowWatching)
{
    // Any slot may destroy the object or give it another path.
    const QPointer<AtomicFileWatcher> object = q;
    const quint64 beginning = m_beginning;
    const auto goesOn = [&] { return object && beginning == m_beginning; };
    if (std::exchange(polling, m_needsPolling) != m_needsPolling) {
        if (polling) {
            qCWarning(watcherLog).nospace()
                << "AtomicFileWatcher: the system does not watch " << fileName
                << ", which is looked at every " << pollInterval.count() << " ms instead";
        }
        Q_EMIT q->pollingChanged(polling);
    }
    if (goesOn() && std::exchange(watching, nowWatching) != nowWatching)
        Q_EMIT q->watchingChanged(nowWatching);
    if (!goesOn())
        return;
    switch (verdict) {
    case Verdict::Settled:
    case Verdict::Unsettled:
        break;
    case Verdict::Changed:
        Q_EMIT q->changedByOther(version);
        break;
    case Verdict::Removed:
        Q_EMIT q->removed();
        break;
    }
}

AtomicFileWatcher::AtomicFileWatcher(QObject *parent) : AtomicFileWatcher(QString(), parent) { }

AtomicFileWatcher::AtomicFileWatcher(const QString &fileName, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<AtomicFileWatcherPrivate>(this))
{
    d->begin(fileName);
}

AtomicFileWatcher::~AtomicFileWatcher() = default;

QString AtomicFileWatcher::fileName() const { return d->fileName; }

void AtomicFileWatcher::setFileName(const QString &fileName)
{
    if (d->fileName == fileName)
        return;
    const QPointer<AtomicFileWatcher> object = this;
    const bool watched = d->watching;
    const bool polled = d->polling;
    d->begin(fileName);
    if (watched)
        Q_EMIT watchingChanged(false);
    if (object && polled)
        Q_EMIT pollingChanged(false);
    if (object)
        Q_EMIT fileNameChanged(fileName);
}

AtomicFileVersion AtomicFileWatcher::version() const { return d->version; }

void AtomicFileWatcher::setVersion(const AtomicFileVersion &version) { d->setVersion(version); }

bool AtomicFileWatcher::isWatching() const { return d->watching; }

bool AtomicFileWatcher::isPolling() const { return d->polling; }

std::chrono::milliseconds AtomicFileWatcher::interval() const { return d->interval; }

void AtomicFileWatcher::setInterval(std::chrono::milliseconds interval) { d->interval = interval; }

std::chrono::milliseconds AtomicFileWatcher::maximumDelay() const { return d->maximumDelay; }

void AtomicFileWatcher::setMaximumDelay(std::chrono::milliseconds delay)
{
    d->maximumDelay = delay;
}

std::chrono::milliseconds AtomicFileWatcher::pollInterval() const { return d->pollInterval; }

void AtomicFileWatcher::setPollInterval(std::chrono::milliseconds interval)
{
    d->pollInterval = interval;
}

void AtomicFileWatcher::noteSaved(const AtomicFileResult &result) { d->noteSaved(result); }

void AtomicFileWatcher::look() { d->lookNow(); }
