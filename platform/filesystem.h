// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "file_info.h"
#include "path.h"
#include "result.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace atomicfile {

/// An open directory or file. Only the FileSystem that gave a handle knows what the number means.
/// Whoever received a handle owns it and closes it exactly once; see UniqueDirectory and UniqueFile.
struct DirectoryHandle
{
    std::intptr_t value = -1;
    bool isOpen() const noexcept { return value != -1; }
};

struct FileHandle
{
    std::intptr_t value = -1;
    bool isOpen() const noexcept { return value != -1; }
};

/// SearchOnly opens a directory that may be entered but not read: names in it work, reading and
/// syncing it do not (Linux: `O_PATH`, an fsync through which is `EBADF`).
enum class DirectoryAccess { Read, SearchOnly };

/// Attributes is enough for statFile, birthTime and lockFile and for nothing else. Where open files exclude
/// each other, such a handle keeps nobody from anything, and nobody keeps it from being opened.
enum class FileAccess { Attributes, Read, ReadWrite };

/// Content: what is needed to read the content back (fdatasync). Everything: names and attributes
/// as well (fsync). Both reach the medium, past the drive's cache, where the system offers that.
enum class SyncScope { Content, Everything };

/// Asking for times has a price. A file whose times somebody has seen gets new ones at its next change
/// however soon that comes (Linux 6.13, multigrain timestamps), and the next sync has more to write out.
/// Whoever leaves them out may be told 0.
enum class Times { Asked, LeftOut };

/// An access control list as the system stores it; empty means that there is none beyond the mode.
using AccessControl = std::vector<std::byte>;

using AttributeValue = std::vector<std::byte>;

/// What an extended attribute says something of, to go by its name.
enum class AttributeKind {
    OfFile,    ///< of the file, whatever is in it
    OfContent, ///< of the content that the file has: the system takes it away when that is written to
    OfSystem, ///< the file system shows something of its own in this form, who may do what for example
};

/// How a system differs from the others in ways that change the sequence of src/core.
struct Capabilities
{
    bool canSyncDirectory = true; ///< false: each rename is durable when it returns
    bool replaceKeepsMetadata =
        false;                      ///< true: replace() is offered, in two steps that a crash parts
    bool publishesOpenFiles = true; ///< false: a file must be closed before it takes another name
    bool syncsReadHandles = true;   ///< false: syncFile() needs FileAccess::ReadWrite
    bool modesGuard = true;        ///< false: a directory decides who may use what is created in it
    std::size_t longestName = 255; ///< in units of Path::value_type
};

/**
 * The operating system, one method per call, each named in calls.h.
 *
 * Thread safety: every method may be called from any thread; one handle must not be used by two
 * threads at once. Ownership: handles belong to the caller. A failed call that returns a handle has
 * opened nothing; any other failed call leaves the file system as it was, unless its comment says
 * otherwise. No method throws but for std::bad_alloc, and none changes process-wide state.
 *
 * Names are single components relative to an open directory: a directory that is renamed or swapped
 * meanwhile cannot redirect a call. No method follows a symbolic link in the last component.
 *
 * ErrorClass::Interrupted means that a signal came first and nothing was done: every call but the
 * two closes may be made again (core does).
 */
class FileSystem
{
public:
    FileSystem() = default;
    FileSystem(const FileSystem &) = delete;
    FileSystem &operator=(const FileSystem &) = delete;
    virtual ~FileSystem();

    virtual Capabilities capabilities() const = 0;

    /// Why no file can have this path on this system, whatever is on the disk: reserved names,
    /// forbidden characters, forms that mean different files at different times. Nothing if one may.
    /// Not a call: it is decided without asking the disk.
    virtual std::optional<ErrorClass> judgePath(const Path &path) const = 0;

    /// The number of the user as whom calls are made, as FileInfo::owner has it. Not a call: it cannot
    /// fail. 0 where owners are no numbers.
    virtual std::uint32_t effectiveUser() const;

