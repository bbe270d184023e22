// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "memory_filesystem.h"

#include "win32_error.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace atomicfile::test {

namespace {

constexpr ModeBits mayRead = 04;
constexpr ModeBits mayWrite = 02;
constexpr ModeBits ownerWrites = 0200;

} // namespace

Result<FileHandle> MemoryFileSystem::createFile(DirectoryHandle directory, const Path &name,
                                                ModeBits mode)
{
    const std::lock_guard lock(m_mutex);
    const auto entry = lookUpToChange(directory, name, Call::CreateFile);
    if (!entry)
        return entry.error();
    if (entry.value().inode)
        return error(Call::CreateFile, ErrorClass::AlreadyExists, EEXIST);
    if (const auto allowed = mayRemove(entry.value(), Call::CreateFile); !allowed)
        return allowed.error();
    // On Windows a file that is read-only could not be opened again to be published.
    const ModeBits kept = (mode & mode::everything) | (isWindows() ? ownerWrites : 0);
    const auto created = createNamed(entry.value(), FileKind::Regular, kept);
    if (!created)
        return created.error();
    const FileHandle handle{++m_lastHandle};
    m_files.emplace(handle.value,
                    OpenFile{created.value(), FileAccess::ReadWrite, isWindows(), false, {}});
    return handle;
}

Result<FileHandle> MemoryFileSystem::openFile(DirectoryHandle directory, const Path &name,
                                              FileAccess access)
{
    const std::lock_guard lock(m_mutex);
    const auto entry = lookUp(directory, name, Call::OpenFile);
    if (!entry)
        return entry.error();
    if (!entry.value().inode)
        return error(Call::OpenFile, ErrorClass::NotFound, ENOENT);
    const Inode &inode = m_tree.at(*entry.value().inode);
    if (inode.kind == FileKind::Symlink)
        return error(Call::OpenFile, ErrorClass::NotRegularFile, ELOOP);
    if (inode.kind == FileKind::Socket)
        return error(Call::OpenFile, ErrorClass::NotRegularFile, ENXIO);
    if (inode.kind == FileKind::Directory && access == FileAccess::ReadWrite)
        return error(Call::OpenFile, ErrorClass::IsDirectory, EISDIR);
    if (isWindows()) {
        if (inode.kind != FileKind::Regular)
            return win32Error(Call::OpenFile,
                              inode.kind == FileKind::Directory ? ErrorClass::IsDirectory
                                                                : ErrorClass::NotRegularFile,
                              0);
        if (const auto opened = openShared(*entry.value().inode, access); !opened)
            return opened.error();
    } else if (!isAllowed(inode, access == FileAccess::ReadWrite ? mayRead | mayWrite : mayRead))
        return error(Call::OpenFile, ErrorClass::PermissionDenied, EACCES);
    const FileHandle handle{++m_lastHandle};
    m_files.emplace(handle.value, OpenFile{*entry.value().inode, access, false, false, {}});
    return handle;
}

Status MemoryFileSystem::closeFile(FileHandle file)
{
    const std::lock_guard lock(m_mutex);
    const OpenFile *const open = openFileOf(file);
    if (!open)
        return badHandle(Call::CloseFile);
    const InodeId inode = open->inode;
    m_files.erase(file.value);
    dropIfUnused(inode);
    return {};
}

Result<FileInfo> MemoryFileSystem::statFile(FileHandle file, Times times)
{
    const std::lock_guard lock(m_mutex);
    const OpenFile *const open = openFileOf(file);
    if (!open)
        return badHandle(Call::StatFile);
    return infoOfInode(open->inode, times);
}

Result<Nanoseconds> MemoryFileSystem::birthTime(FileHandle file)
{
    const std::lock_guard lock(m_mutex);
    const OpenFile *const open = openFileOf(file);
    if (!open)
        return badHandle(Call::BirthTime);
    return m_tree.at(open->inode).born;
}

