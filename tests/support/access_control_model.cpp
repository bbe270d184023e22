// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "access_control_model.h"

#include <algorithm>
#include <cstddef>

namespace atomicfile::test {

namespace {

constexpr std::uint32_t version = 2;
constexpr std::size_t headerSize = 4;
constexpr std::size_t entrySize = 8;

void put(AccessControl &list, std::uint32_t number, int bytes)
{
    for (int i = 0; i < bytes; ++i)
        list.push_back(static_cast<std::byte>((number >> (8 * i)) & 0xff));
}

std::uint32_t take(const AccessControl &list, std::size_t at, std::size_t bytes)
{
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < bytes; ++i)
        number |= std::to_integer<std::uint32_t>(list[at + i]) << (8 * i);
    return number;
}

const AccessEntry *find(const std::vector<AccessEntry> &entries, AccessEntry::Tag tag)
{
    const auto found = std::find_if(entries.begin(), entries.end(),
                                    [tag](const AccessEntry &entry) { return entry.tag == tag; });
    return found == entries.end() ? nullptr : &*found;
}

bool isTag(std::uint32_t number)
{
    return number == AccessEntry::OwningUser || number == AccessEntry::User
        || number == AccessEntry::OwningGroup || number == AccessEntry::Group
        || number == AccessEntry::Mask || number == AccessEntry::Others;
}

} // namespace

AccessControl packed(const std::vector<AccessEntry> &entries)
{
    AccessControl list;
    put(list, version, 4);
    for (const AccessEntry &entry : entries) {
        put(list, entry.tag, 2);
        put(list, entry.permissions, 2);
        put(list, entry.id, 4);
    }
    return list;
}

std::optional<std::vector<AccessEntry>> unpacked(const AccessControl &list)
{
    if (list.size() < headerSize || (list.size() - headerSize) % entrySize != 0
        || take(list, 0, 4) != version)
        return std::nullopt;
    std::vector<AccessEntry> entries;
    for (std::size_t at = headerSize; at < list.size(); at += entrySize) {
        const std::uint32_t tag = take(list, at, 2);
        const std::uint32_t permissions = take(list, at + 2, 2);
        if (!isTag(tag) || permissions > 7)
            return std::nullopt;
        entries.push_back({static_cast<AccessEntry::Tag>(tag),
                           static_cast<std::uint16_t>(permissions), take(list, at + 4, 4)});
    }
    const bool named = find(entries, AccessEntry::User) || find(entries, AccessEntry::Group);
    const bool complete = find(entries, AccessEntry::OwningUser)
        && find(entries, AccessEntry::OwningGroup) && find(entries, AccessEntry::Others);
    if (!complete || (named && !find(entries, AccessEntry::Mask)))
        return std::nullopt;
    return entries;
}

bool isMinimal(const std::vector<AccessEntry> &entries) { return entries.size() == 3; }

ModeBits modeOf(const std::vector<AccessEntry> &entries)
{
    const AccessEntry *const mask = find(entries, AccessEntry::Mask);
    const AccessEntry *const group = mask ? mask : find(entries, AccessEntry::OwningGroup);
    return ModeBits(find(entries, AccessEntry::OwningUser)->permissions) << 6
        | ModeBits(group->permissions) << 3 | find(entries, AccessEntry::Others)->permissions;
}

std::vector<AccessEntry> withMode(std::vector<AccessEntry> entries, ModeBits mode)
{
    const auto groupTag = find(entries, AccessEntry::Mask) ? AccessEntry::Mask
                                                           : AccessEntry::OwningGroup;
    for (AccessEntry &entry : entries) {
        if (entry.tag == AccessEntry::OwningUser)
            entry.permissions = static_cast<std::uint16_t>((mode >> 6) & 7);
        else if (entry.tag == groupTag)
            entry.permissions = static_cast<std::uint16_t>((mode >> 3) & 7);
        else if (entry.tag == AccessEntry::Others)
            entry.permissions = static_cast<std::uint16_t>(mode & 7);
    }
    return entries;
}

} // namespace atomicfile::test
