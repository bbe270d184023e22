// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "support/tree.h"

#include <string>

namespace atomicfile::test {

/// Somebody who tries to get at a file.
struct Person
{
    std::uint32_t user;
    std::uint32_t group;
};

/// The rwx bits that the mode and the access control list give a person, as the kernel decides it.
ModeBits accessFor(const Person &person, const Attributes &attributes);

/// Names somebody who may do more to the new file than to the old one; empty if nobody may. Whoever
/// writes the new file is not asked about: what is in it, this user has brought.
std::string whoMayMore(const Attributes &before, const Attributes &now, std::uint32_t writer = 0);

} // namespace atomicfile::test