/// Advisory, so it needs no key but on Windows.
Status MemoryFileSystem::lockFile(FileHandle file, const Path &key)
{
    const std::lock_guard lock(m_mutex);
    OpenFile *const open = openFileOf(file);
    if (!open)
        return badHandle(Call::LockFile);
    if (!m_options.hasLocks)
        return error(Call::LockFile, ErrorClass::Unsupported, ENOLCK);
    if (isWindows())
        return lockKey(file, key.string());
    const bool isHeld = std::any_of(m_files.begin(), m_files.end(), [&](const auto &other) {
        return other.first != file.value && other.second.inode == open->inode
            && other.second.holdsLock;
    });
    if (isHeld || m_foreignLocks.contains(open->inode))
        return error(Call::LockFile, ErrorClass::Busy, EWOULDBLOCK);
    open->holdsLock = true;
    return {};
}

Result<std::size_t> MemoryFileSystem::readAt(FileHandle file, std::int64_t offset,
                                             std::span<std::byte> buffer)
{
    const std::lock_guard lock(m_mutex);
    const OpenFile *const open = openFileOf(file);
    if (!open || !open->reads())
        return badHandle(Call::ReadAt);
    const Inode &inode = m_tree.at(open->inode);
    if (inode.kind == FileKind::Directory)
        return error(Call::ReadAt, ErrorClass::IsDirectory, EISDIR);
    if (inode.kind != FileKind::Regular)
        return error(Call::ReadAt, ErrorClass::NotRegularFile, ESPIPE);
    if (offset >= inode.size)
        return std::size_t(0);
    const auto length = std::min(static_cast<std::int64_t>(buffer.size()), inode.size - offset);
    const std::string bytes = inode.blocks.read(offset, length);
    std::transform(bytes.begin(), bytes.end(), buffer.begin(),
                   [](char byte) { return static_cast<std::byte>(byte); });
    return bytes.size();
}

/// Takes as much as there is room for.
Result<std::size_t> MemoryFileSystem::writeBytes(InodeId inode, std::int64_t offset,
                                                 std::string_view bytes, Call call)
{
    const Inode &file = m_tree.at(inode);
    const std::int64_t room = freeBlocks(file.volume);
    const auto missing = [&] {
        return file.blocks.missing(offset, static_cast<std::int64_t>(bytes.size()));
    };
    while (!bytes.empty() && missing() > room) {
        const auto end = offset + static_cast<std::int64_t>(bytes.size());
        const std::int64_t shorter = (end - 1) / blockSize * blockSize;
        bytes = bytes.substr(0,
                             static_cast<std::size_t>(std::max(shorter - offset, std::int64_t(0))));
        if (bytes.empty())
            return error(call, ErrorClass::NoSpace, ENOSPC);
    }
    if (bytes.empty())
        return std::size_t(0);
    Effect effect = effectOn(Effect::Kind::Write, inode);
    effect.offset = offset;
    effect.bytes = bytes;
    effect.attributes.modified = now();
    perform(std::move(effect));
    return bytes.size();
}

Result<std::size_t> MemoryFileSystem::writeAt(FileHandle file, std::int64_t offset,
                                              std::span<const std::byte> bytes)
{
    const std::lock_guard lock(m_mutex);
    const OpenFile *const open = openFileOf(file);
    if (!open || !open->writes())
        return badHandle(Call::WriteAt);
    std::string text(bytes.size(), '\0');
    std::transform(bytes.begin(), bytes.end(), text.begin(),
                   [](std::byte byte) { return static_cast<char>(byte); });
    return writeBytes(open->inode, offset, text, Call::WriteAt);
}

/// As on Linux: every file may have holes.
Status MemoryFileSystem::allowHoles(FileHandle) { return {}; }

Status MemoryFileSystem::setSize(FileHandle file, std::int64_t size)
{
    const std::lock_guard lock(m_mutex);
    const OpenFile *const open = openFileOf(file);
    if (!open)
        return badHandle(Call::SetSize);
    if (!open->writes() || size < 0)
        return error(Call::SetSize, ErrorClass::FileTooLarge, EINVAL);
    Effect effect = effectOn(Effect::Kind::SetSize, open->inode);
    effect.size = size;
    effect.attributes.modified = now();
    perform(std::move(effect));
    return {};
}