    /// Where this user's programs keep what is nobody else's business; need not exist yet. Nothing if
    /// the system tells of no such place. Not a call.
    virtual std::optional<Path> stateDirectory() const;

    /// How many files and directories this process may have open. Not a call: it cannot fail.
    virtual std::size_t mostOpenFiles() const;

    /// Of a clock that only goes forward. Not a call: it cannot fail.
    virtual std::chrono::nanoseconds steadyTime() const;

    /// Not a call: it is decided without asking the disk.
    virtual AttributeKind attributeKind(const std::string &name) const;

    // --- Directories ---

    /// Opens the directory that path names, following symbolic links. NotFound also where a
    /// component before the last is not a directory.
    virtual Result<DirectoryHandle> openDirectory(const Path &path, DirectoryAccess access) = 0;
    /// The handle is gone afterwards, also when closing fails.
    virtual Status closeDirectory(DirectoryHandle directory) = 0;
    /// Makes the names in the directory durable. Unsupported where the file system cannot.
    virtual Status syncDirectory(DirectoryHandle directory) = 0;
    /// Creates a directory in a directory, with this mode less the umask; AlreadyExists if something has
    /// the name. Where modes do not guard, it is as open as the one that it is in.
    virtual Status createDirectory(DirectoryHandle directory, const Path &name, ModeBits mode) = 0;
    /// The names in the directory that begin with prefix, without "." and "..", in no particular
    /// order; an empty prefix means all. Names are compared as the system or its file system does:
    /// where that folds case, names that begin with the prefix in other letters may be among them.
    virtual Result<std::vector<Path>> readDirectory(DirectoryHandle directory,
                                                    const Path &prefix) = 0;
    /// Without times.
    virtual Result<FileInfo> statDirectory(DirectoryHandle directory) = 0;

    // --- Names in a directory ---

    virtual Result<FileInfo> stat(DirectoryHandle directory, const Path &name) = 0;
    /// Ok if the caller, by its effective ids, may write to the file; PermissionDenied or
    /// ReadOnlyFileSystem if not. Does not follow a symbolic link.
    virtual Status checkWritable(DirectoryHandle directory, const Path &name) = 0;
    /// What a symbolic link says, as it says it.
    virtual Result<Path> readLink(DirectoryHandle directory, const Path &name) = 0;
    /// The spelling under which the directory holds a file that the file system finds under several:
    /// letter case, short names, forms of Unicode. May be NotFound if there is none; a back-end that
    /// knows one spelling only answers with the name as given and does not look.
    virtual Result<Path> storedName(DirectoryHandle directory, const Path &name) = 0;
    /// AlreadyExists if the name is taken.
    virtual Status createSymlink(DirectoryHandle directory, const Path &name,
                                 const Path &destination) = 0;
    /// Replaces what stands at the new name, in one atomic step. NotSameDevice between volumes. Where
    /// both names are links to one file, POSIX does nothing and says ok.
    virtual Status rename(DirectoryHandle fromDirectory, const Path &from,
                          DirectoryHandle toDirectory, const Path &to) = 0;
    /// As rename, but AlreadyExists if the new name is taken; Unsupported where the file system or
    /// the kernel lacks it.
    virtual Status renameNoReplace(DirectoryHandle fromDirectory, const Path &from,
                                   DirectoryHandle toDirectory, const Path &to) = 0;
    /// Two names of one directory change places, in one atomic step. NotFound if either is missing;
    /// Unsupported where the file system or the kernel lacks it.
    virtual Status exchange(DirectoryHandle directory, const Path &one, const Path &other) = 0;
    /**
     * Makes staged the file at target, where one stands, and keeps the old one as backup, a name that
     * is free. The new file takes over the metadata of the old one.
     *
     * Only where Capabilities::replaceKeepsMetadata, Unsupported elsewhere. After a failure both have
     * the names that they had, but for HalfReplaced: then the old file stands at backup, nothing at
     * target, and staged keeps its name. A crash may leave that as well, or staged gone and both other
     * names there. What it did is durable after syncFile(SyncScope::Everything) of the new file.
     */
    virtual Status replace(DirectoryHandle directory, const Path &staged, const Path &target,
                           const Path &backup) = 0;
    /// A second name for a file. AlreadyExists if it is taken, Unsupported where there are no hard
    /// links.
    virtual Status link(DirectoryHandle fromDirectory, const Path &from,
                        DirectoryHandle toDirectory, const Path &to) = 0;
    virtual Status unlink(DirectoryHandle directory, const Path &name) = 0;

