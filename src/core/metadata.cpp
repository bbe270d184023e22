// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "metadata.h"

#include "attributes.h"
#include "retry.h"

namespace atomicfile {

namespace {

constexpr ModeBits setIds = mode::setUserId | mode::setGroupId;
constexpr ModeBits ofOtherPeople = mode::groupAll | mode::othersAll;

struct Ownership
{
    bool ownerKept = true;
    bool groupKept = true;
};

/// Sets owner and group; where both together are refused, a member of the group may still give the
/// group alone.
Result<Ownership> carryOwner(FileSystem &system, FileHandle staged, const FileInfo &created,
                             const FileInfo &wanted)
{
    if (created.owner == wanted.owner && created.group == wanted.group)
        return Ownership{};
    auto set = retryInterrupted(
        [&] { return system.setOwner(staged, wanted.owner, wanted.group); });
    const bool groupDiffers = created.group != wanted.group;
    bool groupKept = true;
    if (!set && isLoss(set.error()) && created.owner != wanted.owner && groupDiffers) {
        set = retryInterrupted(
            [&] { return system.setOwner(staged, created.owner, wanted.group); });
        if (set)
            return Ownership{false, true};
    }
    if (!set) {
        if (!isLoss(set.error()))
            return set.error();
        groupKept = !groupDiffers;
        return Ownership{created.owner == wanted.owner, groupKept};
    }
    // ntfs-3g in its default mode says ok and does nothing.
    const auto found = retryInterrupted([&] { return system.statFile(staged, Times::LeftOut); });
    if (!found)
        return found.error();
    return Ownership{found.value().owner == wanted.owner, found.value().group == wanted.group};
}

/// Members of a group that could not be kept count as others from now on, and other people as the
/// group: neither may get what it did not have. An owner that could not be kept counts as one of the
/// two, and set-id bits would act for somebody else.
ModeBits narrowed(ModeBits wanted, const Ownership &kept)
{
    const ModeBits others = wanted & mode::othersAll;
    const ModeBits group = (wanted & mode::groupAll) >> 3;
    const ModeBits owner = (wanted & mode::ownerAll) >> 6;
    ModeBits both = wanted & ofOtherPeople;
    if (!kept.groupKept)
        both = ((group & others) << 3) | (group & others);
    if (!kept.ownerKept)
        both &= (owner << 3) | owner;
    if (!kept.ownerKept || !kept.groupKept)
        wanted &= ~setIds;
    return (wanted & ~ofOtherPeople) | both;
}

enum class ListState { Kept, Lost };

Result<ListState> lostOr(const SystemError &error)
{
    if (isLoss(error))
        return ListState::Lost;
    return error;
}

/// Gives the staged file this list, or takes away one that it inherited from the directory.
Result<ListState> giveAccessControl(FileSystem &system, FileHandle staged,
                                    const AccessControl &list)
{
    const auto present = retryInterrupted([&] { return system.readAccessControl(staged); });
    if (!present && present.error().kind != ErrorClass::Unsupported)
        return lostOr(present.error());
    if (present ? present.value() == list : list.empty())
        return ListState::Kept;
    const auto written = retryInterrupted([&] { return system.writeAccessControl(staged, list); });
    if (written)
        return ListState::Kept;
    // A list may need a block of its own.
    if (written.error().kind == ErrorClass::NoSpace)
        return ListState::Lost;
    return lostOr(written.error());
}

/// Gives the staged file the source's list. Where the group was not kept, a list would let other
/// people in, and only the system can read it.
Result<ListState> carryAccessControl(FileSystem &system, FileHandle staged, FileHandle source,
                                     const Ownership &kept)
{
    const auto wanted = retryInterrupted([&] { return system.readAccessControl(source); });
    if (wanted && !wanted.value().empty() && !kept.groupKept)
        return ListState::Lost;
    if (!wanted && wanted.error().kind != ErrorClass::Unsupported)
        return lostOr(wanted.error());
    return giveAccessControl(system, staged, wanted ? wanted.value() : AccessControl());
}

/// Flags of the owner's, where the system has such; what else a file is flagged as stays.
Result<Losses> carryFlags(FileSystem &system, FileHandle staged, const FileInfo &created,
                          const FileInfo &wanted)
{
    if (created.flags == wanted.flags)
        return Losses(0);
    const auto set = retryInterrupted([&] { return system.setFlags(staged, wanted.flags); });
    if (!set && !isLoss(set.error()))
        return set.error();
    return set ? Losses(0) : Losses(0) | Loss::ExtendedAttributes;
}

/// Extended attributes and flags. Only the owner's own file may do what its owner had it do. Where
/// permissions are all that is taken over, the source's content has been read, so it is open.
Result<Losses> carryNotes(FileSystem &system, FileHandle staged, const FileInfo &created,
                          const MetadataSource &source, const Ownership &kept)
{
    using Extent = MetadataSource::Extent;
    const FileHandle from = source.file.get();
    if (source.extent == Extent::Permissions)
        return lostAttributes(system, staged, from);
    const bool isSame = source.extent == Extent::Everything && kept.ownerKept && kept.groupKept;
    Result<Losses> attributes = Losses(0) | Loss::ExtendedAttributes;
    if (source.file.isOpen())
        attributes = carryAttributes(system, staged, from,
                                     isSame ? SameContent::Yes : SameContent::No);
    if (!attributes)
        return attributes;
    const auto flags = carryFlags(system, staged, created, source.info);
    return flags ? Result<Losses>(attributes.value() | flags.value()) : flags;
}

/// Sets the mode and looks whether the file system did it.
Result<Losses> applyMode(FileSystem &system, FileHandle staged, ModeBits mode)
{
    const auto set = retryInterrupted([&] { return system.setMode(staged, mode); });
    if (!set && !isLoss(set.error()))
        return set.error();
    const auto found = retryInterrupted([&] { return system.statFile(staged, Times::LeftOut); });
    if (!found)
        return found.error();
    return found.value().mode == mode ? Losses(0) : Losses(0) | Loss::Permissions;
}

} // namespace

Result<Carried, SystemError> applyPermissions(FileSystem &system, FileHandle staged,
                                              ModeBits permissions)
{
    // A list that came from the directory would take the group's bits for its mask, and let those in
    // whom it names.
    const auto list = giveAccessControl(system, staged, AccessControl());
    if (!list)
        return list.error();
    ModeBits wanted = permissions;
    if (list.value() == ListState::Lost)
        wanted &= ~ofOtherPeople;
    const auto applied = applyMode(system, staged, wanted);
    if (!applied)
        return applied.error();
    Carried carried{applied.value()};
    if (wanted != permissions)
        carried.losses = carried.losses | Loss::Permissions;
    return carried;
}

Result<Carried, SystemError> carryMetadata(FileSystem &system, FileHandle staged,
                                           const FileInfo &created, const MetadataSource &source)
{
    Losses losses = 0;
    Ownership kept;
    ModeBits asked = source.info.mode;
    if (source.extent == MetadataSource::Extent::Permissions) {
        // The new file is the caller's own, but what the permissions say of a group, they say of the
        // source's.
        kept = {created.owner == source.info.owner, created.group == source.info.group};
        asked &= ~setIds;
    } else {
        const auto owner = carryOwner(system, staged, created, source.info);
        if (!owner)
            return owner.error();
        kept = owner.value();
        if (!kept.ownerKept || !kept.groupKept)
            losses = losses | Loss::Owner;
    }
    ModeBits wanted = narrowed(asked, kept);
    // A file that may be written but not read keeps its list to itself.
    Result<ListState> list = ListState::Lost;
    if (source.file.isOpen())
        list = carryAccessControl(system, staged, source.file.get(), kept);
    if (!list)
        return list.error();
    const auto notes = carryNotes(system, staged, created, source, kept);
    if (!notes)
        return notes.error();
    losses |= notes.value();
    if (list.value() == ListState::Lost) {
        losses = losses | Loss::AccessControlList;
        wanted &= ~ofOtherPeople;
    }
    if (wanted != asked)
        losses = losses | Loss::Permissions;
    const auto applied = applyMode(system, staged, wanted);
    if (!applied)
        return applied.error();
    losses |= applied.value();
    if (source.extent == MetadataSource::Extent::Everything) {
        const auto times = retryInterrupted(
            [&] { return system.setTimes(staged, source.info.accessed, source.info.modified); });
        if (!times && !isLoss(times.error()))
            return times.error();
        if (!times)
            losses = losses | Loss::Timestamps;
    }
    return Carried{losses};
}

} // namespace atomicfile
