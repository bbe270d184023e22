// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include <AtomicFile/atomicfile_export.h>
#include <AtomicFile/atomicfileoptions.h>
#include <AtomicFile/atomicfileresult.h>

#include <QtCore/QFileDevice>
#include <QtCore/QFuture>
#include <QtCore/QIODevice>
#include <QtCore/QString>

#include <memory>

class AtomicFileDevicePrivate;

/**
 * Writes a file as a stream and replaces the target by it in one atomic step at commit().
 *
 * Takes QSaveFile's place, method for method, in memory that does not grow with the content:
 * \code
 * AtomicFileDevice file(path);
 * if (file.open(QIODevice::WriteOnly)) {
 *     QTextStream(&file) << ...;
 *     if (!file.commit())
 *         showMessage(file.result().errorString());
 * }
 * \endcode
 * Beyond QSaveFile it changes files (Append, ReadWrite) without another program ever seeing the change
 * half done, and it commits without blocking.
 *
 * open(), write() and read() work on the calling thread; commit() blocks it, commitAsync() does not.
 * Until then nothing has happened to the target; destroying an open device discards what was written.
 * The device is to be used by one thread at a time.
 */
class ATOMICFILE_EXPORT AtomicFileDevice : public QIODevice
{
    Q_OBJECT

public:
    explicit AtomicFileDevice(QObject *parent = nullptr);
    explicit AtomicFileDevice(const QString &fileName, QObject *parent = nullptr);
    ~AtomicFileDevice() override;

    QString fileName() const;
    /// For the next open().
    void setFileName(const QString &fileName);
    AtomicFileOptions options() const;
    /// For the next open().
    void setOptions(const AtomicFileOptions &options);
    /// Another word for AtomicFileOptions::inPlace: WhenReplaceImpossible or Never. For the next open().
    /// Unlike QSaveFile the device writes to the target only in commit(), when all the content is there,
    /// and keeps the old content until the new one is synced.
    void setDirectWriteFallback(bool enabled);
    bool directWriteFallback() const;

    /**
     * Stages the new file. What it begins with is decided by the mode:
     *
     * - WriteOnly, ReadWrite | Truncate, Append | Truncate: nothing.
     * - ReadWrite: what the target holds. Reading gives that and what was written since.
     * - Append, ReadWrite | Append: the same, and whatever is written goes to its end.
     *
     * Where there is no target, every mode begins with nothing. Text and Unbuffered mean what they do
     * for QFile; NewOnly is Existing::CreateNew, ExistingOnly is Existing::MustExist. ReadOnly alone is
     * refused as Error::Unsupported: use QFile, or AtomicFile::readFile().
     *
     * The target's content comes as a clone where the file system makes such (btrfs, XFS, APFS): a
     * change costs what is changed, whatever the size of the file. Elsewhere it is copied, holes staying
     * holes, by this call, which takes as long as that does. It is the content of one version:
     * Error::Conflict if a program writes into the target meanwhile. The target has to be readable, and
     * with Symlinks::Replace must not be a link (Error::NotRegularFile).
     *
     * No update is lost: a device that began with the target's content replaces that version only.
     * commit() fails with Error::Conflict if another program has replaced, changed, removed or, where
     * there was none, created the target since open(). AtomicFileOptions::expectedVersion, if set, is
     * the version that has to be found by both.
     *
     * On failure false is returned, result() and error() say why, and nothing is left behind. The device
     * may be opened again, also after commit().
     */
    bool open(OpenMode mode) override;
    /// Discards what was written, and what a text stream over the device still holds; a device that
    /// is only closed has changed nothing.
    void close() override;
    bool isSequential() const override;
    qint64 size() const override;
    /// Beyond the end as well: what lies between reads as zeros once something was written there.
    bool seek(qint64 position) override;
    /// Hands what was collected to the system; false if that failed. Nobody has to call this: reading
    /// and committing do.
    bool flush();
    /// Cuts the new file, or extends it by a hole. False if the device is not open or it failed.
    bool resize(qint64 size);
    /// Those that the new file will have: the target's, if it takes them over. Of a closed device, those
    /// of the file that stands at fileName() now.
    QFileDevice::Permissions permissions() const;
    /**
     * Permissions of the new file, whether or not it replaces one. What they forbid is forbidden at
     * once, the rest is given by commit(), and an access control list is not kept beside them. False if
     * the device is not open or it failed.
     *
     * On Windows a target that is replaced keeps its own, unless Metadata::Fresh.
     */
    bool setPermissions(QFileDevice::Permissions permissions);

    /// Closes the device and replaces the target; blocks until that is as durable as the options ask.
    /// False if it failed, or if anything failed since open(): result() says what and how the target
    /// is now. What a QTextStream over the device still holds is written first, as it always is when
    /// a device closes; if that fails, so does the commit. The work is done on the calling thread, unless
    /// other operations are pending: then on a thread of the library's, in its turn.
    bool commit();
    /// The same without blocking; what a text stream still holds is written on the calling thread. The
    /// future tells progress and can be cancelled, as those of AtomicFile can. The device may be used
    /// again at once, but what is opened to append or to read begins with what the target holds then:
    /// wait for the future, or the next commit ends in Error::Conflict. result() stays what it was when
    /// the device had closed.
    QFuture<AtomicFileResult> commitAsync();
    /// Gives up: commit() will fail with Error::Cancelled, the staged file is removed at once.
    void cancelWriting();

    /// What happened since open(): the first failure, or what commit() did.
    AtomicFileResult result() const;
    /// The same in the words of QFile and QSaveFile: OpenError for what keeps open() from staging,
    /// WriteError for a target that is protected or a directory, for failed writes and syncs, and after
    /// cancelWriting(), ResourceError for lack of space or of memory, RenameError for what goes wrong
    /// when the new file takes the target's place.
    QFileDevice::FileError error() const;
    /// error() is NoError until the next failure. What has failed stays so: result() and commit() say it.
    void unsetError();

protected:
    qint64 readData(char *data, qint64 maxSize) override;
    qint64 writeData(const char *data, qint64 size) override;

private:
    bool check(bool succeeded);
    bool closeForCommit();

    Q_DISABLE_COPY(AtomicFileDevice)
    const std::unique_ptr<AtomicFileDevicePrivate> d;
};