    // --- Files ---

    /// Creates a file that did not exist, open for reading and writing; AlreadyExists otherwise. The
    /// system takes its umask, or the directory's default access control list, off the mode.
    virtual Result<FileHandle> createFile(DirectoryHandle directory, const Path &name,
                                          ModeBits mode) = 0;
    /// Opens an existing regular file; never waits for the other end of a FIFO. A symbolic link is
    /// NotRegularFile. Callers look at statFile before they trust the handle.
    virtual Result<FileHandle> openFile(DirectoryHandle directory, const Path &name,
                                        FileAccess access) = 0;
    /// The handle is gone afterwards, also when closing reports an error of an earlier write.
    virtual Status closeFile(FileHandle file) = 0;
    virtual Result<FileInfo> statFile(FileHandle file, Times times) = 0;
    /// When the file came into being. Tells it from an earlier one whose number it has. Unsupported where
    /// the file system does not know.
    virtual Result<Nanoseconds> birthTime(FileHandle file) = 0;
    /// Takes the advisory lock that marks a staged file as alive; Busy if another holder has it. The
    /// lock ends with the handle, however the process ends. The key is the same for all files of one
    /// operation: a system that cannot lock a file without keeping others out locks that name instead.
    virtual Status lockFile(FileHandle file, const Path &key) = 0;
    /// Returns how many bytes were read, which may be fewer than asked for; 0 at the end.
    virtual Result<std::size_t> readAt(FileHandle file, std::int64_t offset,
                                       std::span<std::byte> buffer) = 0;
    /// Returns how many bytes were written, at least one but maybe fewer than given.
    virtual Result<std::size_t> writeAt(FileHandle file, std::int64_t offset,
                                        std::span<const std::byte> bytes) = 0;
    /// From now on ranges that were never written need take no storage; some file systems are dense
    /// unless told. Unsupported where there are no holes.
    virtual Status allowHoles(FileHandle file) = 0;
    /// Cuts a file, or extends it by a hole.
    virtual Status setSize(FileHandle file, std::int64_t size) = 0;
    /// Reserves storage for the first size bytes without changing the file's size or content.
    virtual Status reserve(FileHandle file, std::int64_t size) = 0;
    /// Asks the system to begin writing a range to the medium; never waits, never consumes a write
    /// error (a `SYNC_FILE_RANGE_WAIT_*` flag would).
    virtual Status startWriteback(FileHandle file, std::int64_t offset, std::int64_t length) = 0;
    /// The first offset at or after the given one that holds data; nothing if only a hole follows.
    /// Unsupported where the system cannot tell.
    virtual Result<std::optional<std::int64_t>> findData(FileHandle file, std::int64_t offset) = 0;
    /// The first offset at or after the given one where a hole begins; the end of a file counts as one.
    virtual Result<std::int64_t> findHole(FileHandle file, std::int64_t offset) = 0;
    /// Makes the destination share the source's storage, all of it. Unsupported or NotSameDevice
    /// where that is impossible.
    virtual Status cloneContent(FileHandle source, FileHandle destination) = 0;
    /**
     * Creates a file at a free name that shares the source's storage, all of it, and is open for
     * reading and writing; AlreadyExists if the name is taken. Unsupported or NotSameDevice where
     * that is impossible, also where the system clones only into an open file (cloneContent).
     *
     * The file gets exactly this mode, whatever the umask, and the times of now. For an instant it may
     * have the source's mode instead, but it is never open to anybody to whom the mode of the source did
     * not open that.
     */
    virtual Result<FileHandle> cloneFile(FileHandle source, DirectoryHandle directory,
                                         const Path &name, ModeBits mode) = 0;
    /// Copies inside the system; returns how many bytes, 0 at the end of the source. Unsupported or
    /// NotSameDevice where that is impossible.
    virtual Result<std::size_t> copyRange(FileHandle source, FileHandle destination,
                                          std::int64_t offset, std::size_t length) = 0;