/// Not an effect: whether storage was set aside shows neither in content nor in length.
Status MemoryFileSystem::reserve(FileHandle file, std::int64_t size)
{
    const std::lock_guard lock(m_mutex);
    const OpenFile *const open = openFileOf(file);
    if (!open || !open->writes())
        return badHandle(Call::Reserve);
    if (!m_options.hasReserve)
        return error(Call::Reserve, ErrorClass::Unsupported, EOPNOTSUPP);
    Inode &inode = m_tree.at(open->inode);
    if (inode.blocks.missing(0, size) > freeBlocks(inode.volume))
        return error(Call::Reserve, ErrorClass::NoSpace, ENOSPC);
    inode.blocks.reserve(size);
    return {};
}

/// Nothing is certain before a sync, so there is nothing to do.
Status MemoryFileSystem::startWriteback(FileHandle file, std::int64_t, std::int64_t)
{
    const std::lock_guard lock(m_mutex);
    if (!openFileOf(file))
        return badHandle(Call::StartWriteback);
    return {};
}

Result<std::optional<std::int64_t>> MemoryFileSystem::findData(FileHandle file, std::int64_t offset)
{
    const std::lock_guard lock(m_mutex);
    const OpenFile *const open = openFileOf(file);
    if (!open || !open->reads())
        return badHandle(Call::FindData);
    if (!m_options.hasHoles)
        return error(Call::FindData, ErrorClass::Unsupported, EINVAL);
    const Inode &inode = m_tree.at(open->inode);
    if (offset >= inode.size)
        return std::optional<std::int64_t>();
    const auto found = inode.blocks.findData(offset);
    return found && *found < inode.size ? found : std::nullopt;
}

Result<std::int64_t> MemoryFileSystem::findHole(FileHandle file, std::int64_t offset)
{
    const std::lock_guard lock(m_mutex);
    const OpenFile *const open = openFileOf(file);
    if (!open || !open->reads())
        return badHandle(Call::FindHole);
    if (!m_options.hasHoles)
        return error(Call::FindHole, ErrorClass::Unsupported, EINVAL);
    const Inode &inode = m_tree.at(open->inode);
    if (offset >= inode.size)
        return offset;
    return std::min(inode.blocks.findHole(offset), inode.size);
}

Status MemoryFileSystem::cloneContent(FileHandle source, FileHandle destination)
{
    const std::lock_guard lock(m_mutex);
    const OpenFile *const from = openFileOf(source);
    const OpenFile *const to = openFileOf(destination);
    if (!from || !to || !from->reads() || !to->writes())
        return error(Call::CloneContent, ErrorClass::Unsupported, EBADF);
    if (m_options.profile != Profile::Linux)
        return error(Call::CloneContent, ErrorClass::Unsupported, 0);
    const Inode &original = m_tree.at(from->inode);
    if (original.volume != m_tree.at(to->inode).volume)
        return error(Call::CloneContent, ErrorClass::NotSameDevice, EXDEV);
    if (!m_options.hasClone)
        return error(Call::CloneContent, ErrorClass::Unsupported, EOPNOTSUPP);
    Effect effect = effectOn(Effect::Kind::Clone, to->inode);
    effect.blocks = original.blocks;
    effect.size = original.size;
    effect.attributes.modified = now();
    perform(std::move(effect));
    return {};
}

