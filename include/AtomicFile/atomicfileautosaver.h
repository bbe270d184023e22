// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include <AtomicFile/atomicfile_export.h>
#include <AtomicFile/atomicfileoptions.h>
#include <AtomicFile/atomicfileresult.h>

#include <QtCore/QByteArray>
#include <QtCore/QFuture>
#include <QtCore/QObject>
#include <QtCore/QString>

#include <chrono>
#include <functional>
#include <memory>

class AtomicFileAutosaverPrivate;

/**
 * Saves a document a moment after it was changed, so that nobody has to think of it.
 *
 * \code
 * m_autosaver.setFileName(path);
 * m_autosaver.setContent([this] { return m_document.toJson(); });
 * connect(&m_document, &Document::changed, &m_autosaver, &AtomicFileAutosaver::markDirty);
 * \endcode
 *
 * When: after markDirty() has not been called for interval(), but not later than maximumDelay() after the
 * first change that is not saved. While a save is running, changes are only noted; one more save follows
 * it. Two saves of this object are never done at once. After a failure the next attempt waits for
 * interval(), at least 100 ms, then for twice as long each time, up to a minute; new changes do not hurry
 * it, saveNow() does, and a success ends it.
 *
 * Each save is one AtomicFile::write(): whatever happens, the file holds the old content or the new.
 * After a failure it holds the old, unless targetState() says otherwise, nothing is left beside it, and
 * the object stays dirty.
 *
 * Threads: the object belongs to its thread, which needs an event loop. There the content is taken, and
 * there the signals arrive, through the event loop, but for dirtyChanged(true) and fileNameChanged(),
 * which are emitted inside the call that causes them. All else is done on the library's thread pool.
 *
 * The end: what is not saved yet is saved when the object is destroyed and when the application is about
 * to quit, also while it is paused; the program then ends only after that save, as with AtomicFile. A save
 * that is running by then and holds the last change is not tried again should it fail. What
 * became of a save that a destructor asked for is told to nobody. An object of another thread hears of
 * the application's end through its own event loop, which may have ended by then: destroy it there before
 * the thread ends.
 *
 * The destructor calls the content function. What that reads must still be there: make the autosaver a
 * member declared after it. A child is destroyed after all members of its parent, too late for them;
 * there, call saveNow() and setContent({}) in the parent's destructor.
 */
class ATOMICFILE_EXPORT AtomicFileAutosaver : public QObject
{
    Q_OBJECT
    Q_PROPERTY(QString fileName READ fileName WRITE setFileName NOTIFY fileNameChanged)
    Q_PROPERTY(AtomicFileOptions options READ options WRITE setOptions)
    Q_PROPERTY(std::chrono::milliseconds interval READ interval WRITE setInterval)
    Q_PROPERTY(std::chrono::milliseconds maximumDelay READ maximumDelay WRITE setMaximumDelay)
    Q_PROPERTY(bool dirty READ isDirty NOTIFY dirtyChanged)
    Q_PROPERTY(bool paused READ isPaused WRITE setPaused)

public:
    explicit AtomicFileAutosaver(QObject *parent = nullptr);
    explicit AtomicFileAutosaver(const QString &fileName, QObject *parent = nullptr);
    /// Saves what is not saved yet.
    ~AtomicFileAutosaver() override;

    /// Where to save to. A relative path means what the current directory is when a save begins. A
    /// running save keeps the name it began with.
    QString fileName() const;
    /// Also forgets the options' expectedVersion, which is the old file's.
    void setFileName(const QString &fileName);

    /// How saves that begin from now on are done. Where an expectedVersion is set, each save of this
    /// object moves it on to the version that it made: a change by somebody else ends in
    /// Error::Conflict, also each time that it is tried again, until another version is set here; own
    /// saves are no conflict.
    AtomicFileOptions options() const;
    void setOptions(const AtomicFileOptions &options);

    /// How long there must be no further change before a save; 2 seconds at first.
    std::chrono::milliseconds interval() const;
    void setInterval(std::chrono::milliseconds interval);
    /// How long a change may be unsaved while more of them keep coming; 30 seconds at first.
    std::chrono::milliseconds maximumDelay() const;
    void setMaximumDelay(std::chrono::milliseconds delay);

    /// The function that gives what is to be saved. It is called in the object's thread at the
    /// beginning of each save: it should be quick, and return bytes that are shared, not made for it,
    /// where that can be. An exception from it leaves saveNow() as it came, with nothing changed; in
    /// a save that the event loop begins, and in the destructor, it ends the program. Without a function
    /// nothing is saved by itself.
    void setContent(std::function<QByteArray()> content);

    /// True from a change until a save that holds it has succeeded.
    bool isDirty() const;

    /// While paused (a modal dialog is open, say), no save begins by itself. Changes are remembered.
    bool isPaused() const;
    void setPaused(bool paused);

    /// Saves at once, dirty or not, paused or not, after a failure or not. The content is taken before
    /// this returns; if another save is running, this one follows it. The future is that of
    /// AtomicFile::write(), and may be waited for in any thread. Without a content function it ends in
    /// Error::Unsupported at Step::Write, and the file is unchanged.
    QFuture<AtomicFileResult> saveNow();

public Q_SLOTS:
    /// To be called after each change of what is to be saved.
    void markDirty();

Q_SIGNALS:
    /// Emitted by setFileName() before it returns.
    void fileNameChanged(const QString &fileName);
    void dirtyChanged(bool dirty);
    /// Comes once for each save that succeeded.
    void saved(const AtomicFileResult &result);
    /// Comes once for each save that failed.
    void saveFailed(const AtomicFileResult &result);

private:
    friend class AtomicFileAutosaverPrivate;
    Q_DISABLE_COPY(AtomicFileAutosaver)
    const std::unique_ptr<AtomicFileAutosaverPrivate> d;
};
