// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

namespace atomicfile::test {

struct NamedCode
{
    const char *name;
    int code;
};

/// The codes that only this system has, by what they mean.
std::vector<NamedCode> nativeDeviceErrors();
std::vector<NamedCode> nativePermissionErrors();

} // namespace atomicfile::test
