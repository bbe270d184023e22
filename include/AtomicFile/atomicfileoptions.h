// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include <AtomicFile/atomicfile_export.h>
#include <AtomicFile/atomicfileversion.h>

#include <QtCore/QFileDevice>
#include <QtCore/QMetaType>
#include <QtCore/QObject>
#include <QtCore/QString>

#include <chrono>
#include <optional>

/**
 * How one operation is to be done. A plain aggregate: make one, change what differs, pass it on. The
 * defaults are what a document wants.
 *
 * Members that this version does not offer yet say so; asking for one gives
 * AtomicFileResult::Error::Unsupported at Step::Resolve, and nothing is touched.
 */
struct ATOMICFILE_EXPORT AtomicFileOptions
{
    Q_GADGET

public:
    /// What survives a power cut once success was reported.
    enum class Durability {
        None, ///< Atomic against a crash of the process; no syncs, so no promise for a power cut.
        Consistent, ///< After a power cut the target is the old or the new file, whole.
        Durable     ///< Once reported, the new file survives a power cut.
    };
    Q_ENUM(Durability)

    /// What may stand at the target.
    enum class Existing {
        Replace,   ///< a regular file, or nothing
        CreateNew, ///< nothing, else Error::AlreadyExists
        MustExist  ///< a regular file, else Error::NotFound
    };
    Q_ENUM(Existing)

    /// A symbolic link at the target, also one that leads nowhere.
    enum class Symlinks {
        Follow,  ///< its destination is the target; a cycle is Error::InvalidPath
        Replace, ///< the link itself is replaced by a file
        Refuse   ///< Error::NotRegularFile
    };
    Q_ENUM(Symlinks)

    /// A target that has further names (a link count above one).
    enum class HardLinks {
        Break,       ///< the target becomes a file of its own, the other names keep the old content
        Refuse,      ///< Error::TooManyLinks
        WriteInPlace ///< all names get the new content, as with InPlace::WhenReplaceImpossible
    };
    Q_ENUM(HardLinks)

    /**
     * What belongs to the replaced file beside its content.
     *
     * Preserve keeps owner, group, permissions, access control list and extended attributes with
     * security labels; on macOS the flags "hidden" and "nodump" too, on Windows attributes, streams and
     * the time of creation. The times of the last access and change are those of writing. Whatever
     * happens, nobody but the owner of the new file may do more with it than with the old one, at no
     * instant; what cannot be kept is told by AtomicFileResult::losses().
     *
     * As with a file that is written to in place, what was said of the old content does not hold for the
     * new one: on Linux the capabilities of a program and its IMA signature are not kept. Set-id bits
     * are, if owner and group are.
     */
    enum class Metadata {
        Preserve,
        Fresh ///< as for a new file
    };
    Q_ENUM(Metadata)

    /**
     * The last resort that is not atomic: the target is overwritten, as it cannot be replaced. Its
     * directory takes no file (it is read-only, or not the caller's), or does not give the target's name
     * away (a directory like /tmp, with a target that is somebody else's); or the target is a mount of its
     * own, as in containers. Nothing is written before the atomic way has failed for one of these reasons.
     * A move never does it, and neither does anything to a target with further names, unless
     * HardLinks::WriteInPlace says that they are all meant: Error::TooManyLinks.
     *
     * Other programs may meet half of the new file meanwhile; this library's wait, and say Error::Busy.
     * A crash or a power cut loses nothing: a synced copy of the old content, which only the user may
     * read, is in `$XDG_STATE_HOME/atomicfile` (`~/.local/state/atomicfile`; on macOS `~/Library/Application
     * Support/AtomicFile`, on Windows `%LOCALAPPDATA%\\AtomicFile`) until the new one is synced. The next
     * operation of the same user that reads the target, or may overwrite it, puts the old content back,
     * and so does AtomicFile::sweep() of its directory. What another program or user has written into the
     * target between the crash and that is lost.
     *
     * What belongs to the target beside its content stays as it is. Success is told with
     * AtomicFileResult::Atomicity among the losses, and synced whatever the durability. If writing fails
     * the old content is put back; if that fails too the state is TargetState::Displaced, and
     * retainedFiles() names the old and the new content, until the next operation puts the old one back.
     * Error::Unsupported where files cannot be locked, or the file system does not know when they came
     * into being (most of those in FUSE, old NFS).
     */
    enum class InPlace { Never, WhenReplaceImpossible };
    Q_ENUM(InPlace)

    /// Content that equals what the target already holds.
    enum class Unchanged {
        Rewrite,
        /// Writes and copies compare first. If the target has the content already it is only made as
        /// durable as asked, keeps all that belongs to it, and the result is a success with
        /// TargetState::Unchanged and its version.
        Skip
    };
    Q_ENUM(Unchanged)

    /**
     * Keeping the replaced file, whole and with all that belongs to it, under another name beside the
     * target: result.backupFileName(). That name is given in one step right before publishing, and the
     * target is never missing for it. Without a backup there is no replacing: if it cannot be made the
     * operation fails at Step::Backup, and the target is unchanged.
     *
     * A backup is a hard link where the file system has those, else a clone or a copy; always one of these
     * where the target may be written in place.
     */
    struct Backup
    {
        /// How many are kept: 0 none, 1 as "name~", more as "name.~1~", the youngest, to "name.~n~",
        /// the oldest, which is dropped for the next.
        int generations = 0;
        /// Instead of those: 1 as "name" and the suffix, more as that and ".1" to ".n".
        QString suffix;
    };

    Durability durability = Durability::Durable;
    Existing existing = Existing::Replace;
    Symlinks symlinks = Symlinks::Follow;
    HardLinks hardLinks = HardLinks::Break;
    Metadata metadata = Metadata::Preserve;
    InPlace inPlace = InPlace::Never;
    Unchanged unchanged = Unchanged::Rewrite;
    Backup backup = {};
    /// The target must be in this state, a null version meaning that it must not exist; else
    /// Error::Conflict. Checked at the start and again right before publishing.
    std::optional<AtomicFileVersion> expectedVersion = {};
    /// The permissions of a new file, exactly; without them, 0666 less the umask, as for any file. A
    /// target that is replaced keeps its own (unless Metadata::Fresh), a moved file keeps its own.
    std::optional<QFileDevice::Permissions> permissions = {};
    /// How long to try again while another program holds the target. POSIX systems do not hold files.
    std::chrono::milliseconds busyTimeout{2000};
};

Q_DECLARE_METATYPE(AtomicFileOptions)
