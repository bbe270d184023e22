// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "platform/filesystem.h"

#include <optional>
#include <string>

namespace atomicfile::test {

/// One use of the interface, as a test sees it.
struct CallRecord
{
    Call call;
    Path name;      ///< the path, name, prefix or key that the call is about, if it is given one
    Path otherName; ///< the new name of a rename, replace or link; a symbolic link's destination
    DirectoryHandle directory;
    DirectoryHandle otherDirectory;
    FileHandle file; ///< also the destination of a copy and the source of a cloned file
    Times times = Times::LeftOut; ///< whether statFile is asked for them
};

/// For messages: the call with its names.
std::string describe(const CallRecord &record);

/// What is to become of a call.
struct Verdict
{
    enum class Kind {
        Pass,      ///< make it
        Fail,      ///< do not make it and say that it failed; a close is made all the same
        Pretend,   ///< do not make it and say that it went well; only for calls that return nothing
        FailAfter, ///< make it and say that it failed; only for calls that return nothing
    };

    Kind kind = Kind::Pass;
    SystemError error;

    static Verdict fail(const SystemError &error) { return {Kind::Fail, error}; }
    static Verdict pretend() { return {Kind::Pretend, {}}; }
    static Verdict failAfter(const SystemError &error) { return {Kind::FailAfter, error}; }
};

/**
 * Passes every call on to another file system, and lets a test come in between.
 *
 * The other file system must live longer. Thread safe as far as the overridden methods are.
 */
class DecoratedFileSystem : public FileSystem
{
public:
    explicit DecoratedFileSystem(FileSystem &system);
    ~DecoratedFileSystem() override;

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

protected:
    virtual Verdict before(const CallRecord &record);
    /// error is null if the call went well.
    virtual void after(const CallRecord &record, const SystemError *error);
    /// How many of the bytes that a transfer is asked for it is to get.
    virtual std::size_t transferLimit(Call call, std::size_t wanted);

private:
    template<typename F>
    auto around(const CallRecord &record, F make) -> decltype(make());

    FileSystem &m_system;
};

} // namespace atomicfile::test
