// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "effects.h"
#include "platform/filesystem.h"
#include "profile.h"
#include "tree.h"

#include <limits>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace atomicfile::test {

/// What the modelled system can do, where its profile leaves a choice, and as whom the caller works.
struct MemoryOptions
{
    Profile profile = Profile::Linux;
    bool hasClone = false;
    bool hasCopyRange = true;
    bool hasReserve = true;
    bool hasHoles = true; ///< false: findData and findHole are not supported
    bool hasRenameNoReplace = true;
    bool hasExchange = true;
    bool hasLinks = true;
    bool hasSymlinks = true;
    bool hasAccessControl = true;
    bool hasDirectorySync = true;
    bool hasVolumeSync = false;
    bool hasWriteOut = true;       ///< not on Linux, and on Windows of files only
    std::int64_t foreignBytes = 0; ///< that others have written and a sync of the volume waits for
    std::chrono::nanoseconds syncTime{0}; ///< that a sync of a file takes
    std::size_t openFiles = 130;          ///< of a process; then 64 and their directory are a group
    bool hasLocks = true;
    bool hasAttributes = true;
    std::size_t attributeRoom = 4096; ///< bytes, for the names and values of a file
    bool keepsMode = true;            ///< false: setMode says ok and does nothing, as ntfs-3g does
    bool keepsAttributes = true;      ///< false: writeAttribute says ok and does nothing
    std::uint32_t user = 0;           ///< effective; 0 may do everything
    std::uint32_t group = 0;
    ModeBits umask = 0022;
    std::int64_t capacity = std::numeric_limits<std::int64_t>::max(); ///< bytes, of each volume
};

/// What another program leaves to others of a file that it has open. Neither lets the name go.
enum class ForeignSharing {
    Nothing, ///< its attributes can be read, and no more
    Content, ///< others may read and write it too, as with a file of the C library
};

/**
 * A file system in memory that answers as its profile's system does, and that knows what a power cut
 * would leave of it.
 *
 * Darwin: names are found in other letter case and other form, cloneFile() clones instead of
 * cloneContent(), nothing else copies inside the system, and every sync is one of everything.
 *
 * Windows: names are found in other letter case. A created file is nobody else's while it is open; a
 * file that was opened is everybody's, but in the way of replace() if it is the staged one. Of a mode
 * there is "read-only", which holds for everybody and survives neither being created nor unlink().
 * Users, owners and permissions do not exist. Names that are taken away or given by rename() and
 * unlink() are on the medium on return, those by replace() when the journal gets there. Paths are
 * those of POSIX all the same.
 *
 * Thread safe as FileSystem demands. Paths are absolute; a relative one begins at the root. The
 * methods for tests end the program with a message when they are given a path that is not there:
 * the test is wrong then.
 */
class MemoryFileSystem final : public FileSystem
{
public:
    explicit MemoryFileSystem(MemoryOptions options = {});
    /// Begins with what a power cut left.
    explicit MemoryFileSystem(Tree tree, MemoryOptions options = {});
    ~MemoryFileSystem() override;

    // --- For tests: building and looking. What is built counts as durable. ---

    void addDirectory(const Path &path, ModeBits mode = 0755);
    /// An empty directory that is a volume of its own.
    void mount(const Path &path);
    void addFile(const Path &path, std::string_view content, ModeBits mode = 0644);
    void addSymlink(const Path &path, const Path &destination);
    void addHardLink(const Path &path, const Path &existing);
    /// A FIFO, socket or device.
    void addSpecial(const Path &path, FileKind kind);
    void setOwnerOf(const Path &path, std::uint32_t owner, std::uint32_t group);
    void setModeOf(const Path &path, ModeBits mode);
    void setAccessControlOf(const Path &path, const AccessControl &list);
    void setAttributesOf(const Path &path, std::map<std::string, std::string> attributes);
    void setFlagsOf(const Path &path, FileFlags flags);
    /// What files created in the directory get.
    void setDefaultAccessControlOf(const Path &directory, const AccessControl &list);
    /// Writes into an existing file, as another program would; beyond the end it leaves a hole.
    void overwrite(const Path &path, std::int64_t offset, std::string_view bytes);
    void remove(const Path &path);
    void become(std::uint32_t user, std::uint32_t group);
    /// The file keeps its name: nothing can take its place there, as where it is a mount of its own.
    void pin(const Path &path);
    /// Takes the lock of a file as another living process would; it is held for ever. Not on Windows.
    void lockForeign(const Path &path);

    // --- For tests: what stands in the way on Windows ---

    static constexpr std::size_t forEver = std::numeric_limits<std::size_t>::max();
    /// Another program has the file open: so many calls for which that is an obstacle fail, then it
    /// lets go. 0 lets go at once. The file is meant, whatever names it gets.
    void holdForeign(const Path &path, std::size_t attempts,
                     ForeignSharing sharing = ForeignSharing::Content);
    /// As lockForeign, for Windows: what is locked there is a key and no file.
    void lockForeignKey(const Path &key);
    /// Of the uses of replace() from now on that nothing else keeps from succeeding, the one with this
    /// number, from 0, stops half-way, and so do as many that follow as to make it this many times.
    void stopReplacesHalfWay(std::size_t first, std::size_t times = 1);

