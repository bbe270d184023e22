// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "memory_filesystem.h"

#include <cerrno>
#include <utility>

namespace atomicfile::test {

namespace {

constexpr ModeBits mayWrite = 02;

bool isDots(const std::string &name) { return name == "." || name == ".."; }

} // namespace

Result<FileInfo> MemoryFileSystem::stat(DirectoryHandle directory, const Path &name)
{
    const std::lock_guard lock(m_mutex);
    const auto entry = lookUp(directory, name, Call::Stat);
    if (!entry)
        return entry.error();
    if (!entry.value().inode)
        return error(Call::Stat, ErrorClass::NotFound, ENOENT);
    return infoOfInode(*entry.value().inode);
}

Status MemoryFileSystem::checkWritable(DirectoryHandle directory, const Path &name)
{
    const std::lock_guard lock(m_mutex);
    const auto entry = lookUp(directory, name, Call::CheckWritable);
    if (!entry)
        return entry.error();
    if (!entry.value().inode)
        return error(Call::CheckWritable, ErrorClass::NotFound, ENOENT);
    const Inode &inode = m_tree.at(*entry.value().inode);
    if (inode.kind != FileKind::Symlink && !isAllowed(inode, mayWrite))
        return error(Call::CheckWritable, ErrorClass::PermissionDenied, EACCES);
    return {};
}

Result<Path> MemoryFileSystem::readLink(DirectoryHandle directory, const Path &name)
{
    const std::lock_guard lock(m_mutex);
    const auto entry = lookUp(directory, name, Call::ReadLink);
    if (!entry)
        return entry.error();
    if (!entry.value().inode)
        return error(Call::ReadLink, ErrorClass::NotFound, ENOENT);
    const Inode &inode = m_tree.at(*entry.value().inode);
    if (inode.kind != FileKind::Symlink)
        return error(Call::ReadLink, ErrorClass::InvalidPath, EINVAL);
    return Path(inode.destination);
}

/// Linux knows one spelling and does not look.
Result<Path> MemoryFileSystem::storedName(DirectoryHandle directory, const Path &name)
{
    const std::lock_guard lock(m_mutex);
    if (m_options.profile == Profile::Linux)
        return name;
    const auto entry = lookUp(directory, name, Call::StoredName);
    if (!entry)
        return entry.error();
    if (!entry.value().inode)
        return error(Call::StoredName, ErrorClass::NotFound, ENOENT);
    return isDots(entry.value().name) ? name : Path(entry.value().stored);
}

Status MemoryFileSystem::createSymlink(DirectoryHandle directory, const Path &name,
                                       const Path &destination)
{
    const std::lock_guard lock(m_mutex);
    const auto entry = lookUpToChange(directory, name, Call::CreateSymlink);
    if (!entry)
        return entry.error();
    if (entry.value().inode)
        return error(Call::CreateSymlink, ErrorClass::AlreadyExists, EEXIST);
    if (destination.empty())
        return error(Call::CreateSymlink, ErrorClass::NotFound, ENOENT);
    if (!m_options.hasSymlinks)
        return error(Call::CreateSymlink, ErrorClass::Unsupported, EPERM);
    if (const auto allowed = mayRemove(entry.value(), Call::CreateSymlink); !allowed)
        return allowed;
    Inode inode;
    inode.kind = FileKind::Symlink;
    inode.volume = m_tree.at(entry.value().directory).volume;
    inode.attributes.mode = 0777;
    inode.attributes.owner = m_options.user;
    inode.attributes.group = m_options.group;
    inode.attributes.accessed = inode.attributes.modified = now();
    inode.destination = destination.string();
    inode.size = static_cast<std::int64_t>(inode.destination.size());
    Effect create;
    create.kind = Effect::Kind::Create;
    create.inode = m_tree.newId();
    create.volume = inode.volume;
    create.created = std::move(inode);
    const InodeId id = create.inode;
    perform(std::move(create));
    Effect named = effectOn(Effect::Kind::AddName, id);
    named.toDirectory = entry.value().directory;
    named.to = entry.value().name;
    perform(std::move(named));
    return {};
}

/// What may take whose place, as the kernel sees it.
Status MemoryFileSystem::canReplace(const Entry &from, const Entry &to, Call call) const
{
    const bool fromIsDirectory = m_tree.at(*from.inode).kind == FileKind::Directory;
    const Inode &replaced = m_tree.at(*to.inode);
    const bool toIsDirectory = replaced.kind == FileKind::Directory;
    if (fromIsDirectory && !toIsDirectory)
        return error(call, ErrorClass::NotFound, ENOTDIR);
    if (!fromIsDirectory && toIsDirectory)
        return error(call, ErrorClass::IsDirectory, EISDIR);
    if (toIsDirectory && !replaced.entries.empty())
        return error(call, ErrorClass::AlreadyExists, ENOTEMPTY);
    return {};
}

Status MemoryFileSystem::renameEntry(DirectoryHandle fromDirectory, const Path &from,
                                     DirectoryHandle toDirectory, const Path &to,
                                     Replacing replacing, Call call)
{
    const auto source = lookUpToChange(fromDirectory, from, call);
    if (!source)
        return source.error();
    const auto target = lookUpToChange(toDirectory, to, call);
    if (!target)
        return target.error();
    const Inode &targetHolder = m_tree.at(target.value().directory);
    if (m_tree.at(source.value().directory).volume != targetHolder.volume)
        return error(call, ErrorClass::NotSameDevice, EXDEV);
    if (isDots(source.value().name) || isDots(target.value().name))
        return error(call, ErrorClass::Busy, EBUSY);
    if (!source.value().inode)
        return error(call, ErrorClass::NotFound, ENOENT);
    const InodeId moved = *source.value().inode;
    const bool isOneEntry = target.value().inode == moved
        && source.value().directory == target.value().directory
        && source.value().stored == target.value().stored;
    const bool isRespelled = isOneEntry && target.value().name != target.value().stored;
    if (target.value().inode && !isRespelled && replacing == Replacing::Forbidden)
        return error(call, ErrorClass::AlreadyExists, EEXIST);
    // Of two links to one file both stay under POSIX; NTFS leaves the target's.
    if (target.value().inode == moved && !isRespelled && (isOneEntry || !isWindows()))
        return {};
    if (isWindows()) {
        if (const auto free = mayRename(source.value(), target.value(), call); !free)
            return free;
    }
    for (const Entry &entry : {source.value(), target.value()}) {
        if (const auto allowed = mayRemove(entry, call); !allowed)
            return allowed;
    }
    if (m_pinned.contains(moved)
        || (target.value().inode && m_pinned.contains(*target.value().inode)))
        return error(call, ErrorClass::Busy, EBUSY);
    if (target.value().inode) {
        if (const auto can = canReplace(source.value(), target.value(), call); !can)
            return can;
    }
    Effect effect = effectOn(Effect::Kind::Rename, moved);
    effect.volume = targetHolder.volume;
    effect.fromDirectory = source.value().directory;
    effect.from = source.value().stored;
    effect.toDirectory = target.value().directory;
    effect.to = target.value().name;
    const std::uint64_t volume = effect.volume;
    perform(std::move(effect));
    writeThrough(volume);
    if (target.value().inode)
        dropIfUnused(*target.value().inode);
    return {};
}

Status MemoryFileSystem::rename(DirectoryHandle fromDirectory, const Path &from,
                                DirectoryHandle toDirectory, const Path &to)
{
    const std::lock_guard lock(m_mutex);
    return renameEntry(fromDirectory, from, toDirectory, to, Replacing::Allowed, Call::Rename);
}

Status MemoryFileSystem::renameNoReplace(DirectoryHandle fromDirectory, const Path &from,
                                         DirectoryHandle toDirectory, const Path &to)
{
    const std::lock_guard lock(m_mutex);
    if (!m_options.hasRenameNoReplace)
        return error(Call::RenameNoReplace, ErrorClass::Unsupported, EINVAL);
    return renameEntry(fromDirectory, from, toDirectory, to, Replacing::Forbidden,
                       Call::RenameNoReplace);
}

Status MemoryFileSystem::exchange(DirectoryHandle directory, const Path &one, const Path &other)
{
    const std::lock_guard lock(m_mutex);
    const auto first = lookUpToChange(directory, one, Call::Exchange);
    if (!first)
        return first.error();
    const auto second = lookUpToChange(directory, other, Call::Exchange);
    if (!second)
        return second.error();
    if (m_options.profile == Profile::Windows || !m_options.hasExchange)
        return error(Call::Exchange, ErrorClass::Unsupported, EINVAL);
    if (!first.value().inode || !second.value().inode)
        return error(Call::Exchange, ErrorClass::NotFound, ENOENT);
    for (const Entry &entry : {first.value(), second.value()}) {
        if (const auto allowed = mayRemove(entry, Call::Exchange); !allowed)
            return allowed;
        if (m_pinned.contains(*entry.inode))
            return error(Call::Exchange, ErrorClass::Busy, EBUSY);
    }
    Effect effect = effectOn(Effect::Kind::Exchange, *first.value().inode);
    effect.toDirectory = second.value().directory;
    effect.to = second.value().stored;
    effect.from = first.value().stored;
    effect.exchanged = *second.value().inode;
    perform(std::move(effect));
    return {};
}

Status MemoryFileSystem::link(DirectoryHandle fromDirectory, const Path &from,
                              DirectoryHandle toDirectory, const Path &to)
{
    const std::lock_guard lock(m_mutex);
    const auto source = lookUp(fromDirectory, from, Call::Link);
    if (!source)
        return source.error();
    const auto target = lookUpToChange(toDirectory, to, Call::Link);
    if (!target)
        return target.error();
    if (!source.value().inode)
        return error(Call::Link, ErrorClass::NotFound, ENOENT);
    if (target.value().inode)
        return error(Call::Link, ErrorClass::AlreadyExists, EEXIST);
    if (m_tree.at(source.value().directory).volume != m_tree.at(target.value().directory).volume
        || m_pinned.contains(*source.value().inode))
        return error(Call::Link, ErrorClass::NotSameDevice, EXDEV);
    if (!m_options.hasLinks || m_tree.at(*source.value().inode).kind == FileKind::Directory)
        return error(Call::Link, ErrorClass::Unsupported, EPERM);
    if (const auto allowed = mayRemove(target.value(), Call::Link); !allowed)
        return allowed;
    Effect effect = effectOn(Effect::Kind::AddName, *source.value().inode);
    effect.toDirectory = target.value().directory;
    effect.to = target.value().name;
    perform(std::move(effect));
    return {};
}

Status MemoryFileSystem::unlink(DirectoryHandle directory, const Path &name)
{
    const std::lock_guard lock(m_mutex);
    const auto entry = lookUpToChange(directory, name, Call::Unlink);
    if (!entry)
        return entry.error();
    if (!entry.value().inode)
        return error(Call::Unlink, ErrorClass::NotFound, ENOENT);
    if (m_tree.at(*entry.value().inode).kind == FileKind::Directory)
        return error(Call::Unlink, ErrorClass::IsDirectory, EISDIR);
    if (const auto allowed = mayRemove(entry.value(), Call::Unlink); !allowed)
        return allowed;
    const InodeId removed = *entry.value().inode;
    if (isWindows()) {
        if (const auto free = mayUnlink(removed); !free)
            return free;
    }
    Effect effect = effectOn(Effect::Kind::RemoveName, removed);
    effect.fromDirectory = entry.value().directory;
    effect.from = entry.value().stored;
    const std::uint64_t volume = effect.volume;
    perform(std::move(effect));
    writeThrough(volume);
    dropIfUnused(removed);
    return {};
}

} // namespace atomicfile::test
