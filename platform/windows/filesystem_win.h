// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "platform/filesystem.h"

namespace atomicfile {

/**
 * The system calls of Windows, on absolute paths below an open directory.
 *
 * Has no state, hence may be used from any number of threads. There is no openat here, and none is
 * missed: a directory that is open without FILE_SHARE_DELETE can be neither renamed nor deleted,
 * and NTFS keeps its ancestors in place as well, so the path of an open directory stays its path.
 * It is held in the form that begins with two backslashes, a question mark and a backslash, which
 * the system takes as it is and at any length. No handle is inheritable.
 *
 * Other programs are in the way far more often than elsewhere: whoever opens a file decides what
 * others may do with it meanwhile, and scanners and indexers open what has just been closed. So
 * this back-end shares everything that it can share, and marks the errors that may pass.
 */
class WindowsFileSystem final : public FileSystem
{
public:
    WindowsFileSystem() = default;
    ~WindowsFileSystem() override;

    Capabilities capabilities() const override;
    std::optional<ErrorClass> judgePath(const Path &path) const override;
    std::optional<Path> stateDirectory() const override;

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
    Result<FileInfo> statFile(FileHandle file, Times) override;
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
};

} // namespace atomicfile
