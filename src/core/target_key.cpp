// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "operations.h"
#include "retry.h"
#include "target.h"

namespace atomicfile {

TargetKey targetKey(FileSystem &system, const Path &path, Symlinks symlinks)
{
    // A link that is refused is not followed either: the operation will fail where it stands.
    const auto policy = symlinks == Symlinks::Follow ? Symlinks::Follow : Symlinks::Replace;
    const auto target = resolveTarget(system, path, policy);
    if (!target)
        return TargetKey{{}, {}, path.lexically_normal()};
    const Place &place = target.value().place;
    const auto directory = retryInterrupted(
        [&] { return system.statDirectory(place.directory.get()); });
    if (!directory)
        return TargetKey{{}, {}, path.lexically_normal()};
    return TargetKey{directory.value().identity, place.name, {}};
}

} // namespace atomicfile
