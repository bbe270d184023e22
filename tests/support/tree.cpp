// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "tree.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace atomicfile::test {

namespace {

/// As many as Linux follows.
constexpr int mostLinks = 40;

SystemError lookupError(ErrorClass kind, int code)
{
    return {kind, Call::OpenDirectory, {NativeScope::Errno, code}};
}

} // namespace

void Blocks::write(std::int64_t offset, std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto within = static_cast<std::size_t>(offset % blockSize);
        const auto length = std::min(bytes.size(), static_cast<std::size_t>(blockSize) - within);
        std::string &block = m_blocks[offset / blockSize];
        block.resize(static_cast<std::size_t>(blockSize));
        bytes.copy(block.data() + within, length);
        bytes.remove_prefix(length);
        offset += static_cast<std::int64_t>(length);
    }
}

std::string Blocks::read(std::int64_t offset, std::int64_t length) const
{
    std::string bytes(static_cast<std::size_t>(length), '\0');
    const std::int64_t end = offset + length;
    for (auto it = m_blocks.lower_bound(offset / blockSize);
         it != m_blocks.end() && it->first * blockSize < end; ++it) {
        const std::int64_t begins = std::max(offset, it->first * blockSize);
        const std::int64_t ends = std::min(end, (it->first + 1) * blockSize);
        it->second.copy(bytes.data() + (begins - offset), static_cast<std::size_t>(ends - begins),
                        static_cast<std::size_t>(begins % blockSize));
    }
    return bytes;
}

void Blocks::cut(std::int64_t size)
{
    m_blocks.erase(m_blocks.lower_bound((size + blockSize - 1) / blockSize), m_blocks.end());
    m_reserved = std::min(m_reserved, (size + blockSize - 1) / blockSize);
    if (const auto last = m_blocks.find(size / blockSize); last != m_blocks.end()) {
        last->second.resize(static_cast<std::size_t>(size % blockSize));
        last->second.resize(static_cast<std::size_t>(blockSize));
    }
}

void Blocks::reserve(std::int64_t size)
{
    m_reserved = std::max(m_reserved, (size + blockSize - 1) / blockSize);
}

std::int64_t Blocks::allocated() const
{
    const auto beyond = std::distance(m_blocks.lower_bound(m_reserved), m_blocks.end());
    return (m_reserved + beyond) * blockSize;
}

std::int64_t Blocks::missing(std::int64_t offset, std::int64_t length) const
{
    if (length == 0)
        return 0;
    const std::int64_t first = std::max(offset / blockSize, m_reserved);
    const std::int64_t last = (offset + length - 1) / blockSize;
    if (first > last)
        return 0;
    const auto present = std::distance(m_blocks.lower_bound(first), m_blocks.upper_bound(last));
    return last - first + 1 - present;
}

std::optional<std::int64_t> Blocks::findData(std::int64_t offset) const
{
    const auto block = m_blocks.lower_bound(offset / blockSize);
    if (block == m_blocks.end())
        return std::nullopt;
    return std::max(offset, block->first * blockSize);
}

std::int64_t Blocks::findHole(std::int64_t offset) const
{
    if (!m_blocks.contains(offset / blockSize))
        return offset;
    std::int64_t block = offset / blockSize;
    while (m_blocks.contains(block))
        ++block;
    return block * blockSize;
}

Tree::Tree(Folding folding) : m_folding(folding)
{
    Inode directory;
    directory.kind = FileKind::Directory;
    directory.volume = 1;
    directory.attributes.mode = 0755;
    directory.links = 2;
    directory.parent = root;
    m_inodes.emplace(root, std::move(directory));
}

Inode *Tree::find(InodeId id)
{
    const auto found = m_inodes.find(id);
    return found == m_inodes.end() ? nullptr : &found->second;
}

const Inode *Tree::find(InodeId id) const
{
    const auto found = m_inodes.find(id);
    return found == m_inodes.end() ? nullptr : &found->second;
}

InodeId Tree::insert(InodeId id, Inode inode)
{
    m_lastId = std::max(m_lastId, id);
    m_inodes.insert_or_assign(id, std::move(inode));
    return id;
}

void Tree::collect()
{
    std::erase_if(m_inodes, [](const auto &item) { return item.second.links == 0; });
}

