// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "memory_filesystem.h"

#include "access_control_model.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace atomicfile::test {

namespace {

constexpr std::array everyModel{CrashModel::Ordered, CrashModel::Weak, CrashModel::OnlySynced};

[[noreturn]] void testIsWrong(const Path &path)
{
    std::fprintf(stderr, "MemoryFileSystem: the test names a path that is not there: %s\n",
                 path.string().c_str());
    std::abort();
}

Folding foldingOf(Profile profile)
{
    switch (profile) {
    case Profile::Linux:
        break;
    case Profile::Darwin:
        return Folding::CaseAndForm;
    case Profile::Windows:
        return Folding::Case;
    }
    return Folding::None;
}

} // namespace

MemoryFileSystem::MemoryFileSystem(MemoryOptions options) : MemoryFileSystem(Tree(), options) { }

MemoryFileSystem::MemoryFileSystem(Tree tree, MemoryOptions options)
    : m_options(options)
    , m_tree(std::move(tree))
{
    m_tree.setFolding(foldingOf(m_options.profile));
}

MemoryFileSystem::~MemoryFileSystem() = default;

InodeId MemoryFileSystem::required(const Path &path) const
{
    const auto found = m_tree.resolve(path, Tree::LastLink::Keep);
    if (!found)
        testIsWrong(path);
    return found.value();
}

MemoryFileSystem::Entry MemoryFileSystem::requiredPlace(const Path &path) const
{
    const auto directory = m_tree.resolve(path.parent_path(), Tree::LastLink::Follow);
    if (!directory)
        testIsWrong(path.parent_path());
    Entry entry{directory.value(), path.filename().string(), {}, std::nullopt};
    if (const auto named = m_tree.lookUp(m_tree.at(entry.directory), entry.name)) {
        entry.stored = named->name;
        entry.inode = named->inode;
    }
    return entry;
}

void MemoryFileSystem::built()
{
    if (m_log)
        m_log->begin(m_tree);
}

void MemoryFileSystem::addDirectory(const Path &path, ModeBits mode)
{
    const std::lock_guard lock(m_mutex);
    const auto made = createNamed(requiredPlace(path), FileKind::Directory, mode);
    m_tree.at(made.value()).attributes.mode = mode;
    built();
}

void MemoryFileSystem::mount(const Path &path)
{
    addDirectory(path);
    const std::lock_guard lock(m_mutex);
    m_tree.at(required(path)).volume = ++m_lastVolume;
    built();
}

void MemoryFileSystem::addFile(const Path &path, std::string_view content, ModeBits mode)
{
    const std::lock_guard lock(m_mutex);
    Inode &file = m_tree.at(createNamed(requiredPlace(path), FileKind::Regular, mode).value());
    file.attributes.mode = mode;
    file.blocks.write(0, content);
    file.size = static_cast<std::int64_t>(content.size());
    built();
}

void MemoryFileSystem::addSymlink(const Path &path, const Path &destination)
{
    const std::lock_guard lock(m_mutex);
    Inode &link = m_tree.at(createNamed(requiredPlace(path), FileKind::Symlink, 0777).value());
    link.attributes.mode = 0777;
    link.destination = destination.string();
    link.size = static_cast<std::int64_t>(link.destination.size());
    built();
}

void MemoryFileSystem::addHardLink(const Path &path, const Path &existing)
{
    const std::lock_guard lock(m_mutex);
    const Entry entry = requiredPlace(path);
    m_tree.setName(entry.directory, entry.name, required(existing));
    built();
}

void MemoryFileSystem::addSpecial(const Path &path, FileKind kind)
{
    const std::lock_guard lock(m_mutex);
    m_tree.at(createNamed(requiredPlace(path), kind, 0644).value()).attributes.mode = 0644;
    built();
}

void MemoryFileSystem::setOwnerOf(const Path &path, std::uint32_t owner, std::uint32_t group)
{
    const std::lock_guard lock(m_mutex);
    Attributes &attributes = m_tree.at(required(path)).attributes;
    attributes.owner = owner;
    attributes.group = group;
    built();
}