    Tree tree() const;
    std::optional<std::string> content(const Path &path) const;
    bool exists(const Path &path) const;
    std::vector<std::string> listing(const Path &directory) const;
    /// What stat says of path itself; a symbolic link is not followed.
    FileInfo infoOf(const Path &path) const;
    AccessControl accessControlOf(const Path &path) const;
    std::map<std::string, std::string> attributesOf(const Path &path) const;
    std::size_t openHandleCount() const;

    // --- For tests: power cuts ---

    /// From now on every effect is recorded; what there is counts as durable.
    void beginTracking();
    /// By which models the profile's system is to be judged. Windows by one: NTFS keeps names and
    /// attributes in a journal, in order, and without a call that syncs a directory nothing could be
    /// made durable where order did not hold. On FAT, which has no journal, nothing is promised.
    std::span<const CrashModel> crashModels() const;
    /// What a power cut at this moment may leave; see EffectLog::crashStates. The model is to be one
    /// of crashModels().
    std::vector<Tree> crashStates(CrashModel model) const;
    /// What has been tracked so far: while it is the same, crashStates() gives the same states.
    std::size_t changes() const;
    /// To be told when a call for this file or directory is made to fail: see EffectLog.
    void noteWriteOutFailed(FileHandle file);
    void noteSyncFailed(FileHandle file);
    void noteSyncFailed(DirectoryHandle directory);

    // --- FileSystem ---

    Capabilities capabilities() const override;
    std::optional<ErrorClass> judgePath(const Path &path) const override;
    std::uint32_t effectiveUser() const override;
    std::optional<Path> stateDirectory() const override;
    std::size_t mostOpenFiles() const override;
    std::chrono::nanoseconds steadyTime() const override;
    AttributeKind attributeKind(const std::string &name) const override;
    Result<DirectoryHandle> openDirectory(const Path &path, DirectoryAccess access) override;
    Status closeDirectory(DirectoryHandle directory) override;
    Status syncDirectory(DirectoryHandle directory) override;
    Status createDirectory(DirectoryHandle directory, const Path &name, ModeBits mode) override;
    Result<std::vector<Path>> readDirectory(DirectoryHandle directory, const Path &prefix) override;
    Result<FileInfo> statDirectory(DirectoryHandle directory) override;
    Result<FileInfo> stat(DirectoryHandle directory, const Path &name) override;
    Status checkWritable(DirectoryHandle directory, const Path &name) override;
    Result<Path> readLink(DirectoryHandle directory, const Path &name) override;
    Result<Path> storedName(DirectoryHandle directory, const Path &name) override;
    Status createSymlink(DirectoryHandle directory, const Path &name,
                         const Path &destination) override;
    Status rename(DirectoryHandle fromDirectory, const Path &from, DirectoryHandle toDirectory,
                  const Path &to) override;
    Status renameNoReplace(DirectoryHandle fromDirectory, const Path &from,
                           DirectoryHandle toDirectory, const Path &to) override;
    Status exchange(DirectoryHandle directory, const Path &one, const Path &other) override;
    Status replace(DirectoryHandle directory, const Path &staged, const Path &target,
                   const Path &backup) override;
    Status link(DirectoryHandle fromDirectory, const Path &from, DirectoryHandle toDirectory,
                const Path &to) override;
    Status unlink(DirectoryHandle directory, const Path &name) override;
    Result<FileHandle> createFile(DirectoryHandle directory, const Path &name,
                                  ModeBits mode) override;
    Result<FileHandle> openFile(DirectoryHandle directory, const Path &name,
                                FileAccess access) override;
    Status closeFile(FileHandle file) override;
    Result<FileInfo> statFile(FileHandle file, Times times) override;
    Result<Nanoseconds> birthTime(FileHandle file) override;
    Status lockFile(FileHandle file, const Path &key) override;
    Result<std::size_t> readAt(FileHandle file, std::int64_t offset,
                               std::span<std::byte> buffer) override;
    Result<std::size_t> writeAt(FileHandle file, std::int64_t offset,
                                std::span<const std::byte> bytes) override;
    Status allowHoles(FileHandle file) override;
    Status setSize(FileHandle file, std::int64_t size) override;
    Status reserve(FileHandle file, std::int64_t size) override;
    Status startWriteback(FileHandle file, std::int64_t offset, std::int64_t length) override;
    Result<std::optional<std::int64_t>> findData(FileHandle file, std::int64_t offset) override;
    Result<std::int64_t> findHole(FileHandle file, std::int64_t offset) override;
    Status cloneContent(FileHandle source, FileHandle destination) override;
    Result<FileHandle> cloneFile(FileHandle source, DirectoryHandle directory, const Path &name,
                                 ModeBits mode) override;
    Result<std::size_t> copyRange(FileHandle source, FileHandle destination, std::int64_t offset,
                                  std::size_t length) override;
    Status setOwner(FileHandle file, std::uint32_t owner, std::uint32_t group) override;
    Status setMode(FileHandle file, ModeBits mode) override;
    Status setTimes(FileHandle file, Nanoseconds accessed, Nanoseconds modified) override;
    Result<AccessControl> readAccessControl(FileHandle file) override;
    Status writeAccessControl(FileHandle file, const AccessControl &list) override;
    Result<std::vector<std::string>> listAttributes(FileHandle file) override;
    Result<AttributeValue> readAttribute(FileHandle file, const std::string &name) override;
    Status writeAttribute(FileHandle file, const std::string &name,
                          const AttributeValue &value) override;
    Status setFlags(FileHandle file, FileFlags flags) override;
    Status syncFile(FileHandle file, SyncScope scope) override;
    Status writeOutFile(FileHandle file) override;
    Status writeOutDirectory(DirectoryHandle directory) override;
    Status syncVolume(DirectoryHandle directory, std::int64_t most) override;
    Status pause(std::chrono::milliseconds duration) override;
    Status random(std::span<std::byte> buffer) override;

private:
    struct OpenDirectory
    {
        InodeId inode;
        DirectoryAccess access;
    };
    struct OpenFile
    {
        InodeId inode;
        FileAccess access;
        bool isExclusive = false; ///< on Windows: nobody else gets at the content or the name
        bool holdsLock = false;
        std::string lockKey; ///< on Windows