/// Linux clones into an open file: see cloneContent. What is cloned may be missing after a power cut
/// although the name is there, as with any content that was not synced.
Result<FileHandle> MemoryFileSystem::cloneFile(FileHandle source, DirectoryHandle directory,
                                               const Path &name, ModeBits mode)
{
    const std::lock_guard lock(m_mutex);
    if (m_options.profile != Profile::Darwin || !m_options.hasClone)
        return error(Call::CloneFile, ErrorClass::Unsupported, 0);
    const OpenFile *const from = openFileOf(source);
    if (!from || !from->reads())
        return badHandle(Call::CloneFile);
    const auto entry = lookUpToChange(directory, name, Call::CloneFile);
    if (!entry)
        return entry.error();
    if (entry.value().inode)
        return error(Call::CloneFile, ErrorClass::AlreadyExists, EEXIST);
    if (m_tree.at(from->inode).volume != m_tree.at(entry.value().directory).volume)
        return error(Call::CloneFile, ErrorClass::NotSameDevice, EXDEV);
    if (const auto allowed = mayRemove(entry.value(), Call::CloneFile); !allowed)
        return allowed.error();
    const auto created = createNamed(entry.value(), FileKind::Regular, mode);
    if (!created)
        return created.error();
    Effect attributes = effectOn(Effect::Kind::SetAttributes, created.value());
    attributes.attributes.mode = mode & mode::everything; // Whatever the umask.
    attributes.attributes.extended = m_tree.at(from->inode).attributes.extended;
    attributes.attributes.flags = m_tree.at(from->inode).attributes.flags;
    perform(std::move(attributes));
    const Inode &original = m_tree.at(from->inode);
    Effect clone = effectOn(Effect::Kind::Clone, created.value());
    clone.blocks = original.blocks;
    clone.size = original.size;
    clone.attributes.modified = now();
    perform(std::move(clone));
    const FileHandle handle{++m_lastHandle};
    m_files.emplace(handle.value,
                    OpenFile{created.value(), FileAccess::ReadWrite, false, false, {}});
    return handle;
}

Result<std::size_t> MemoryFileSystem::copyRange(FileHandle source, FileHandle destination,
                                                std::int64_t offset, std::size_t length)
{
    const std::lock_guard lock(m_mutex);
    const OpenFile *const from = openFileOf(source);
    const OpenFile *const to = openFileOf(destination);
    if (!from || !to || !from->reads() || !to->writes())
        return badHandle(Call::CopyRange);
    if (m_options.profile != Profile::Linux)
        return error(Call::CopyRange, ErrorClass::Unsupported, 0);
    const Inode &original = m_tree.at(from->inode);
    if (original.volume != m_tree.at(to->inode).volume)
        return error(Call::CopyRange, ErrorClass::NotSameDevice, EXDEV);
    if (!m_options.hasCopyRange)
        return error(Call::CopyRange, ErrorClass::Unsupported, EOPNOTSUPP);
    if (offset >= original.size)
        return std::size_t(0);
    const auto count = std::min(static_cast<std::int64_t>(length), original.size - offset);
    return writeBytes(to->inode, offset, original.blocks.read(offset, count), Call::CopyRange);
}

Status MemoryFileSystem::writeOutFile(FileHandle file)
{
    const std::lock_guard lock(m_mutex);
    const OpenFile *const open = openFileOf(file);
    if (m_options.profile == Profile::Linux || !m_options.hasWriteOut)
        return error(Call::WriteOutFile, ErrorClass::Unsupported, 0);
    if (isWindows() && open && !open->writes())
        return error(Call::WriteOutFile, ErrorClass::PermissionDenied, EACCES);
    if (!open || !open->reads())
        return badHandle(Call::WriteOutFile);
    if (m_log)
        m_log->fileWrittenOut(open->inode, m_tree.at(open->inode).volume);
    return {};
}

Status MemoryFileSystem::syncFile(FileHandle file, SyncScope scope)
{
    const std::lock_guard lock(m_mutex);
    const OpenFile *const open = openFileOf(file);
    if (isWindows() && open && !open->writes())
        return error(Call::SyncFile, ErrorClass::PermissionDenied, EACCES);
    if (!open || !open->reads())
        return badHandle(Call::SyncFile);
    // Neither Windows nor macOS has a sync of less than everything.
    if (m_options.profile != Profile::Linux)
        scope = SyncScope::Everything;
    m_syncTime += m_options.syncTime;
    if (m_log)
        m_log->fileSynced(open->inode, scope, m_tree.at(open->inode).volume);
    return {};
}

} // namespace atomicfile::test
