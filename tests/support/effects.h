// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "tree.h"

#include <cstddef>
#include <string>
#include <vector>

namespace atomicfile::test {

/**
 * What a power cut may leave.
 *
 * In all of them what was synced is there, and each unsynced write of data is lost, or kept, or torn,
 * or leaves a file of the new length with zeros in it (delayed allocation on ext4 and XFS does that).
 */
enum class CrashModel {
    /// What concerns names, attributes and cuts reaches the medium in the order in which it was done,
    /// on each volume for itself; a sync of a file or directory takes along all that was done before
    /// the last change to it. Journals work like this.
    Ordered,
    /// Each unsynced effect is lost or kept, whatever becomes of the others. A rename is one effect;
    /// one between directories may show both names, never neither.
    Weak,
    /// Nothing is there but what was synced, each directory for itself (ext2).
    OnlySynced,
};

/// One change to a file system, small enough that a power cut leaves all of it or nothing, but for
/// what CrashModel says of data.
struct Effect
{
    enum class Kind {
        Create,
        Write,
        SetSize,
        Clone,
        SetAttributes,
        AddName,
        RemoveName,
        Rename,
        Exchange,
    };

    Kind kind = Kind::Create;
    InodeId inode = 0; ///< the file that it is about
    std::uint64_t volume = 0;

    Inode created;           ///< Create
    std::int64_t offset = 0; ///< Write
    std::string bytes;       ///< Write
    std::int64_t size = 0;   ///< SetSize, Clone
    Blocks blocks;           ///< Clone
    Attributes attributes;   ///< SetAttributes; Write, SetSize and Clone take the times

    InodeId fromDirectory = 0; ///< RemoveName, Rename
    std::string from;
    InodeId toDirectory = 0; ///< AddName, Rename, Exchange
    std::string to;
    InodeId exchanged = 0; ///< Exchange: the file that was at "to"

    bool durable = false;        ///< of a rename: the new name
    bool removalDurable = false; ///< of a rename: that the old name has gone
    bool damaged = false;        ///< writing it back failed: no later sync makes it durable
};

/// How much of an effect there is.
enum class Part { Nothing, All, SizeOnly, FirstHalf, AdditionOnly, RemovalOnly };

void apply(Tree &tree, const Effect &effect, Part part = Part::All);

/// What was done to a file system since all of it was durable, and what of that has been synced.
class EffectLog
{
public:
    /// More states than this mean a test that never ends.
    static constexpr std::size_t mostStates = std::size_t(1) << 17;

    explicit EffectLog(Tree durable);

    /// From here on once more; all that was there before is durable.
    void begin(Tree durable);
    void add(Effect effect);
    void fileSynced(InodeId file, SyncScope scope, std::uint64_t volume);
    void directorySynced(InodeId directory, std::uint64_t volume);
    /// Its device has it in its cache, which the next sync of something on the volume empties.
    void fileWrittenOut(InodeId file, std::uint64_t volume);
    void directoryWrittenOut(InodeId directory, std::uint64_t volume);
    void volumeSynced(std::uint64_t volume);
    /// The journal of the volume is on the medium up to now, as a write-through call of Windows
    /// leaves it.
    void writtenThrough(std::uint64_t volume);
    /// What was written to the file is damaged for good, although it still reads back.
    void writeOutFailed(InodeId file);
    /// What the cache of the volume's device held is damaged for good.
    void flushFailed(std::uint64_t volume);

    /// Grows with each call of the functions above.
    std::size_t changes() const { return m_changes; }

    /**
     * Every state that a power cut at this moment may leave: one for each combination of what happens
     * to the unsynced effects. Throws std::length_error if there are more than mostStates.
     */
    std::vector<Tree> crashStates(CrashModel model) const;

private:
    /// What was written out, and how many effects there were then.
    struct WrittenOut
    {
        enum class What { File, Directory } what;
        InodeId inode;
        std::size_t effects;
    };

    std::size_t lastChangeOf(InodeId file, SyncScope scope, std::size_t effects) const;
    void keepFile(InodeId file, SyncScope scope, std::size_t effects);
    void keepDirectory(InodeId directory, std::size_t effects);
    void emptyCache(std::uint64_t volume);
    void commitJournal(std::size_t changes, std::uint64_t volume);

    std::size_t m_changes = 0;
    Tree m_durable;
    std::vector<Effect> m_effects;
    /// Volume to the number of effects that its journal is known to have on the medium.
    std::map<std::uint64_t, std::size_t> m_journal;
    std::map<std::uint64_t, std::vector<WrittenOut>> m_cached; ///< of each volume
};

} // namespace atomicfile::test