        bool reads() const { return access != FileAccess::Attributes; }
        bool writes() const { return access == FileAccess::ReadWrite; }
    };
    enum class Replacing { Allowed, Forbidden };
    /// A name in a directory, as the calls with names begin.
    struct Entry
    {
        InodeId directory;
        std::string name;
        std::string stored; ///< as the directory holds it, if there is an inode
        std::optional<InodeId> inode;
    };

    struct ForeignHold
    {
        std::size_t attempts;
        ForeignSharing sharing;
    };
    /// What a call wants of a file that somebody may be holding.
    enum class Touching { Content, Name };

    bool isWindows() const { return m_options.profile == Profile::Windows; }
    SystemError error(Call call, ErrorClass kind, int errnoCode) const;
    SystemError badHandle(Call call) const;

    // All that follows is called with the mutex held.
    void perform(Effect effect);
    Effect effectOn(Effect::Kind kind, InodeId inode) const;
    Nanoseconds now();
    FileInfo infoOfInode(InodeId id, Times times = Times::Asked) const;
    OpenFile *openFileOf(FileHandle file);
    Result<Entry> lookUp(DirectoryHandle directory, const Path &name, Call call) const;
    /// The same for a name that is to be added or removed.
    Result<Entry> lookUpToChange(DirectoryHandle directory, const Path &name, Call call) const;
    Status mayRemove(const Entry &entry, Call call) const;
    bool isAllowed(const Inode &inode, ModeBits bits) const;
    bool owns(const Inode &inode) const;
    Status searchPath(const Path &path) const;
    Status renameEntry(DirectoryHandle fromDirectory, const Path &from, DirectoryHandle toDirectory,
                       const Path &to, Replacing replacing, Call call);
    Status canReplace(const Entry &from, const Entry &to, Call call) const;
    static bool isReadOnly(const Inode &inode);
    static FileInfo asOnWindows(FileInfo info);
    bool isInUse(InodeId inode, Touching touching);
    Status openShared(InodeId inode, FileAccess access);
    SystemError accessDeniedAt(const Entry &target, Call call) const;
    Status mayRename(const Entry &source, const Entry &target, Call call);
    Status mayUnlink(InodeId inode);
    Status mayReplace(const Entry &staged, const Entry &target);
    Status replaceEntry(const Entry &staged, const Entry &target, const Entry &backup);
    Status lockKey(FileHandle file, const std::string &key);
    void writeThrough(std::uint64_t volume);
    Result<InodeId> createNamed(const Entry &entry, FileKind kind, ModeBits mode);
    void dropIfUnused(InodeId id);
    std::int64_t freeBlocks(std::uint64_t volume) const;
    Result<std::size_t> writeBytes(InodeId inode, std::int64_t offset, std::string_view bytes,
                                   Call call);
    InodeId required(const Path &path) const;
    Entry requiredPlace(const Path &path) const;
    void built();

    mutable std::mutex m_mutex;
    MemoryOptions m_options;
    Tree m_tree;
    std::optional<EffectLog> m_log;
    std::map<std::intptr_t, OpenDirectory> m_directories;
    std::map<std::intptr_t, OpenFile> m_files;
    std::set<InodeId> m_pinned;
    std::set<InodeId> m_foreignLocks;
    std::set<std::string> m_foreignKeys;
    std::map<InodeId, ForeignHold> m_foreignHolds;
    std::size_t m_replaces = 0;
    std::size_t m_firstHalfWay = 0;
    std::size_t m_halfWays = 0;
    std::intptr_t m_lastHandle = 1000;
    std::uint64_t m_lastVolume = 1;
    std::chrono::nanoseconds m_syncTime{0}; ///< of all syncs of files so far
    Nanoseconds m_clock = 1'700'000'000'000'000'000;
    std::mt19937_64 m_random;
};

} // namespace atomicfile::test
