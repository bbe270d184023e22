// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "memory_filesystem.h"

#include <cerrno>

namespace atomicfile::test {

namespace {

constexpr ModeBits mayRead = 04;
constexpr ModeBits maySearch = 01;

} // namespace

/// Each directory on the way must let the caller through.
Status MemoryFileSystem::searchPath(const Path &path) const
{
    Path before = "/";
    for (const auto &part : path.standard().relative_path()) {
        const auto passed = m_tree.resolve(before, Tree::LastLink::Follow);
        const Inode *const inode = passed ? m_tree.find(passed.value()) : nullptr;
        if (inode && inode->kind == FileKind::Directory && !isAllowed(*inode, maySearch))
            return error(Call::OpenDirectory, ErrorClass::PermissionDenied, EACCES);
        before = before / part;
    }
    return {};
}

Result<DirectoryHandle> MemoryFileSystem::openDirectory(const Path &path, DirectoryAccess access)
{
    const std::lock_guard lock(m_mutex);
    if (path.empty())
        return error(Call::OpenDirectory, ErrorClass::NotFound, ENOENT);
    if (const auto searched = searchPath(path); !searched)
        return searched.error();
    const auto found = m_tree.resolve(path, Tree::LastLink::Follow);
    if (!found)
        return error(Call::OpenDirectory, found.error().kind, found.error().native.code);
    const Inode &inode = m_tree.at(found.value());
    if (inode.kind != FileKind::Directory)
        return error(Call::OpenDirectory, ErrorClass::NotFound, ENOTDIR);
    if (access == DirectoryAccess::Read && !isAllowed(inode, mayRead))
        return error(Call::OpenDirectory, ErrorClass::PermissionDenied, EACCES);
    const DirectoryHandle handle{++m_lastHandle};
    m_directories.emplace(handle.value, OpenDirectory{found.value(), access});
    return handle;
}

Status MemoryFileSystem::createDirectory(DirectoryHandle directory, const Path &name, ModeBits mode)
{
    const std::lock_guard lock(m_mutex);
    const auto entry = lookUpToChange(directory, name, Call::CreateDirectory);
    if (!entry)
        return entry.error();
    if (entry.value().inode)
        return error(Call::CreateDirectory, ErrorClass::AlreadyExists, EEXIST);
    if (const auto allowed = mayRemove(entry.value(), Call::CreateDirectory); !allowed)
        return allowed;
    const auto created = createNamed(entry.value(), FileKind::Directory, mode);
    if (!created)
        return created.error();
    return {};
}

Status MemoryFileSystem::closeDirectory(DirectoryHandle directory)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_directories.find(directory.value);
    if (found == m_directories.end())
        return badHandle(Call::CloseDirectory);
    const InodeId inode = found->second.inode;
    m_directories.erase(found);
    dropIfUnused(inode);
    return {};
}

Status MemoryFileSystem::syncDirectory(DirectoryHandle directory)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_directories.find(directory.value);
    if (found == m_directories.end())
        return badHandle(Call::SyncDirectory);
    if (isWindows())
        return error(Call::SyncDirectory, ErrorClass::Unsupported, 0);
    if (found->second.access == DirectoryAccess::SearchOnly)
        return error(Call::SyncDirectory, ErrorClass::PermissionDenied, EBADF);
    if (!m_options.hasDirectorySync)
        return error(Call::SyncDirectory, ErrorClass::Unsupported, EINVAL);
    if (m_log)
        m_log->directorySynced(found->second.inode, m_tree.at(found->second.inode).volume);
    return {};
}

Status MemoryFileSystem::writeOutDirectory(DirectoryHandle directory)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_directories.find(directory.value);
    if (found == m_directories.end())
        return badHandle(Call::WriteOutDirectory);
    if (m_options.profile != Profile::Darwin || !m_options.hasWriteOut)
        return error(Call::WriteOutDirectory, ErrorClass::Unsupported, 0);
    if (found->second.access == DirectoryAccess::SearchOnly)
        return error(Call::WriteOutDirectory, ErrorClass::PermissionDenied, EBADF);
    if (m_log)
        m_log->directoryWrittenOut(found->second.inode, m_tree.at(found->second.inode).volume);
    return {};
}

Status MemoryFileSystem::syncVolume(DirectoryHandle directory, std::int64_t most)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_directories.find(directory.value);
    if (found == m_directories.end())
        return badHandle(Call::SyncVolume);
    if (m_options.profile != Profile::Linux || !m_options.hasVolumeSync
        || m_options.foreignBytes > most)
        return error(Call::SyncVolume, ErrorClass::Unsupported, 0);
    if (found->second.access == DirectoryAccess::SearchOnly)
        return error(Call::SyncVolume, ErrorClass::Unknown, EBADF);
    if (m_log)
        m_log->volumeSynced(m_tree.at(found->second.inode).volume);
    return {};
}

Result<std::vector<Path>> MemoryFileSystem::readDirectory(DirectoryHandle directory,
                                                          const Path &prefix)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_directories.find(directory.value);
    if (found == m_directories.end())
        return badHandle(Call::ReadDirectory);
    if (found->second.access == DirectoryAccess::SearchOnly)
        return error(Call::ReadDirectory, ErrorClass::PermissionDenied, EBADF);
    const std::string begin = folded(prefix.string(), m_tree.folding());
    std::vector<Path> names;
    for (const auto &entry : m_tree.at(found->second.inode).entries) {
        if (folded(entry.first, m_tree.folding()).starts_with(begin))
            names.emplace_back(entry.first);
    }
    return names;
}

Result<FileInfo> MemoryFileSystem::statDirectory(DirectoryHandle directory)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_directories.find(directory.value);
    if (found == m_directories.end())
        return badHandle(Call::StatDirectory);
    return infoOfInode(found->second.inode, Times::LeftOut);
}

} // namespace atomicfile::test
