// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include <AtomicFile/atomicfile_export.h>
#include <AtomicFile/atomicfilecontent.h>
#include <AtomicFile/atomicfileoptions.h>
#include <AtomicFile/atomicfileresult.h>

#include <QtCore/QByteArray>
#include <QtCore/QDeadlineTimer>
#include <QtCore/QFuture>
#include <QtCore/QObject>
#include <QtCore/QString>
#include <QtCore/QStringList>

#include <memory>

class AtomicFilePrivate;

/**
 * Replaces, moves and copies a file so that a reader, a crash or a power cut never meets half of it,
 * without blocking the thread that asks.
 *
 * \code
 * auto *file = new AtomicFile(path, this);
 * connect(file, &AtomicFile::finished, this, [this](const AtomicFileResult &result) {
 *     if (!result)
 *         showMessage(result.errorString());
 * });
 * file->write(document.toJson());
 * \endcode
 *
 * Whatever interrupts an operation (an error, a cancel, the end of the process, a power cut), the
 * target holds exactly the old content or exactly the new; AtomicFileResult::targetState() says which.
 *
 * Order: operations on one target run in the order in which they were asked for, from whichever
 * object or thread, and whichever spelling of the path was used; different targets run in parallel. Small
 * durable writes to one volume that pile up are committed in groups, like those of an AtomicFileBatch, which
 * takes fewer flushes of the device, and far fewer where one can be for all; their results arrive together.
 * Not on Windows, where any of them may have to wait for another program.
 *
 * Results: the future of each operation finishes with exactly one result, on success, failure and
 * cancel(). QFuture::cancel() is honoured until the new file is published, but Qt drops the result of
 * a future that was cancelled; the signals carry it all the same. A caller without an event loop may
 * use QFuture::result(). Progress is reported through the future (in thousandths) and through
 * progressChanged().
 *
 * Threads: the static functions may be called from any thread. An object belongs to its thread, like
 * any QObject, and its signals arrive there, never from the destructor. Progress, results and
 * busyChanged(false) come through the event loop, never before the call that started the operation
 * has returned; busyChanged(true) and fileNameChanged() are emitted inside the call that causes them.
 * Every call returns at once: bytes and text are shared with the caller, not copied, and all work is
 * done on a thread pool.
 *
 * A continuation without a context (QFuture::then(function)) runs on the library's own threads: keep it
 * short, and wait there for no other operation, which may be waiting for this one.
 *
 * While a path cannot be resolved (a network volume that hangs), operations asked for after it wait.
 *
 * The end: destroying an object lets its operations complete. What was accepted is finished before
 * the program ends normally: by the end of the QCoreApplication, and without one by exit(), but not by
 * an exit() that a continuation without a context calls. Before a plugin is unloaded whose continuations
 * are pending, call waitForPending(). On Windows so does a program without a QCoreApplication whose
 * continuations create static objects, before it returns from main(): exit() holds a lock that these
 * need.
 */
class ATOMICFILE_EXPORT AtomicFile : public QObject
{
    Q_OBJECT
    Q_PROPERTY(QString fileName READ fileName WRITE setFileName NOTIFY fileNameChanged)
    Q_PROPERTY(AtomicFileOptions options READ options WRITE setOptions)
    Q_PROPERTY(bool busy READ isBusy NOTIFY busyChanged)

public:
    explicit AtomicFile(QObject *parent = nullptr);
    explicit AtomicFile(const QString &fileName, QObject *parent = nullptr);
    ~AtomicFile() override;

    /// The file that the operations concern. A relative path means what the current directory is
    /// when an operation is asked for. Running operations keep the name they began with.
    QString fileName() const;
    void setFileName(const QString &fileName);

    /// How operations asked for from now on are done.
    AtomicFileOptions options() const;
    void setOptions(const AtomicFileOptions &options);

    /// True from asking for an operation until right before finished() of the last one.
    bool isBusy() const;

    /// Makes bytes the content of the file.
    QFuture<AtomicFileResult> write(const QByteArray &bytes);
    /// The same with text as UTF-8, without a byte order mark, newlines as given.
    QFuture<AtomicFileResult> writeText(const QString &text);
    /// Gives the file the name destination, to which all options apply. Within a volume this is one
    /// atomic step; to another volume the file is copied, made durable, and only then removed. If it
    /// cannot be removed the result is a failure at Step::RemoveSource: both exist, nothing is lost.
    /// A file that is written into while it is copied stays, with Error::Conflict: at Step::Write the
    /// target is unchanged, at Step::RemoveSource it is a copy from before. A symbolic link is moved as
    /// a link. fileName() does not change.
    QFuture<AtomicFileResult> moveTo(const QString &destination);
    /// Makes destination a copy of the file, a symbolic link being followed. Holes stay holes, and
    /// storage is shared where the file system can. A new destination gets the file's permissions; if
    /// the caller's group is not the file's, what they give to the group shrinks to what they give to
    /// everybody (Loss::Permissions). Files that are made up while they are read (procfs) are copied
    /// to their end. If another program writes into the file meanwhile, the copy would be a mix: it
    /// fails with Error::Conflict and destination is unchanged.
    QFuture<AtomicFileResult> copyTo(const QString &destination);

