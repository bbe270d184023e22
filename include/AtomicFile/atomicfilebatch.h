// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include <AtomicFile/atomicfile_export.h>
#include <AtomicFile/atomicfileoptions.h>
#include <AtomicFile/atomicfileresult.h>

#include <QtCore/QByteArray>
#include <QtCore/QFuture>
#include <QtCore/QList>
#include <QtCore/QString>

#include <memory>

class AtomicFileBatchPrivate;

/**
 * Writes many files in one operation, in groups of some dozens or hundreds, by how many files the process
 * may have open. The names of a directory are made durable once for a group; so is the content on Linux,
 * where the file system is known to say how that went (ext4, XFS, btrfs) and not too much of others' waits
 * to be written. On macOS and Windows (NTFS) each file is handed to a local disk, whose cache is then
 * emptied once for the content of a group and once for its names. Elsewhere each file's content is made
 * durable for itself.
 *
 * \code
 * AtomicFileBatch batch;
 * for (const Page &page : pages)
 *     batch.writeText(page.fileName(), page.toHtml());
 * batch.commit().then(this, [this](const QList<AtomicFileResult> &results) { show(results); });
 * \endcode
 *
 * A batch is not a transaction: each file is replaced atomically and for itself, and a failure of one
 * never fails its neighbours. After a crash or a power cut some may be old and others new, each whole.
 * Two entries for one target, under two spellings of its path too, happen in their order: the last one
 * stays, and both report what they did.
 *
 * Nothing is touched before commit(); destroying a batch discards the entries that were not committed.
 * What was committed is finished before the program ends, as with AtomicFile, and in order with other
 * operations on the same targets: a batch begins when all that was asked for before it is done there.
 *
 * All functions are reentrant and return at once: bytes and text are shared with the caller, not
 * copied, text is converted on the thread pool, where all the work is done. A batch that was moved from
 * can be assigned to or destroyed, and nothing else.
 */
class ATOMICFILE_EXPORT AtomicFileBatch
{
public:
    AtomicFileBatch();
    AtomicFileBatch(AtomicFileBatch &&other) noexcept;
    AtomicFileBatch &operator=(AtomicFileBatch &&other) noexcept;
    ~AtomicFileBatch();

    /// Adds an entry that makes bytes the content of the file at path. A relative path means what the
    /// current directory is now.
    void write(const QString &path, const QByteArray &bytes, const AtomicFileOptions &options = {});
    /// The same with text as UTF-8, without a byte order mark, newlines as given.
    void writeText(const QString &path, const QString &text, const AtomicFileOptions &options = {});

    bool isEmpty() const { return size() == 0; }
    /// How many entries there are that commit() would write.
    qsizetype size() const;

    /**
     * Writes all entries; afterwards the batch is empty and can be used again. The future finishes with
     * one list, which holds a result for each entry in the order of the entries; of an empty batch the
     * list is empty. An entry that fails leaves its target as it was and nothing beside it.
     *
     * QFuture::cancel() concerns the entries that are not published yet, but Qt drops the list of a
     * future that was cancelled. Progress, in thousandths, is that of the bytes of all entries.
     */
    QFuture<QList<AtomicFileResult>> commit();

private:
    Q_DISABLE_COPY(AtomicFileBatch)
    std::unique_ptr<AtomicFileBatchPrivate> d;
};
