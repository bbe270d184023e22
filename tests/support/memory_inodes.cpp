// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// What the calls of MemoryFileSystem have in common.
#include "memory_filesystem.h"

#include "access_control_model.h"
#include "errno_error.h"
#include "win32_error.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace atomicfile::test {

namespace {

constexpr ModeBits mayWrite = 02;
constexpr ModeBits maySearch = 01;
constexpr std::size_t longestName = 255;

} // namespace

/// An error of Linux, as the profile's system says it.
SystemError MemoryFileSystem::error(Call call, ErrorClass kind, int errnoCode) const
{
    return isWindows() ? win32ErrorFor(call, kind, errnoCode) : errnoError(call, kind, errnoCode);
}

SystemError MemoryFileSystem::badHandle(Call call) const
{
    return error(call, ErrorClass::Unknown, EBADF);
}

void MemoryFileSystem::perform(Effect effect)
{
    apply(m_tree, effect);
    if (m_log)
        m_log->add(std::move(effect));
}

Effect MemoryFileSystem::effectOn(Effect::Kind kind, InodeId inode) const
{
    Effect effect;
    effect.kind = kind;
    effect.inode = inode;
    effect.volume = m_tree.at(inode).volume;
    effect.attributes = m_tree.at(inode).attributes;
    return effect;
}

/// Moves on with every question, so that no two writes have one time.
Nanoseconds MemoryFileSystem::now() { return m_clock += 1'000'003; }

FileInfo MemoryFileSystem::infoOfInode(InodeId id, Times times) const
{
    const Inode &inode = m_tree.at(id);
    FileInfo info;
    info.kind = inode.kind;
    info.identity = {inode.volume, {id, 0}};
    info.size = inode.size;
    info.allocated = inode.blocks.allocated();
    info.linkCount = inode.links;
    info.mode = inode.attributes.mode;
    info.owner = inode.attributes.owner;
    info.group = inode.attributes.group;
    if (times == Times::Asked) {
        info.accessed = inode.attributes.accessed;
        info.modified = inode.attributes.modified;
    }
    info.flags = inode.attributes.flags;
    return isWindows() ? asOnWindows(info) : info;
}

MemoryFileSystem::OpenFile *MemoryFileSystem::openFileOf(FileHandle file)
{
    const auto found = m_files.find(file.value);
    return found == m_files.end() ? nullptr : &found->second;
}

Result<MemoryFileSystem::Entry> MemoryFileSystem::lookUp(DirectoryHandle directory,
                                                         const Path &name, Call call) const
{
    const auto found = m_directories.find(directory.value);
    if (found == m_directories.end())
        return badHandle(call);
    Entry entry{found->second.inode, name.string(), {}, std::nullopt};
    if (entry.name.size() > longestName)
        return error(call, ErrorClass::NameTooLong, ENAMETOOLONG);
    const Inode &holder = m_tree.at(entry.directory);
    if (!isAllowed(holder, maySearch))
        return error(call, ErrorClass::PermissionDenied, EACCES);
    if (entry.name == ".")
        entry.inode = entry.directory;
    else if (entry.name == "..")
        entry.inode = holder.parent;
    else if (const auto named = m_tree.lookUp(holder, entry.name)) {
        entry.inode = named->inode;
        entry.stored = named->name;
    }
    return entry;
}

Result<MemoryFileSystem::Entry> MemoryFileSystem::lookUpToChange(DirectoryHandle directory,
                                                                 const Path &name, Call call) const
{
    auto entry = lookUp(directory, name, call);
    if (entry && (m_tree.at(entry.value().directory).links == 0 || entry.value().name.empty()))
        return error(call, ErrorClass::NotFound, ENOENT);
    return entry;
}

/// Also where the directory is sticky: only the owner of the file or of the directory may.
Status MemoryFileSystem::mayRemove(const Entry &entry, Call call) const
{
    const Inode &holder = m_tree.at(entry.directory);
    if (!isAllowed(holder, mayWrite | maySearch))
        return error(call, ErrorClass::PermissionDenied, EACCES);
    const bool isSticky = (holder.attributes.mode & mode::sticky) != 0;
    if (isSticky && entry.inode && !owns(holder) && !owns(m_tree.at(*entry.inode)))
        return error(call, ErrorClass::PermissionDenied, EPERM);
    return {};
}

bool MemoryFileSystem::isAllowed(const Inode &inode, ModeBits bits) const
{
    const ModeBits mode = inode.attributes.mode;
    if (isWindows())
        return (bits & mayWrite) == 0 || inode.kind != FileKind::Regular || !isReadOnly(inode);
    if (m_options.user == 0)
        return true;
    ModeBits granted = mode & mode::othersAll;
    if (inode.attributes.owner == m_options.user)
        granted = (mode >> 6) & 7;
    else if (inode.attributes.group == m_options.group)
        granted = (mode >> 3) & 7;
    return (granted & bits) == bits;
}

bool MemoryFileSystem::owns(const Inode &inode) const
{
    return isWindows() || m_options.user == 0 || inode.attributes.owner == m_options.user;
}

Result<InodeId> MemoryFileSystem::createNamed(const Entry &entry, FileKind kind, ModeBits mode)
{
    const Inode &holder = m_tree.at(entry.directory);
    Inode inode;
    inode.kind = kind;
    inode.volume = holder.volume;
    inode.parent = entry.directory;
    Attributes &attributes = inode.attributes;
    attributes.owner = m_options.user;
    attributes.group = (holder.attributes.mode & mode::setGroupId) != 0 ? holder.attributes.group
                                                                        : m_options.group;
    attributes.accessed = attributes.modified = inode.born = now();
    attributes.mode = mode & ~m_options.umask;
    const auto inherited = unpacked(holder.attributes.defaultList);
    if (inherited && kind == FileKind::Regular) {
        // The list takes the umask's place: each of the three entries is cut by the mode asked for.
        const auto entries = withMode(*inherited, modeOf(*inherited) & mode);
        attributes.mode = modeOf(entries);
        if (!isMinimal(entries))
            attributes.list = packed(entries);
    }
    Effect create;
    create.kind = Effect::Kind::Create;
    create.inode = m_tree.newId();
    create.volume = holder.volume;
    create.created = std::move(inode);
    const InodeId id = create.inode;
    perform(std::move(create));
    Effect name = effectOn(Effect::Kind::AddName, id);
    name.toDirectory = entry.directory;
    name.to = entry.name;
    perform(std::move(name));
    return id;
}

/// A file without names lives for as long as somebody has it open.
void MemoryFileSystem::dropIfUnused(InodeId id)
{
    const Inode *const inode = m_tree.find(id);
    if (!inode || inode->links > 0)
        return;
    for (const auto &file : m_files) {
        if (file.second.inode == id)
            return;
    }
    for (const auto &directory : m_directories) {
        if (directory.second.inode == id)
            return;
    }
    m_tree.erase(id);
}

std::int64_t MemoryFileSystem::freeBlocks(std::uint64_t volume) const
{
    // Not capacity rounded to blocks and then subtracted: it may be the largest number there is.
    const std::int64_t used = m_tree.allocated(volume);
    return used < m_options.capacity ? (m_options.capacity - used) / blockSize : 0;
}

} // namespace atomicfile::test
