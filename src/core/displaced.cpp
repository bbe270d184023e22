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
    name += ".";
    return name;
}

/// A file in a directory that stands under such a name.
struct Displaced
{
    Path name;
    DisplacedName parsed;
};

/// Of all that crashes have left of one target the one that was displaced last, which is what the target
/// was: it is the last to have been written. NotFound if there is none.
Result<Displaced> lastDisplaced(FileSystem &system, DirectoryHandle directory, const Path &target)
{
    const auto names = retryInterrupted(
        [&] { return system.readDirectory(directory, prefixFor(target)); });
    if (!names)
        return names.error();
    std::optional<Displaced> last;
    Nanoseconds written = 0;
    for (const Path &name : names.value()) {
        const auto parsed = parseDisplacedName(name);
        // The prefix of "notes" is that of "notes.txt" as well. Letter case is the system's affair.
        if (!parsed || parsed->target.native().size() != target.native().size())
            continue;
        const auto info = retryInterrupted([&] { return system.stat(directory, name); });
        if (!info && info.error().kind != ErrorClass::NotFound)
            return info.error();
        if (info && (!last || info.value().modified > written)) {
            written = info.value().modified;
            last = Displaced{name, *parsed};
        }
    }
    if (!last)
        return SystemError{ErrorClass::NotFound, Call::ReadDirectory, {}};
    return *std::move(last);
}

enum class WhenFree { Remove, Restore };

/// What is to be done with the file if nobody is at work on it.
Result<Settled> settleWhenFree(FileSystem &system, DirectoryHandle directory,
                               const Displaced &displaced, WhenFree what, WithoutLocks withoutLocks)
{
    const auto opened = retryInterrupted(
        [&] { return system.openFile(directory, displaced.name, FileAccess::Attributes); });
    if (!opened)
        return opened.error();
    const UniqueFile file(system, opened.value());
    const auto locked = retryInterrupted(
        [&] { return system.lockFile(file.get(), displaced.parsed.key); });
    if (!locked && locked.error().kind == ErrorClass::Busy)
        return Settled::Alive;
    const bool hasLocks = locked || locked.error().kind != ErrorClass::Unsupported;
    if (!hasLocks && withoutLocks == WithoutLocks::Leave)
        return Settled::Unknown;
    if (!locked && hasLocks)
        return locked.error();
    if (what == WhenFree::Restore) {
        const auto restored = retryInterrupted([&] {
            return system.renameNoReplace(directory, displaced.name, directory,
                                          displaced.parsed.target);
        });
        if (restored)
            return Settled::Restored;
        // Otherwise somebody has put a file there since, as good as if it had been there before.
        if (restored.error().kind != ErrorClass::AlreadyExists)
            return restored.error();
    }
    const auto removed = retryInterrupted([&] { return system.unlink(directory, displaced.name); });
    if (!removed)
        return removed.error();
    return Settled::Removed;
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

Result<Settled> settleDisplaced(FileSystem &system, DirectoryHandle directory, const Path &name,
                                WithoutLocks withoutLocks)
{
    const auto parsed = parseDisplacedName(name);
    if (!parsed)
        return Settled::Nothing;
    const auto target = retryInterrupted([&] { return system.stat(directory, parsed->target); });
    if (!target && target.error().kind != ErrorClass::NotFound)
        return target.error();
    if (target)
        return settleWhenFree(system, directory, {name, *parsed}, WhenFree::Remove, withoutLocks);
    const auto last = lastDisplaced(system, directory, parsed->target);
    if (!last)
        return last.error();
    return settleWhenFree(system, directory, last.value(), WhenFree::Restore, withoutLocks);
}

Result<Settled> recoverTarget(FileSystem &system, const Place &place, WithoutLocks withoutLocks)
{
    const auto last = lastDisplaced(system, place.directory.get(), place.name);
    // Somebody else may have settled it meanwhile, which is as good.
    if (!last)
        return last.error().kind == ErrorClass::NotFound ? Result<Settled>(Settled::Nothing)
                                                         : last.error();
    const auto settled = settleWhenFree(system, place.directory.get(), last.value(),
                                        WhenFree::Restore, withoutLocks);
    if (!settled && settled.error().kind == ErrorClass::NotFound)
        return Settled::Restored;
    return settled;
}

} // namespace atomicfile