void Tree::setFolding(Folding folding)
{
    m_folding = folding;
    for (auto &item : m_inodes) {
        Inode &inode = item.second;
        inode.spellings.clear();
        if (folding == Folding::None)
            continue;
        for (const auto &entry : inode.entries)
            inode.spellings.emplace(folded(entry.first, folding), entry.first);
    }
}

std::optional<Tree::Named> Tree::lookUp(const Inode &directory, const std::string &name) const
{
    std::string stored = name;
    if (m_folding != Folding::None) {
        const auto spelling = directory.spellings.find(folded(name, m_folding));
        if (spelling == directory.spellings.end())
            return std::nullopt;
        stored = spelling->second;
    }
    const auto found = directory.entries.find(stored);
    if (found == directory.entries.end())
        return std::nullopt;
    return Named{stored, found->second};
}

void Tree::setName(InodeId directory, const std::string &name, InodeId file)
{
    Inode *const holder = find(directory);
    Inode *const named = find(file);
    if (!holder || !named)
        return;
    if (const auto old = lookUp(*holder, name))
        removeName(directory, old->name, old->inode);
    holder->entries.insert_or_assign(name, file);
    if (m_folding != Folding::None)
        holder->spellings.insert_or_assign(folded(name, m_folding), name);
    ++named->links;
    if (named->kind == FileKind::Directory)
        named->parent = directory;
}

void Tree::removeName(InodeId directory, const std::string &name, InodeId file)
{
    Inode *const holder = find(directory);
    if (!holder)
        return;
    const auto entry = holder->entries.find(name);
    if (entry == holder->entries.end() || entry->second != file)
        return;
    holder->entries.erase(entry);
    holder->spellings.erase(folded(name, m_folding));
    if (Inode *const named = find(file))
        --named->links;
}

Result<InodeId> Tree::resolve(const Path &path, LastLink lastLink) const
{
    InodeId current = root;
    std::vector<std::string> parts; // In reverse, so that a link's destination goes on at the back.
    const auto push = [&](const Path &more) {
        std::vector<std::string> added;
        for (const auto &part : more.standard().relative_path()) {
            // A slash at the end means the directory, which a link there is followed for.
            added.push_back(part.empty() ? "." : part.string());
        }
        parts.insert(parts.end(), added.rbegin(), added.rend());
    };
    push(path);
    int links = 0;
    while (!parts.empty()) {
        const std::string part = std::move(parts.back());
        parts.pop_back();
        const Inode &directory = at(current);
        if (directory.kind != FileKind::Directory)
            return lookupError(ErrorClass::NotFound, ENOTDIR);
        if (part == ".")
            continue;
        if (part == "..") {
            current = directory.parent;
            continue;
        }
        const auto entry = lookUp(directory, part);
        if (!entry)
            return lookupError(ErrorClass::NotFound, ENOENT);
        const Inode &named = at(entry->inode);
        if (named.kind != FileKind::Symlink || (parts.empty() && lastLink == LastLink::Keep)) {
            current = entry->inode;
            continue;
        }
        if (++links > mostLinks)
            return lookupError(ErrorClass::InvalidPath, ELOOP);
        const Path destination(named.destination);
        if (destination.standard().has_root_directory())
            current = root;
        push(destination);
    }
    return current;
}

std::optional<std::string> Tree::content(const Path &path) const
{
    const auto id = resolve(path, LastLink::Follow);
    if (!id || at(id.value()).kind != FileKind::Regular)
        return std::nullopt;
    const Inode &file = at(id.value());
    return file.blocks.read(0, file.size);
}

bool Tree::exists(const Path &path) const { return inode(path) != nullptr; }

std::vector<std::string> Tree::listing(const Path &directory) const
{
    std::vector<std::string> names;
    const auto id = resolve(directory, LastLink::Follow);
    if (!id)
        return names;
    for (const auto &entry : at(id.value()).entries)
        names.push_back(entry.first);
    return names;
}

const Inode *Tree::inode(const Path &path) const
{
    const auto id = resolve(path, LastLink::Keep);
    return id ? find(id.value()) : nullptr;
}

std::int64_t Tree::allocated(std::uint64_t volume) const
{
    std::int64_t sum = 0;
    for (const auto &item : m_inodes) {
        if (item.second.volume == volume)
            sum += item.second.blocks.allocated();
    }
    return sum;
}

} // namespace atomicfile::test
