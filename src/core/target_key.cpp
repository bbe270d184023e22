// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "operations.h"
#include "retry.h"
#include "target.h"

namespace atomicfile {

namespace {

TargetKey unresolvedKey(const Path &path)
{
    return TargetKey{{}, {}, path.standard().lexically_normal()};
}

TargetKey keyOf(FileSystem &system, const Place &place)
{
    const auto directory = retryInterrupted(
        [&] { return system.statDirectory(place.directory.get()); });
    if (!directory)
        return unresolvedKey(place.path);
    const auto stored = retryInterrupted(
        [&] { return system.storedName(place.directory.get(), place.name); });
    // Where nothing stands yet, there is only one spelling.
    return TargetKey{directory.value().identity, stored ? stored.value() : place.name, {}};
}

} // namespace

std::vector<TargetKey> targetKeys(FileSystem &system, const Path &path, Symlinks symlinks)
{
    std::vector<TargetKey> keys;
    const auto add = [&](const Place &place) { keys.push_back(keyOf(system, place)); };
    // A link that is refused is not followed either: the operation will fail where it stands.
    const auto policy = symlinks == Symlinks::Follow ? Symlinks::Follow : Symlinks::Replace;
    const auto target = followLinks(system, path, policy, add);
    if (target)
        add(target.value().place);
    else
        keys.push_back(unresolvedKey(path));
    return keys;
}

std::vector<TargetKey> targetKeys(FileSystem &system, const Place &place)
{
    return {keyOf(system, place)};
}

} // namespace atomicfile