    // --- What belongs to a file beside its content ---

    /// Clears the set-id bits on most systems: comes before setMode.
    virtual Status setOwner(FileHandle file, std::uint32_t owner, std::uint32_t group) = 0;
    virtual Status setMode(FileHandle file, ModeBits mode) = 0;
    virtual Status setTimes(FileHandle file, Nanoseconds accessed, Nanoseconds modified) = 0;
    /// Empty where the file has none; Unsupported where the file system has no such thing.
    virtual Result<AccessControl> readAccessControl(FileHandle file) = 0;
    /// An empty list removes it. May change the mode's group bits, so setMode comes after it.
    virtual Status writeAccessControl(FileHandle file, const AccessControl &list) = 0;
    /// The names of what else a file has that none of the calls above carries: extended attributes,
    /// but for those that hold access control lists and those that the system makes by itself.
    /// Unsupported where there are none.
    virtual Result<std::vector<std::string>> listAttributes(FileHandle file) = 0;
    /// NotFound if the file has no attribute of this name; Unsupported where attributes have names only.
    virtual Result<AttributeValue> readAttribute(FileHandle file, const std::string &name) = 0;
    /// Adds an attribute or replaces its value. NoSpace also where the file system has no room for this
    /// one, whatever the disk has; Unsupported where it takes none of that name. Clears nothing, but
    /// setOwner and writes take away what is AttributeKind::OfContent: it comes after them.
    virtual Status writeAttribute(FileHandle file, const std::string &name,
                                  const AttributeValue &value) = 0;
    /// Sets what FileInfo::flags tells and leaves other flags alone. Unsupported where there are none.
    virtual Status setFlags(FileHandle file, FileFlags flags) = 0;

    // --- Durability ---

    /**
     * Returns once the medium has it. A failure means that bytes written through this handle may be
     * gone although they still read back, and that the error will not be reported a second time: the
     * file must be discarded, never synced again.
     */
    virtual Status syncFile(FileHandle file, SyncScope scope) = 0;
    /**
     * Hands everything of the file to the device, which may still hold it in its cache. The medium has it once
     * syncFile() or syncDirectory() of anything on that volume has succeeded, which empties the cache. If that
     * fails, what was handed over may be gone, and no later sync tells. A failure of this call means what it
     * means for syncFile().
     *
     * Unsupported where that is not so, on a server for instance, and on Linux, which has syncVolume().
     */
    virtual Status writeOutFile(FileHandle file) = 0;
    /// The same for the names in the directory.
    virtual Status writeOutDirectory(DirectoryHandle directory) = 0;
    /**
     * Returns once the medium has everything that was written to the directory's volume, names and
     * attributes included. Fails if some of it, whosever it is, could not be written since the directory
     * was opened; what syncFile() tells of each file is not taken away by that.
     *
     * Unsupported where the system does not promise all this, and where more bytes than most wait to be
     * written on this machine: then each file by itself is the quicker way.
     */
    virtual Status syncVolume(DirectoryHandle directory, std::int64_t most) = 0;

    // --- What is no file ---

    /// Lets the calling thread rest; may return early.
    virtual Status pause(std::chrono::milliseconds duration) = 0;
    /// Fills the buffer with bytes that nobody can predict.
    virtual Status random(std::span<std::byte> buffer) = 0;
};

/// The file system of this machine. Lives as long as the process.
FileSystem &systemFileSystem();

} // namespace atomicfile