void MemoryFileSystem::setModeOf(const Path &path, ModeBits mode)
{
    const std::lock_guard lock(m_mutex);
    m_tree.at(required(path)).attributes.mode = mode;
    built();
}

void MemoryFileSystem::setAccessControlOf(const Path &path, const AccessControl &list)
{
    const std::lock_guard lock(m_mutex);
    Attributes &attributes = m_tree.at(required(path)).attributes;
    const auto entries = unpacked(list);
    if (!entries)
        testIsWrong(path);
    attributes.list = list;
    attributes.mode = (attributes.mode & ~ModeBits(0777)) | modeOf(*entries);
    built();
}

void MemoryFileSystem::setAttributesOf(const Path &path,
                                       std::map<std::string, std::string> attributes)
{
    const std::lock_guard lock(m_mutex);
    m_tree.at(required(path)).attributes.extended = std::move(attributes);
    built();
}

void MemoryFileSystem::setFlagsOf(const Path &path, FileFlags flags)
{
    const std::lock_guard lock(m_mutex);
    m_tree.at(required(path)).attributes.flags = flags;
    built();
}

void MemoryFileSystem::setDefaultAccessControlOf(const Path &directory, const AccessControl &list)
{
    const std::lock_guard lock(m_mutex);
    m_tree.at(required(directory)).attributes.defaultList = list;
    built();
}

void MemoryFileSystem::overwrite(const Path &path, std::int64_t offset, std::string_view bytes)
{
    const std::lock_guard lock(m_mutex);
    Inode &file = m_tree.at(required(path));
    file.blocks.write(offset, bytes);
    file.size = std::max(file.size, offset + static_cast<std::int64_t>(bytes.size()));
    file.attributes.modified = now();
    built();
}

void MemoryFileSystem::remove(const Path &path)
{
    const std::lock_guard lock(m_mutex);
    const Entry entry = requiredPlace(path);
    const InodeId inode = required(path);
    m_tree.removeName(entry.directory, entry.stored, inode);
    dropIfUnused(inode);
    built();
}

void MemoryFileSystem::become(std::uint32_t user, std::uint32_t group)
{
    const std::lock_guard lock(m_mutex);
    m_options.user = user;
    m_options.group = group;
}

void MemoryFileSystem::pin(const Path &path)
{
    const std::lock_guard lock(m_mutex);
    m_pinned.insert(required(path));
}

void MemoryFileSystem::lockForeign(const Path &path)
{
    const std::lock_guard lock(m_mutex);
    if (isWindows()) {
        std::fprintf(stderr, "MemoryFileSystem: what is locked on Windows is a key\n");
        std::abort();
    }
    m_foreignLocks.insert(required(path));
}

void MemoryFileSystem::holdForeign(const Path &path, std::size_t attempts, ForeignSharing sharing)
{
    const std::lock_guard lock(m_mutex);
    const InodeId inode = required(path);
    m_foreignHolds.erase(inode);
    if (attempts > 0)
        m_foreignHolds.insert_or_assign(inode, ForeignHold{attempts, sharing});
}

void MemoryFileSystem::lockForeignKey(const Path &key)
{
    const std::lock_guard lock(m_mutex);
    m_foreignKeys.insert(key.string());
}

void MemoryFileSystem::stopReplacesHalfWay(std::size_t first, std::size_t times)
{
    const std::lock_guard lock(m_mutex);
    m_replaces = 0;
    m_firstHalfWay = first;
    m_halfWays = times;
}

Tree MemoryFileSystem::tree() const
{
    const std::lock_guard lock(m_mutex);
    return m_tree;
}

std::optional<std::string> MemoryFileSystem::content(const Path &path) const
{
    const std::lock_guard lock(m_mutex);
    return m_tree.content(path);
}

bool MemoryFileSystem::exists(const Path &path) const
{
    const std::lock_guard lock(m_mutex);
    return m_tree.exists(path);
}

std::vector<std::string> MemoryFileSystem::listing(const Path &directory) const
{
    const std::lock_guard lock(m_mutex);
    return m_tree.listing(directory);
}

