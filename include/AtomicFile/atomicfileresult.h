// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include <AtomicFile/atomicfile_export.h>
#include <AtomicFile/atomicfileversion.h>

#include <QtCore/QMetaType>
#include <QtCore/QObject>
#include <QtCore/QSharedDataPointer>
#include <QtCore/QString>
#include <QtCore/QStringList>

class AtomicFileResultData;

/**
 * What happened to one target, truthfully: whether it worked, where it failed, and above all what the
 * target holds now.
 *
 * An implicitly shared value; all functions are reentrant. Converts to true on success.
 */
class ATOMICFILE_EXPORT AtomicFileResult
{
    Q_GADGET

public:
    /// What went wrong.
    enum class Error {
        None,
        InvalidPath, ///< a path that can never name a file: empty, with a NUL, a cycle of links
        NotFound,    ///< no such directory, no such source, or no target under Existing::MustExist
        PermissionDenied, ///< the target is write-protected, or its directory lets nobody in
        ReadOnlyFileSystem,
        AlreadyExists, ///< a target under Existing::CreateNew
        IsDirectory,
        NotRegularFile, ///< a device, FIFO or socket, or a symbolic link under Symlinks::Refuse
        NoSpace,        ///< the disk is full or a quota is reached
        FileTooLarge,
        TooManyLinks, ///< hard links under HardLinks::Refuse
        NameTooLong,
        Busy,     ///< another program holds or keeps changing the file
        Conflict, ///< the file is not in the expected version, or changed while it was copied
        Cancelled,
        Unsupported,       ///< not offered by this file system, or not by the device in this mode
        ResourceExhausted, ///< memory or open files ran out
        DeviceError,       ///< the medium or the connection to it failed
        Unknown
    };
    Q_ENUM(Error)

    /// Where it went wrong, in the order of an operation.
    enum class Step {
        None,
        Resolve, ///< finding the directory and following links
        Inspect, ///< looking at what stands there, source or target
        Stage,   ///< creating the staged file
        Write,
        CarryMetadata,
        SyncContent, ///< making the staged content durable
        Backup,
        Publish,       ///< making the staged file the target
        SyncDirectory, ///< making the new name durable
        RemoveSource   ///< of a move; source and target both exist, nothing is lost
    };
    Q_ENUM(Step)

    /// What the target holds now.
    enum class TargetState {
        Unchanged,          ///< the old file, or still nothing
        Replaced,           ///< the new file, to the durability that was asked for
        ReplacedNotDurable, ///< the new file, but a power cut may bring the old one back
        /// Nothing, or after writing in place maybe a mix; old and new both exist under the names in
        /// retainedFiles().
        Displaced
    };
    Q_ENUM(TargetState)

    /// What a successful operation could not keep or give.
    enum Loss {
        NoLoss = 0,
        Owner = 1,              ///< or the group
        Permissions = 2,        ///< not those that they were to be
        AccessControlList = 4,  ///< on POSIX systems only the owner has access now
        ExtendedAttributes = 8, ///< at least one, or a stream (Windows) or a flag (macOS)
        Timestamps = 16,
        Atomicity = 32,
        Durability = 64 ///< the file system has no way to sync a directory
    };
    Q_DECLARE_FLAGS(Losses, Loss)
    Q_FLAG(Losses)

    /// The result of nothing: no error, target unchanged.
    AtomicFileResult();
    AtomicFileResult(const AtomicFileResult &other);
    AtomicFileResult(AtomicFileResult &&other) noexcept;
    AtomicFileResult &operator=(const AtomicFileResult &other);
    AtomicFileResult &operator=(AtomicFileResult &&other) noexcept;
    ~AtomicFileResult();

    void swap(AtomicFileResult &other) noexcept { d.swap(other.d); }

    explicit operator bool() const { return error() == Error::None; }

    Error error() const;
    Step step() const;
    TargetState targetState() const;
    Losses losses() const;
    /// The system's own error number (errno, GetLastError()); 0 where no system call failed.
    int nativeError() const;
    /// One translated sentence for a person: what went wrong, why, and what became of the target.
    /// Empty on success.
    QString errorString() const;
    /// The target after symbolic links; as it was given if it could not be resolved.
    QString fileName() const;
    /// Bytes of content that were staged; 0 for a move within a volume.
    qint64 bytesWritten() const;
    /// How often publishing was tried.
    int attempts() const;
    /// The version of the new file; null if the target was not replaced.
    AtomicFileVersion version() const;
    /// Where the old file was kept; empty if it was not.
    QString backupFileName() const;
    /// Files of this operation that remain beside the target because they could not be removed.
    QStringList retainedFiles() const;

private:
    friend struct AtomicFileConversion;
    explicit AtomicFileResult(AtomicFileResultData *data);

    QSharedDataPointer<AtomicFileResultData> d;
};

Q_DECLARE_OPERATORS_FOR_FLAGS(AtomicFileResult::Losses)
Q_DECLARE_SHARED(AtomicFileResult)
Q_DECLARE_METATYPE(AtomicFileResult)

ATOMICFILE_EXPORT QDebug operator<<(QDebug debug, const AtomicFileResult &result);
