// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "remove_name.h"

namespace atomicfile {

Status removeName(FileSystem &system, DirectoryHandle directory, const Path &name,
                  Patience &patience)
{
    const auto removed = patience.untilFree(system, [&] { return system.unlink(directory, name); });
    if (removed || removed.error().kind == ErrorClass::NotFound)
        return {};
    const auto left = retryInterrupted([&] { return system.stat(directory, name); });
    if (!left && left.error().kind == ErrorClass::NotFound)
        return {};
    return removed;
}

} // namespace atomicfile
