// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "monitor.h"
#include "options.h"
#include "outcome.h"
#include "patience.h"
#include "reach.h"
#include "source.h"
#include "target.h"
#include "unique_handle.h"

#include <cstddef>
#include <optional>
#include <span>

namespace atomicfile {

struct LockedTarget;
class Undo;

/// What a staged file takes over beside its content, and from which open file.
struct MetadataSource
{
    UniqueFile file;
    FileInfo info;
    enum class Extent { Permissions, OwnerAndPermissions, Everything } extent;
};

/**
 * A file that is to become the target: staged beside it, or, for a move, standing at the source's name.
 *
 * It lives from staging until commit() or discard(). A staged file that is destroyed before it was
 * published is discarded. Not to be used by two threads at once.
 */
class StagedFile
{
public:
    StagedFile(StagedFile &&other) noexcept;
    StagedFile &operator=(StagedFile &&other) = delete;
    ~StagedFile();

    /// Creates the staged file in the target's directory and takes its lock. Given an original, an
    /// open file, it is a clone of that where the system makes such files.
    static Result<StagedFile, Outcome> create(FileSystem &system, Target target,
                                              const Options &options, ModeBits mode,
                                              FileHandle original = {});
    /// A symbolic link instead of a file, for moving one.
    static Result<StagedFile, Outcome> createLink(FileSystem &system, Target target,
                                                  const Options &options, const Path &destination);
    /// For a move within a volume: source stands in for the staged file, and is never discarded. file
    /// may be closed where nothing is to be synced.
    static StagedFile adopt(FileSystem &system, Target target, const Options &options,
                            Target source, UniqueFile file);
    /// The same where source and target are two links to one file: rename would do nothing and say
    /// ok, so publishing means to remove the source's name.
    static StagedFile adoptSecondName(FileSystem &system, Target target, const Options &options,
                                      Target source, UniqueFile file);

    /// Sets storage for size bytes aside, so that a full disk is found before anything is written.
    Result<void, Failure> reserve(std::int64_t size);
    /// Writes all the bytes at an offset, in bounded chunks. total is for the progress, -1 if unknown.
    Result<void, Failure> write(std::int64_t offset, std::span<const std::byte> bytes,
                                std::int64_t total, Monitor &monitor);
    /// Reads what the staged file holds; fewer bytes than asked for only at its end.
    Result<std::size_t, Failure> read(std::int64_t offset, std::span<std::byte> buffer);
    /// Cuts the staged file, or extends it by a hole.
    Result<void, Failure> resize(std::int64_t size);
    /// How long the staged file is.
    std::int64_t size() const { return m_end; }
    /// The new file gets exactly these, also where it replaces one whose metadata it takes over (but
    /// not where the system brings that over); what they forbid is forbidden at once.
    Result<void, Failure> setPermissions(ModeBits permissions);
    /// Those that the new file is going to have, as far as that is known before it is published.
    ModeBits permissions() const;
    /// Takes note of bytes that were placed by other means than write().
    void noteWritten(std::int64_t offset, std::int64_t length);
    /// What to carry over at commit() instead of the target's metadata.
    void carryFrom(MetadataSource source)
    {
        m_bringsEverything = source.extent == MetadataSource::Extent::Everything;
        m_metadataSource = std::move(source);
    }

    FileSystem &system() const { return *m_system; }
    /// Of the staged file, as it was created.
    const FileIdentity &identity() const { return m_created.identity; }
    FileHandle file() const { return m_file.get(); }
    const Target &target() const { return m_target; }
    const Options &options() const { return m_options; }
    Outcome &outcome() { return m_outcome; }
    const std::optional<Failure> &failure() const { return m_outcome.failure; }
    bool isPending() const { return m_state == State::Staged; }
    /// The content of the original that it was created from is in it already.
    bool isClone() const { return m_isClone; }
    bool isPublished() const { return m_state == State::Published; }
    /// Published, and a power cut must not take the new name back.
    bool needsDurableName() const
    {
        return isPublished() && !m_overwrites && m_options.durability == Durability::Durable;
    }

    /// Notes a failure and discards.
    void fail(Failure failure);
    /// Removes the staged file; what cannot be removed is named in the outcome.
    void discard();

