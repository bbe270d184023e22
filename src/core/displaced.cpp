// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "displaced.h"

#include "retry.h"
#include "staged_name.h"

#include <algorithm>
#include <string_view>

namespace atomicfile {

namespace {

constexpr std::string_view prefix = ".af-old-";

Path prefixFor(const Path &target)
{
    Path name(prefix);
    name += target;
    name += '.';
    return name;
}

} // namespace

std::optional<Path> displacedName(const Path &target, const Path &staged,
                                  const Capabilities &capabilities)
{
    Path name = prefixFor(target);
    name += stagedKey(staged);
    if (name.native().size() > capabilities.longestName)
        return std::nullopt;
    return name;
}

std::optional<DisplacedName> parseDisplacedName(const Path &name)
{
    const auto &text = name.native();
    // At least one letter of the target's name, and the dot before the key.
    if (text.size() < prefix.size() + 2 + stagedKeyLength
        || !std::equal(prefix.begin(), prefix.end(), text.begin()))
        return std::nullopt;
    const auto dot = text.size() - stagedKeyLength - 1;
    DisplacedName parsed{Path(text.substr(prefix.size(), dot - prefix.size())),
                         Path(text.substr(dot + 1))};
    if (text[dot] != '.' || !isStagedKey(parsed.key))
        return std::nullopt;
    return parsed;
}

Result<Settled> settleDisplaced(FileSystem &system, DirectoryHandle directory, const Path &name)
{
    const auto parsed = parseDisplacedName(name);
    if (!parsed)
        return Settled::Nothing;
    const auto opened = retryInterrupted(
        [&] { return system.openFile(directory, name, FileAccess::Attributes); });
    if (!opened)
        return opened.error();
    const UniqueFile file(system, opened.value());
    const auto locked = retryInterrupted([&] { return system.lockFile(file.get(), parsed->key); });
    if (!locked && locked.error().kind == ErrorClass::Busy)
        return Settled::Alive;
    if (!locked)
        return locked.error();
    const auto target = retryInterrupted([&] { return system.stat(directory, parsed->target); });
    if (!target && target.error().kind != ErrorClass::NotFound)
        return target.error();
    if (!target) {
        const auto restored = retryInterrupted(
            [&] { return system.renameNoReplace(directory, name, directory, parsed->target); });
        if (restored)
            return Settled::Restored;
        // Otherwise somebody has put a file there since, as good as if it had been there before.
        if (restored.error().kind != ErrorClass::AlreadyExists)
            return restored.error();
    }
    const auto removed = retryInterrupted([&] { return system.unlink(directory, name); });
    if (!removed)
        return removed.error();
    return Settled::Removed;
}

Result<Settled> recoverTarget(FileSystem &system, const Place &place)
{
    const auto names = retryInterrupted(
        [&] { return system.readDirectory(place.directory.get(), prefixFor(place.name)); });
    if (!names)
        return names.error();
    for (const Path &name : names.value()) {
        // The prefix of "notes" is that of "notes.txt" as well. Letter case is the system's affair.
        const auto parsed = parseDisplacedName(name);
        if (!parsed || parsed->target.native().size() != place.name.native().size())
            continue;
        const auto settled = settleDisplaced(system, place.directory.get(), name);
        // Somebody else may have settled it meanwhile, which is as good.
        if (!settled && settled.error().kind == ErrorClass::NotFound)
            return Settled::Restored;
        if (!settled || settled.value() != Settled::Nothing)
            return settled;
    }
    return Settled::Nothing;
}

} // namespace atomicfile
