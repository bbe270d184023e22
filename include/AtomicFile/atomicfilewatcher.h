// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include <AtomicFile/atomicfile_export.h>
#include <AtomicFile/atomicfileresult.h>
#include <AtomicFile/atomicfileversion.h>

#include <QtCore/QObject>
#include <QtCore/QString>

#include <chrono>
#include <memory>

class AtomicFileWatcherPrivate;

/**
 * Tells when somebody else changes a file.
 *
 * \code
 * auto *watcher = new AtomicFileWatcher(path, this);
 * watcher->setVersion(loaded.version); // what AtomicFile::readFile() gave
 * connect(watcher, &AtomicFileWatcher::changedByOther, this, &Document::offerToReload);
 * \endcode
 *
 * It follows the path, not the file: through replacing by rename, where QFileSystemWatcher loses it,
 * through deleting and creating again, also of the directory, and through symbolic links that are led
 * elsewhere. Programs that write into the file are noticed too, and so is the first creation of a file
 * that is not there yet. What leaves the version as it was is no change.
 *
 * Own saves are silent, from whichever object or thread of this process: what AtomicFile and its
 * relatives publish is known by its version, and the file is looked at in turn with the operations on
 * it, so no save is half-way then. No connection is needed for that. More than ten thousand saves of
 * this process within one interval() are the limit of what is remembered.
 *
 * Bursts: after a notification of the system the file is looked at within interval(). A change is told
 * when the file has then stayed the same for another interval(); while it keeps changing, after
 * maximumDelay(). A save that takes the file away for a moment is one change, not two.
 *
 * Threads: the object belongs to its thread, like any QObject, and its signals arrive there through the
 * event loop, never from the destructor; any slot may destroy the object. watchingChanged(false) and
 * fileNameChanged() are emitted inside the call of setFileName(). Files are looked at on the library's
 * own threads, in turn with other operations: a network volume that hangs does not hold up the caller,
 * but all operations that are asked for meanwhile, as with AtomicFile.
 * Only telling the system which paths to watch, once each was looked at, is done in the object's thread.
 *
 * Where the system takes no further watches (on Linux the user's limit of inotify), the file is looked
 * at every pollInterval() instead; isPolling() and a warning of the category "atomicfile" say so. Most
 * systems do not notice what other computers do to a file on a network volume, although isWatching(); a
 * program that wants to know can call look().
 */
class ATOMICFILE_EXPORT AtomicFileWatcher : public QObject
{
    Q_OBJECT
    Q_PROPERTY(QString fileName READ fileName WRITE setFileName NOTIFY fileNameChanged)
    Q_PROPERTY(AtomicFileVersion version READ version WRITE setVersion)
    Q_PROPERTY(bool watching READ isWatching NOTIFY watchingChanged)
    Q_PROPERTY(bool polling READ isPolling NOTIFY pollingChanged)
    Q_PROPERTY(std::chrono::milliseconds interval READ interval WRITE setInterval)
    Q_PROPERTY(std::chrono::milliseconds maximumDelay READ maximumDelay WRITE setMaximumDelay)
    Q_PROPERTY(std::chrono::milliseconds pollInterval READ pollInterval WRITE setPollInterval)

public:
    explicit AtomicFileWatcher(QObject *parent = nullptr);
    explicit AtomicFileWatcher(const QString &fileName, QObject *parent = nullptr);
    ~AtomicFileWatcher() override;

    /// The path that is watched; with an empty one nothing is. A relative path means what the current
    /// directory is now. A new path is a new beginning: what was known of the old one is forgotten.
    QString fileName() const;
    void setFileName(const QString &fileName);

    /// The last version that this object knows: of an own save, told by changedByOther(), or given. Null
    /// after removed(), and until the file was looked at for the first time.
    AtomicFileVersion version() const;
    /// What the program has loaded. If the file is in another state by now, that is a change to be told.
    /// Without it the state of the file when it is first looked at is the one to begin with.
    void setVersion(const AtomicFileVersion &version);

    /// True once the file has been looked at and the system notifies of every further change, or
    /// isPolling() is true. What happens after the call of setVersion() is noticed in either case.
    bool isWatching() const;
    /// True while the system cannot be made to notify, and the file is looked at every pollInterval().
    bool isPolling() const;

    /// How long the file has to stay the same before a change is told; 100 ms.
    std::chrono::milliseconds interval() const;
    void setInterval(std::chrono::milliseconds interval);

    /// How long the telling of a change may be put off while the file keeps changing; 2 s. A file that
    /// keeps coming and going is told to be removed only when it has stayed away for interval().
    std::chrono::milliseconds maximumDelay() const;
    void setMaximumDelay(std::chrono::milliseconds delay);

    /// How often a file is looked at of which the system gives no notice, or which could not be looked
    /// at (its directory lets nobody in, its volume does not answer); 2 s.
    std::chrono::milliseconds pollInterval() const;
    void setPollInterval(std::chrono::milliseconds interval);

public Q_SLOTS:
    /// Takes over the version of an own save at once, where it would otherwise be found a little later:
    /// for a program that uses version() as AtomicFileOptions::expectedVersion of its next save. To be
    /// connected to AtomicFile::finished; results of other files and of failures change nothing.
    void noteSaved(const AtomicFileResult &result);
    /// Looks at the file without waiting for a notification.
    void look();

Q_SIGNALS:
    /// Emitted by setFileName() before it returns.
    void fileNameChanged(const QString &fileName);
    void watchingChanged(bool watching);
    void pollingChanged(bool polling);
    /// Another program has changed, replaced or created the file.
    void changedByOther(const AtomicFileVersion &version);
    /// The file is gone, whoever took it: also where this process has moved it elsewhere.
    void removed();

private:
    friend class AtomicFileWatcherPrivate;
    Q_DISABLE_COPY(AtomicFileWatcher)
    const std::unique_ptr<AtomicFileWatcherPrivate> d;
};