    // The steps of commit(), in their order. Each ends in fail() where it does not succeed.
    /// Discards the staged file where the target holds the same already and that is enough.
    void skipUnchanged(Monitor &monitor);
    /// All of the new file but that it is on the medium.
    void finishMetadata();
    /// Where its content is to be synced; nothing if it need not be, or only by itself.
    const Place *placeToSync() const;
    /// The content is on the medium already, by a sync of its volume or of its device's cache.
    void noteSynced() { m_isSynced = true; }
    void syncContent();
    /// Only tries; who calls it notes what came of it.
    Status syncContent(Reach reach) const
    {
        return syncFile(*m_system, file(), SyncScope::Content, reach);
    }
    void failToSync(const SystemError &error);
    /// The sync was one for others, too, and it is not known for whom it failed.
    void failToSyncWithOthers(const SystemError &error);
    void finishContent();
    void backUp(Monitor &monitor);
    void publish(Monitor &monitor);
    /// Syncs a moved file, where that has to be before the directories.
    void syncMoved();
    /// The target was replaced by a call after which the old file stands under another name.
    bool hasReplaced() const { return m_displaced.has_value(); }
    /// The new file there. What makes its name durable is a sync of it.
    Result<UniqueFile, Failure> openReplaced();
    void noteNotDurable(Failure failure);
    void closePublished();

    /// The directory that loses a name by a move; nothing for a staged file.
    const Place *sourceDirectory() const { return isMove() ? &m_place : nullptr; }

private:
    enum class State { Staged, Published, Discarded };
    /// SecondName: source and target are links to one file, and publishing removes the source.
    enum class Origin { Staging, Source, SecondName };

    /// What the system was not yet asked to write to the medium lies between begin and end.
    struct Unwritten
    {
        std::int64_t begin = 0;
        std::int64_t end = 0;
        std::int64_t bytes = 0;
    };

    StagedFile(FileSystem &system, Target target, const Options &options);
    bool isMove() const { return m_origin != Origin::Staging; }
    DirectoryHandle ownDirectory() const { return m_place.directory.get(); }
    const Path &ownPath() const { return m_place.path; }
    Result<bool, Failure> tryCreate(ModeBits mode, FileHandle original);
    Result<FileHandle> createOrClone(ModeBits mode, FileHandle original);
    Result<bool, Failure> holdLock();
    Result<void, Failure> carry();
    Result<void, Failure> applyOwnPermissions();
    void noteVersion();
    Result<std::optional<FileInfo>, Failure> lookWhatToReplace(Monitor &monitor);
    void notePublished();
    void noteUnpublished(const SystemError &error);
    Result<void, Failure> checkSecondName(const std::optional<FileInfo> &existing);
    bool mayBeTarget();
    bool tookEffect(const std::optional<FileInfo> &before);
    Status publishOnce(const std::optional<FileInfo> &existing);
    Status publishExpecting(const Version &version);
    Status publishWithoutReplacing();
    Status publishByLink();
    Status publishByExchange();
    bool secureLink();
    bool canReplace();
    Status publishByReplacing(const std::optional<FileInfo> &existing);
    Status afterReplacing(SystemError error, const Path &displaced);
    Status finishReplacing(const Path &displaced);
    void removeDisplaced();
    Outcome failedToStage(Failure failure);

    // Writing in place, in overwrite.cpp.
    bool isContentAlone() const;
    bool isLastResort(const SystemError &error) const;
    Result<bool, Failure> stageElsewhere(const Failure &refused);
    Result<LockedTarget, Failure> lockTargetToOverwrite();
    Result<void, Failure> checkIsStill(const Source &source, const Version &version);
    Result<void, Failure> openContent();
    void overwrite(Monitor &monitor);
    Result<void, Failure> writeInto(const Source &target);
    std::optional<ModeBits> permissionsToGive() const;
    void putBack(Undo &undo, const Source &target, Failure failure);

    FileSystem *m_system;
    Target m_target;
    Options m_options;
    Origin m_origin = Origin::Staging;
    State m_state = State::Discarded;
    Place m_place; ///< of the staged file, or the source of a move
    UniqueFile m_file;
    /// Holds the lock where m_file is closed before publishing; see holdLock().
    UniqueFile m_lockHolder;
    bool m_isClone = false;
    bool m_isSynced = false;   ///< the content, before it was its turn
    bool m_overwrites = false; ///< publishing leaves the target the file that it is
    FileInfo m_created;        ///< as the staged file was found right after creating it
    FileIdentity m_identity;   ///< of the file that is to become the target
    Patience m_patience;
    bool m_replaces = false;         ///< publishing brings the target's metadata over
    std::optional<Path> m_displaced; ///< where the old file stands once it was replaced
    std::optional<MetadataSource> m_metadataSource;
    bool m_bringsEverything = false;       ///< what carryFrom() said, also once it is carried
    Losses m_notCarried = 0;               ///< lost where the target is replaced
    std::optional<ModeBits> m_permissions; ///< by setPermissions()
    std::int64_t m_end = 0;
    Unwritten m_unwritten;
    Outcome m_outcome;
};

} // namespace atomicfile
