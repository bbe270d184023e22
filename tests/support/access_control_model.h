// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "platform/filesystem.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace atomicfile::test {

/// One entry of a POSIX.1e list, with the kernel's tags.
struct AccessEntry
{
    enum Tag : std::uint16_t {
        OwningUser = 0x01,
        User = 0x02,
        OwningGroup = 0x04,
        Group = 0x08,
        Mask = 0x10,
        Others = 0x20,
    };

    Tag tag = OwningUser;
    std::uint16_t permissions = 0;
    std::uint32_t id = 0xffffffff;

    bool operator==(const AccessEntry &) const = default;
};

/// Between the entries and the bytes that Linux stores (the attribute system.posix_acl_access).
AccessControl packed(const std::vector<AccessEntry> &entries);
/// Nothing for bytes that no kernel would take.
std::optional<std::vector<AccessEntry>> unpacked(const AccessControl &list);

/// The list says no more than a mode.
bool isMinimal(const std::vector<AccessEntry> &entries);
/// The mode's nine bits as the list gives them: where there is a mask, it stands in the group's place.
ModeBits modeOf(const std::vector<AccessEntry> &entries);
/// What chmod does to a list: the three entries that the mode shows are changed.
std::vector<AccessEntry> withMode(std::vector<AccessEntry> entries, ModeBits mode);

} // namespace atomicfile::test
