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
 * Takes QSaveFile's place for writing a file from its beginning, in memory that does not grow with
 * the content:
 * \code
 * AtomicFileDevice file(path);
 * if (file.open(QIODevice::WriteOnly)) {
 *     QTextStream(&file) << ...;
 *     if (!file.commit())
 *         showMessage(file.result().errorString());
 * }
 * \endcode
 *
 * open() and write() work on the calling thread; commit() blocks it, commitAsync() does not. Until
 * then nothing has happened to the target; destroying an open device discards what was written. The
 * device is to be used by one thread at a time.
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

    /**
     * Stages a new file. The mode is WriteOnly, with Text, Truncate, Unbuffered, NewOnly
     * (Existing::CreateNew) or ExistingOnly (Existing::MustExist) if wanted. ReadWrite and Append are
     * not offered yet: result() is then Error::Unsupported.
     * On failure false is returned, result() and error() say why, and nothing is left behind.
     */
    bool open(OpenMode mode) override;
    /// Discards what was written, and what a text stream over the device still holds; a device that
    /// is only closed has changed nothing.
    void close() override;
    bool isSequential() const override;
    qint64 size() const override;
    bool seek(qint64 position) override;

    /// Closes the device and replaces the target; blocks until that is as durable as the options ask.
    /// False if it failed, or if anything failed since open(): result() says what and how the target
    /// is now. What a QTextStream over the device still holds is written first, as it always is when
    /// a device closes; if that fails, so does the commit.
    bool commit();
    /// The same without blocking; what a text stream still holds is written on the calling thread.
    /// The device may be used again at once; result() stays what it was when the device had closed.
    QFuture<AtomicFileResult> commitAsync();
    /// Gives up: commit() will fail with Error::Cancelled, the staged file is removed at once.
    void cancelWriting();

    /// What happened since open(): the first failure, or what commit() did.
    AtomicFileResult result() const;
    /// The same in the words of QFile and QSaveFile.
    QFileDevice::FileError error() const;

protected:
    qint64 readData(char *data, qint64 maxSize) override;
    qint64 writeData(const char *data, qint64 size) override;

private:
    Q_DISABLE_COPY(AtomicFileDevice)
    const std::unique_ptr<AtomicFileDevicePrivate> d;
};
