// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// What MemoryFileSystem does for Profile::Windows and for no other: open files that exclude each
// other, the read-only attribute in the place of a mode, and replace(). The errors are those that
// platform/windows makes of what the system says.
#include "memory_filesystem.h"

#include "win32_error.h"

#include <algorithm>
#include <utility>

namespace atomicfile::test {

namespace {

constexpr ModeBits ownerWrites = 0200;
constexpr ModeBits readOnlyFile = 0444;
constexpr ModeBits otherFile = 0666;

SystemError sharingViolation(Call call)
{
    return win32Error(call, ErrorClass::Busy, win32::sharingViolation, Duration::MayPass);
}

/// The system counts in 100 ns.
Nanoseconds inTicks(Nanoseconds time)
{
    constexpr Nanoseconds tick = 100;
    const Nanoseconds beyond = (time % tick + tick) % tick;
    return time - beyond;
}

} // namespace

bool MemoryFileSystem::isReadOnly(const Inode &inode)
{
    return inode.kind == FileKind::Regular && (inode.attributes.mode & ownerWrites) == 0;
}

/// Owners have no numbers, and of a mode there is one bit.
FileInfo MemoryFileSystem::asOnWindows(FileInfo info)
{
    info.owner = 0;
    info.group = 0;
    if (info.kind == FileKind::Directory)
        info.mode = 0777;
    else
        info.mode = (info.mode & ownerWrites) != 0 ? otherFile : readOnlyFile;
    info.accessed = inTicks(info.accessed);
    info.modified = inTicks(info.modified);
    return info;
}

/// A created file is shared with nobody; files that were opened are shared with all.
bool MemoryFileSystem::isInUse(InodeId inode, Touching touching)
{
    const bool isOurs = std::any_of(m_files.begin(), m_files.end(), [&](const auto &file) {
        return file.second.inode == inode && file.second.isExclusive;
    });
    if (isOurs)
        return true;
    const auto hold = m_foreignHolds.find(inode);
    if (hold == m_foreignHolds.end()
        || (touching == Touching::Content && hold->second.sharing == ForeignSharing::Content))
        return false;
    if (hold->second.attempts != forEver && --hold->second.attempts == 0)
        m_foreignHolds.erase(hold);
    return true;
}

Status MemoryFileSystem::openShared(InodeId inode, FileAccess access)
{
    if (access == FileAccess::Attributes)
        return {};
    if (access == FileAccess::ReadWrite && isReadOnly(m_tree.at(inode)))
        return win32Error(Call::OpenFile, ErrorClass::PermissionDenied, win32::accessDenied);
    if (isInUse(inode, Touching::Content))
        return sharingViolation(Call::OpenFile);
    return {};
}

/// The call was not let near the target: what is there decides whether that may pass.
SystemError MemoryFileSystem::accessDeniedAt(const Entry &target, Call call) const
{
    if (!target.inode)
        return win32Error(call, ErrorClass::PermissionDenied, win32::accessDenied,
                          Duration::MayPass);
    const Inode &inode = m_tree.at(*target.inode);
    if (inode.kind == FileKind::Directory)
        return win32Error(call, ErrorClass::IsDirectory, win32::accessDenied);
    return win32Error(call, ErrorClass::PermissionDenied, win32::accessDenied,
                      isReadOnly(inode) ? Duration::Stays : Duration::MayPass);
}

/// What is renamed is opened for it, so whoever is in the way makes that a sharing violation; at the
/// new name the same is an access that is denied. A directory that is open keeps its name.
Status MemoryFileSystem::mayRename(const Entry &source, const Entry &target, Call call)
{
    const bool isOpenDirectory = std::any_of(
        m_directories.begin(), m_directories.end(),
        [&](const auto &directory) { return directory.second.inode == source.inode; });
    if (isOpenDirectory || isInUse(*source.inode, Touching::Name))
        return sharingViolation(call);
    if (!target.inode || target.inode == source.inode)
        return {};
    const Inode &replaced = m_tree.at(*target.inode);
    if (replaced.kind == FileKind::Directory || isReadOnly(replaced)
        || isInUse(*target.inode, Touching::Name))
        return accessDeniedAt(target, call);
    return {};
}

Status MemoryFileSystem::mayUnlink(InodeId inode)
{
    if (isInUse(inode, Touching::Name))
        return sharingViolation(Call::Unlink);
    return {};
}

/// A write-through call takes along all that the volume's journal holds, for that is one sequence.
void MemoryFileSystem::writeThrough(std::uint64_t volume)
{
    if (isWindows() && m_log)
        m_log->writtenThrough(volume);
}

/// The staged file is opened without sharing anything, so every handle through which its content can
/// be reached is in the way; a read-only one cannot be opened for that at all.
Status MemoryFileSystem::mayReplace(const Entry &staged, const Entry &target)
{
    const bool isOpen = std::any_of(m_files.begin(), m_files.end(), [&](const auto &file) {
        return file.second.inode == staged.inode && file.second.reads();
    });
    const Inode &replaced = m_tree.at(*target.inode);
    if (replaced.kind == FileKind::Directory || isReadOnly(replaced)
        || isReadOnly(m_tree.at(*staged.inode)))
        return accessDeniedAt(target, Call::Replace);
    // What becomes of links is not documented, so nobody may rely on it.
    if (replaced.kind != FileKind::Regular || m_tree.at(*staged.inode).kind != FileKind::Regular)
        return win32Error(Call::Replace, ErrorClass::NotRegularFile, 0);
    if (isOpen || isInUse(*target.inode, Touching::Name) || isInUse(*staged.inode, Touching::Name))
        return sharingViolation(Call::Replace);
    return {};
}

/// Three effects, in this order: the new file takes the old one's metadata over, the old one goes to
/// the backup's name, the new one to the target's. They are in the journal and no more than that.
Status MemoryFileSystem::replaceEntry(const Entry &staged, const Entry &target, const Entry &backup)
{
    const Attributes &old = m_tree.at(*target.inode).attributes;
    Effect takeOver = effectOn(Effect::Kind::SetAttributes, *staged.inode);
    const Attributes own = std::exchange(takeOver.attributes, old);
    takeOver.attributes.accessed = own.accessed;
    takeOver.attributes.modified = own.modified;
    perform(std::move(takeOver));

    const auto renameTo = [&](const Entry &from, const Entry &to) {
        Effect effect = effectOn(Effect::Kind::Rename, *from.inode);
        effect.fromDirectory = from.directory;
        effect.from = from.stored;
        effect.toDirectory = to.directory;
        effect.to = to.name;
        perform(std::move(effect));
    };
    renameTo(target, backup);
    const std::size_t index = m_replaces++;
    if (index >= m_firstHalfWay && index - m_firstHalfWay < m_halfWays)
        return win32Error(Call::Replace, ErrorClass::HalfReplaced, win32::halfReplaced);
    renameTo(staged, target);
    return {};
}

Status MemoryFileSystem::replace(DirectoryHandle directory, const Path &staged, const Path &target,
                                 const Path &backup)
{
    const std::lock_guard lock(m_mutex);
    if (!isWindows())
        return error(Call::Replace, ErrorClass::Unsupported, 0);
    const auto from = lookUpToChange(directory, staged, Call::Replace);
    if (!from)
        return from.error();
    const auto to = lookUpToChange(directory, target, Call::Replace);
    if (!to)
        return to.error();
    const auto kept = lookUpToChange(directory, backup, Call::Replace);
    if (!kept)
        return kept.error();
    if (!from.value().inode || !to.value().inode)
        return win32Error(Call::Replace, ErrorClass::NotFound, win32::fileNotFound);
    if (kept.value().inode)
        return win32Error(Call::Replace, ErrorClass::AlreadyExists, win32::alreadyExists);
    if (const auto may = mayReplace(from.value(), to.value()); !may)
        return may;
    return replaceEntry(from.value(), to.value(), kept.value());
}

/// One lock for each key, whichever files the handles are of.
Status MemoryFileSystem::lockKey(FileHandle file, const std::string &key)
{
    OpenFile &open = m_files.at(file.value);
    if (open.holdsLock)
        return {};
    const bool isHeld = std::any_of(m_files.begin(), m_files.end(), [&](const auto &other) {
        return other.second.holdsLock && other.second.lockKey == key;
    });
    if (isHeld || m_foreignKeys.contains(key))
        return win32Error(Call::LockFile, ErrorClass::Busy, 0);
    open.holdsLock = true;
    open.lockKey = key;
    return {};
}

} // namespace atomicfile::test
