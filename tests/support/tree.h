// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "folding.h"
#include "platform/filesystem.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atomicfile::test {

using InodeId = std::uint64_t;

inline constexpr std::int64_t blockSize = 4096;

/// A file's content as blocks; what has no block is a hole and reads as zeros.
class Blocks
{
public:
    void write(std::int64_t offset, std::string_view bytes);
    /// length bytes from offset on.
    std::string read(std::int64_t offset, std::int64_t length) const;
    /// Forgets everything from size on, so that a later extension shows zeros.
    void cut(std::int64_t size);
    /// Sets storage for the first size bytes aside.
    void reserve(std::int64_t size);

    std::int64_t allocated() const;
    /// How many blocks a write would have to add.
    std::int64_t missing(std::int64_t offset, std::int64_t length) const;
    /// As FileSystem::findData and findHole, without a size that ends them.
    std::optional<std::int64_t> findData(std::int64_t offset) const;
    std::int64_t findHole(std::int64_t offset) const;

private:
    std::map<std::int64_t, std::string> m_blocks;
    std::int64_t m_reserved = 0; ///< blocks from the beginning
};

/// What belongs to a file beside its content and its names.
struct Attributes
{
    ModeBits mode = 0;
    std::uint32_t owner = 0;
    std::uint32_t group = 0;
    Nanoseconds accessed = 0;
    Nanoseconds modified = 0;
    AccessControl list;
    std::map<std::string, std::string> extended; ///< name to value
    FileFlags flags = 0;
    AccessControl defaultList; ///< of a directory: what a file created in it gets
};

struct Inode
{
    FileKind kind = FileKind::Regular;
    std::uint64_t volume = 0;
    Attributes attributes;
    std::uint64_t links = 0;
    Nanoseconds born = 0;

    Blocks blocks;
    std::int64_t size = 0;

    std::map<std::string, InodeId> entries; ///< of a directory
    /// Of a directory whose names have several spellings: folded to stored.
    std::map<std::string, std::string> spellings;
    InodeId parent = 0;      ///< of a directory
    std::string destination; ///< of a symbolic link
};

/// A whole file system as plain data: what is on the medium, or what a program sees of it. Paths are
/// absolute, or relative to the root. Copies share nothing.
class Tree
{
public:
    static constexpr InodeId root = 1;

    explicit Tree(Folding folding = Folding::None);

    Folding folding() const { return m_folding; }
    void setFolding(Folding folding);

    Inode *find(InodeId id);
    const Inode *find(InodeId id) const;
    Inode &at(InodeId id) { return m_inodes.at(id); }
    const Inode &at(InodeId id) const { return m_inodes.at(id); }
    InodeId insert(InodeId id, Inode inode);
    InodeId newId() { return ++m_lastId; }
    void erase(InodeId id) { m_inodes.erase(id); }
    /// Drops what no name leads to.
    void collect();

    struct Named
    {
        std::string name; ///< as the directory holds it
        InodeId inode;
    };
    /// What a name leads to in a directory, in whichever spelling.
    std::optional<Named> lookUp(const Inode &directory, const std::string &name) const;

    /// Makes a name in a directory lead to a file, whatever it led to before. The directory holds it
    /// as it is given here.
    void setName(InodeId directory, const std::string &name, InodeId file);
    /// Takes a name away if the directory holds just this spelling and it leads to that file.
    void removeName(InodeId directory, const std::string &name, InodeId file);

    enum class LastLink { Follow, Keep };
    /// Where a path leads; ErrorClass NotFound or InvalidPath (too many links) otherwise.
    Result<InodeId> resolve(const Path &path, LastLink lastLink) const;

    // For tests to look at it.
    /// The content of a regular file; nothing if there is none at path. Symbolic links are followed.
    std::optional<std::string> content(const Path &path) const;
    bool exists(const Path &path) const;
    /// The names in a directory, sorted; none if there is no directory at path.
    std::vector<std::string> listing(const Path &directory) const;
    /// The inode at path itself, a symbolic link not followed.
    const Inode *inode(const Path &path) const;

    std::int64_t allocated(std::uint64_t volume) const;

private:
    std::map<InodeId, Inode> m_inodes;
    InodeId m_lastId = root;
    Folding m_folding;
};

} // namespace atomicfile::test