FileInfo MemoryFileSystem::infoOf(const Path &path) const
{
    const std::lock_guard lock(m_mutex);
    return infoOfInode(required(path));
}

AccessControl MemoryFileSystem::accessControlOf(const Path &path) const
{
    const std::lock_guard lock(m_mutex);
    return m_tree.at(required(path)).attributes.list;
}

std::map<std::string, std::string> MemoryFileSystem::attributesOf(const Path &path) const
{
    const std::lock_guard lock(m_mutex);
    return m_tree.at(required(path)).attributes.extended;
}

std::size_t MemoryFileSystem::openHandleCount() const
{
    const std::lock_guard lock(m_mutex);
    return m_files.size() + m_directories.size();
}

void MemoryFileSystem::beginTracking()
{
    const std::lock_guard lock(m_mutex);
    m_log.emplace(m_tree);
}

std::size_t MemoryFileSystem::changes() const
{
    const std::lock_guard lock(m_mutex);
    return m_log ? m_log->changes() : 0;
}

std::span<const CrashModel> MemoryFileSystem::crashModels() const
{
    const std::span<const CrashModel> models = everyModel;
    return isWindows() ? models.first(1) : models;
}

std::vector<Tree> MemoryFileSystem::crashStates(CrashModel model) const
{
    const auto models = crashModels();
    if (std::find(models.begin(), models.end(), model) == models.end()) {
        std::fprintf(stderr, "MemoryFileSystem: this profile does not know that crash model\n");
        std::abort();
    }
    const std::lock_guard lock(m_mutex);
    return m_log ? m_log->crashStates(model) : std::vector<Tree>{m_tree};
}

void MemoryFileSystem::noteWriteOutFailed(FileHandle file)
{
    const std::lock_guard lock(m_mutex);
    const OpenFile *const open = openFileOf(file);
    if (open && m_log)
        m_log->writeOutFailed(open->inode);
}

void MemoryFileSystem::noteSyncFailed(FileHandle file)
{
    noteWriteOutFailed(file);
    const std::lock_guard lock(m_mutex);
    const OpenFile *const open = openFileOf(file);
    if (open && m_log)
        m_log->flushFailed(m_tree.at(open->inode).volume);
}

void MemoryFileSystem::noteSyncFailed(DirectoryHandle directory)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_directories.find(directory.value);
    if (found != m_directories.end() && m_log)
        m_log->flushFailed(m_tree.at(found->second.inode).volume);
}

Capabilities MemoryFileSystem::capabilities() const
{
    switch (m_options.profile) {
    case Profile::Linux:
    case Profile::Darwin:
        break;
    case Profile::Windows:
        return {.canSyncDirectory = false,
                .replaceKeepsMetadata = true,
                .publishesOpenFiles = false,
                .syncsReadHandles = false,
                .modesGuard = false,
                .longestName = 255};
    }
    return {};
}

std::optional<ErrorClass> MemoryFileSystem::judgePath(const Path &) const { return {}; }

/// Nobody waits: only the clock goes on.
Status MemoryFileSystem::pause(std::chrono::milliseconds duration)
{
    const std::lock_guard lock(m_mutex);
    if (duration.count() < 0)
        return error(Call::Pause, ErrorClass::Unknown, EINVAL);
    m_clock += std::chrono::nanoseconds(duration).count();
    return {};
}

std::uint32_t MemoryFileSystem::effectiveUser() const
{
    const std::lock_guard lock(m_mutex);
    return isWindows() ? 0 : m_options.user;
}

std::optional<Path> MemoryFileSystem::stateDirectory() const { return Path("/state/atomicfile"); }

std::size_t MemoryFileSystem::mostOpenFiles() const { return m_options.openFiles; }

/// Only syncs take time, and only where a test says so.
std::chrono::nanoseconds MemoryFileSystem::steadyTime() const
{
    const std::lock_guard lock(m_mutex);
    return m_syncTime;
}

Status MemoryFileSystem::random(std::span<std::byte> buffer)
{
    const std::lock_guard lock(m_mutex);
    for (std::byte &byte : buffer)
        byte = static_cast<std::byte>(m_random() & 0xff);
    return {};
}

} // namespace atomicfile::test
