// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "access.h"

#include "support/access_control_model.h"

#include <optional>

namespace atomicfile::test {

namespace {

ModeBits groupAccess(const Person &person, const Attributes &attributes,
                     const std::vector<AccessEntry> &entries, ModeBits others)
{
    std::optional<ModeBits> granted;
    for (const AccessEntry &entry : entries) {
        const bool owning = entry.tag == AccessEntry::OwningGroup
            && person.group == attributes.group;
        const bool named = entry.tag == AccessEntry::Group && person.group == entry.id;
        if (owning || named)
            granted = granted.value_or(0) | entry.permissions;
    }
    // The mask: without one this is the group's own entry, which takes nothing away from itself.
    const ModeBits mask = (modeOf(entries) >> 3) & 7;
    return granted ? *granted & mask : others;
}

ModeBits listAccess(const Person &person, const Attributes &attributes,
                    const std::vector<AccessEntry> &entries)
{
    const ModeBits mode = modeOf(entries);
    if (person.user == attributes.owner)
        return (mode >> 6) & 7;
    for (const AccessEntry &entry : entries) {
        if (entry.tag == AccessEntry::User && entry.id == person.user)
            return entry.permissions & (mode >> 3) & 7;
    }
    return groupAccess(person, attributes, entries, mode & 7);
}

} // namespace

ModeBits accessFor(const Person &person, const Attributes &attributes)
{
    if (const auto entries = unpacked(attributes.list))
        return listAccess(person, attributes, *entries);
    if (person.user == attributes.owner)
        return (attributes.mode >> 6) & 7;
    if (person.group == attributes.group)
        return (attributes.mode >> 3) & 7;
    return attributes.mode & 7;
}

std::string whoMayMore(const Attributes &before, const Attributes &now, std::uint32_t writer)
{
    for (const std::uint32_t user : {1001u, 1002u, 1003u, 1004u}) {
        for (const std::uint32_t group : {0u, 2001u, 2002u, 2003u}) {
            const Person person{user, group};
            if (user == writer)
                continue;
            if ((accessFor(person, now) & ~accessFor(person, before)) != 0)
                return "user " + std::to_string(user) + " in group " + std::to_string(group);
        }
    }
    const ModeBits setIds = mode::setUserId | mode::setGroupId;
    return (now.mode & ~before.mode & setIds) != 0 ? "everybody, by a set-id bit" : "";
}

} // namespace atomicfile::test
