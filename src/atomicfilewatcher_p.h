// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/observe.h"

#include <AtomicFile/atomicfilewatcher.h>

#include <QtCore/QElapsedTimer>
#include <QtCore/QFileSystemWatcher>
#include <QtCore/QFutureWatcher>
#include <QtCore/QHash>
#include <QtCore/QStringList>
#include <QtCore/QTimer>

#include <chrono>
#include <optional>

/// A file as it was found, and which operations of this process had published by then.
struct AtomicFileLook
{
    atomicfile::Observation seen;
    quint64 published = 0;
};

/// Lives in the object's thread.
class AtomicFileWatcherPrivate
{
public:
    using Milliseconds = std::chrono::milliseconds;

    explicit AtomicFileWatcherPrivate(AtomicFileWatcher *object);
    ~AtomicFileWatcherPrivate();
    Q_DISABLE_COPY(AtomicFileWatcherPrivate)

    /// Forgets everything of the last path and begins with this one.
    void begin(const QString &name);
    void lookNow();
    /// At the latest after this pause.
    void lookWithin(Milliseconds pause);
    void noteSaved(const AtomicFileResult &result);
    void setVersion(const AtomicFileVersion &known);

    AtomicFileWatcher *const q;
    QString fileName;
    AtomicFileVersion version;
    bool knowsVersion = false;
    bool watching = false;
    bool polling = false;
    Milliseconds interval{100};
    Milliseconds maximumDelay{2000};
    Milliseconds pollInterval{2000};

private:
    /// What a look has to be followed by.
    enum class Verdict { Settled, Unsettled, Changed, Removed };

    void looked();
    Verdict judge(const AtomicFileLook &look);
    Verdict report(const AtomicFileVersion &found);
    bool watchPlaces(const atomicfile::Observation &seen);
    bool noteRefused(const QStringList &refused);
    void announce(Verdict verdict, bool nowWatching);

    atomicfile::Path m_path;
    QString m_target; ///< after symbolic links, when the file was last looked at
    quint64 m_published = 0;
    std::optional<AtomicFileVersion> m_candidate; ///< found once and not yet told
    QElapsedTimer m_sinceChange;                  ///< since there is a candidate
    bool m_looking = false;
    bool m_lookAgain = false; ///< something was notified during a look
    quint64 m_beginning = 0;  ///< counts the calls of begin()

    QHash<QString, atomicfile::FileIdentity> m_places;      ///< what the system was asked to watch
    QStringList m_refused;                                  ///< what it did not take the last time
    QHash<QString, atomicfile::FileIdentity> m_unwatchable; ///< what it did not take twice
    bool m_needsPolling = false;
    QFileSystemWatcher m_system;
    QFutureWatcher<AtomicFileLook> m_look;
    QTimer m_timer;
};