    /// Asks this object's operations to end. Those not yet published fail with Error::Cancelled and
    /// leave the target unchanged; the others complete.
    void cancel();

    // The same without an object, hence without signals and cancel(); from any thread. A relative path
    // means what the current directory is now.

    /// Makes bytes the content of the file at path, as write() does.
    static QFuture<AtomicFileResult> writeFile(const QString &path, const QByteArray &bytes,
                                               const AtomicFileOptions &options = {});
    /// Makes text, as UTF-8 without a byte order mark, the content of the file at path, as writeText()
    /// does.
    static QFuture<AtomicFileResult> writeTextFile(const QString &path, const QString &text,
                                                   const AtomicFileOptions &options = {});
    /// Gives source the name destination, to which the options apply, as moveTo() does: to another
    /// volume by a durable copy, and a symbolic link as a link. A failure at Step::RemoveSource leaves
    /// both.
    static QFuture<AtomicFileResult> moveFile(const QString &source, const QString &destination,
                                              const AtomicFileOptions &options = {});
    /// Makes destination, to which the options apply, a copy of source, as copyTo() does; links are
    /// followed. A source that is written into meanwhile ends in Error::Conflict.
    static QFuture<AtomicFileResult> copyFile(const QString &source, const QString &destination,
                                              const AtomicFileOptions &options = {});

    /// All bytes of a file with the version that they belong to, also while others replace it; in
    /// order with the writes that were asked for before. Error::Busy if it keeps changing.
    static QFuture<AtomicFileContent> readFile(const QString &path);
    /// Removes from a directory the staged files that a crash left there and gives their paths.
    /// Files of living processes, of this one too, and files of others stay, with one exception: a
    /// symbolic link that is just being moved from another volume cannot be told from one that a
    /// crash left. It is removed, and that move fails; its source is still there.
    static QFuture<QStringList> sweep(const QString &directory);

    /// Blocks until everything that was accepted so far by this process has finished; false if the
    /// deadline passed before. Operations asked for meanwhile are waited for as well. In a continuation
    /// without a context it gives false at once: the operation that it continues is not finished.
    static bool waitForPending(QDeadlineTimer deadline = QDeadlineTimer(QDeadlineTimer::Forever));

    // Every call returns at once, so whoever has more to save than memory for it has to wait now and then:
    //     AtomicFile::whenBelowPendingLimit().waitForFinished();
    //     AtomicFile::writeFile(...);
    // Where a thread must not block, ask for more while the future isFinished(), and go on in its then() only
    // where it is not: of a finished one then() calls the function at once, again and again within itself.
    // Thread-safe.

    /// Bytes that the operations hold which have not finished: their content (of text twice its length),
    /// and 2 KiB each.
    static qint64 pendingBytes();
    /// 256 MiB unless set. Only whenBelowPendingLimit() heeds it; nothing is refused.
    static qint64 pendingLimit();
    /// 0, which lets one operation in after the other, if bytes are fewer.
    static void setPendingLimit(qint64 bytes);
    /// Finishes at once or as soon as no more is pending than the limit says. Then one more operation may be
    /// asked for: what is pending never exceeds the limit by more than one operation for each such future.
    static QFuture<void> whenBelowPendingLimit();

Q_SIGNALS:
    /// Emitted by setFileName() before it returns.
    void fileNameChanged(const QString &fileName);
    /// With true emitted by the call that asks for the first operation, before it returns and when the
    /// operation is under way; with false through the event loop, before finished() of the last one.
    void busyChanged(bool busy);
    /// At most about 30 times a second, and once at the end. bytesTotal is -1 where it is unknown.
    void progressChanged(qint64 bytesDone, qint64 bytesTotal);
    /// Comes before finished(), if the operation failed.
    void errorOccurred(const AtomicFileResult &result);
    /// Comes exactly once for each operation.
    void finished(const AtomicFileResult &result);

private:
    friend class AtomicFilePrivate;
    Q_DISABLE_COPY(AtomicFile)
    const std::unique_ptr<AtomicFilePrivate> d;
};
