// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "target.h"

#include "backup.h"
#include "displaced.h"
#include "patience.h"
#include "recovery.h"
#include "retry.h"

#include <utility>

namespace atomicfile {

namespace {

/// Linux gives up after 40 links as well (MAXSYMLINKS); POSIX asks for at least 8.
constexpr int mostLinks = 40;
/// How often others may take the target away between the first look at it and the next.
constexpr int mostLooks = 16;

/// Says no to what can never name a file, before any system call is made for it.
Result<void, Failure> checkPath(const FileSystem &system, const Path &path)
{
    const auto &text = path.native();
    if (text.empty() || text.find(Path::value_type{}) != Path::string_type::npos)
        return refusal(ErrorClass::InvalidPath, Step::Resolve, path);
    if (const auto reason = system.judgePath(path))
        return refusal(*reason, Step::Resolve, path);
    const Path name = path.filename();
    if (name.empty() || name == "." || name == "..")
        return refusal(ErrorClass::IsDirectory, Step::Resolve, path);
    if (name.native().size() > system.capabilities().longestName)
        return refusal(ErrorClass::NameTooLong, Step::Resolve, path);
    return {};
}

Result<Place, Failure> openPlace(FileSystem &system, const Path &path)
{
    Path parent = path.parent_path();
    if (parent.empty())
        parent = ".";
    auto access = DirectoryAccess::Read;
    auto opened = retryInterrupted([&] { return system.openDirectory(parent, access); });
    if (!opened && opened.error().kind == ErrorClass::PermissionDenied) {
        // A drop box (mode 0333) can be written to but not read, nor synced.
        access = DirectoryAccess::SearchOnly;
        opened = retryInterrupted([&] { return system.openDirectory(parent, access); });
    }
    if (!opened)
        return failureOf(opened.error(), Step::Resolve, parent);
    return Place{SharedDirectory(system, opened.value()), access, path.filename(), path};
}

/**
 * In a directory where everybody may create names and nobody may remove those of others (/tmp), a link
 * is followed only if it is the caller's or the directory owner's. Whoever else made it could choose
 * what a privileged caller overwrites. Linux does the same for open() where fs.protected_symlinks is
 * set, but following link by link never asks it.
 */
Result<void, Failure> mayFollow(FileSystem &system, const Place &place, const FileInfo &link)
{
    const auto directory = retryInterrupted(
        [&] { return system.statDirectory(place.directory.get()); });
    if (!directory)
        return failureOf(directory.error(), Step::Resolve, place.path);
    constexpr ModeBits shared = mode::sticky | mode::othersWrite;
    if ((directory.value().mode & shared) != shared || link.owner == directory.value().owner
        || link.owner == system.effectiveUser())
        return {};
    return refusal(ErrorClass::PermissionDenied, Step::Resolve, place.path);
}

Result<Path, Failure> linkDestination(FileSystem &system, const Place &place)
{
    const auto link = retryInterrupted(
        [&] { return system.readLink(place.directory.get(), place.name); });
    if (!link)
        return failureOf(link.error(), Step::Resolve, place.path);
    // An absolute destination takes the place of the directory; ".." is left to the system, since
    // the directory before it may be a link.
    return place.path.parent_path() / link.value();
}

} // namespace

bool isToBeOverwritten(const std::optional<FileInfo> &existing, const Options &options)
{
    return options.hardLinks == HardLinks::WriteInPlace && existing
        && existing->kind == FileKind::Regular && existing->linkCount > 1;
}

bool mayOverwrite(const std::optional<FileInfo> &existing, const Options &options)
{
    return isToBeOverwritten(existing, options)
        || (options.inPlace == InPlace::WhenReplaceImpossible && existing
            && existing->kind == FileKind::Regular);
}

Recover recoverFor(const Options &options)
{
    const bool needs = options.inPlace == InPlace::WhenReplaceImpossible
        || options.hardLinks == HardLinks::WriteInPlace || options.unchanged == Unchanged::Skip
        || options.backup.generations > 0 || options.expectedVersion;
    return needs ? Recover::Yes : Recover::No;
}

bool keepsTargetMetadata(const Target &target, const Options &options)
{
    return target.existing && target.existing->kind == FileKind::Regular
        && options.metadata == Metadata::Preserve;
}

Result<std::optional<FileInfo>, Failure> lookAt(FileSystem &system, const Place &place, Step step)
{
    const auto info = retryInterrupted(
        [&] { return system.stat(place.directory.get(), place.name); });
    if (info)
        return std::optional<FileInfo>(info.value());
    if (info.error().kind == ErrorClass::NotFound)
        return std::optional<FileInfo>();
    return failureOf(info.error(), step, place.path);
}

Result<std::optional<FileInfo>, Failure> recover(FileSystem &system, const Place &place, Step step,
                                                 const std::function<bool()> &rest)
{
    if (!system.capabilities().replaceKeepsMetadata)
        return std::optional<FileInfo>(); // Nobody's target is ever under another name.
    for (int looks = 1;; ++looks) {
        auto settled = recoverTarget(system, place, WithoutLocks::Leave);
        if (!settled && !settled.error().mayPass)
            return failureOf(settled.error(), step, place.path);
        // Also where nothing was found: who was half-way may have finished since the last look.
        auto existing = lookAt(system, place, step);
        if (!existing || existing.value() || (settled && settled.value() == Settled::Nothing))
            return existing;
        const bool isDone = settled
            && (settled.value() == Settled::Restored || settled.value() == Settled::Removed);
        // What was put right once and is not seen has to wait as well, for a server's caches perhaps.
        if ((isDone && looks == 1) || rest())
            continue;
        // Nobody living is half-way for so long.
        if (settled && settled.value() == Settled::Unknown)
            settled = recoverTarget(system, place, WithoutLocks::Settle);
        if (!settled)
            return failureOf(settled.error(), step, place.path);
        return lookAt(system, place, step);
    }
}

Result<Target, Failure> resolveTarget(FileSystem &system, const Path &path, Symlinks symlinks,
                                      Recover overwritten, const LinkFollowed &followed)
{
    auto target = followLinks(system, path, symlinks, followed);
    if (!target)
        return target;
    const Place &place = target.value().place;
    auto &existing = target.value().existing;
    if (existing && overwritten == Recover::No)
        return target;
    Patience patience{Options().busyTimeout};
    if (existing) {
        const auto changed = recoverOverwritten(system, place, *existing, patience);
        if (!changed)
            return changed.error();
        if (!changed.value())
            return target;
    }
    auto now = existing
        ? lookAt(system, place, Step::Resolve)
        : recover(system, place, Step::Resolve, [&] { return patience.rest(system); });
    if (!now)
        return now.error();
    existing = now.value();
    return target;
}

Result<Target, Failure> followLinks(FileSystem &system, const Path &path, Symlinks symlinks,
                                    const LinkFollowed &followed)
{
    Path current = path;
    for (int links = 0; links <= mostLinks; ++links) {
        if (auto valid = checkPath(system, current); !valid)
            return valid.error();
        auto place = openPlace(system, current);
        if (!place)
            return place.error();
        auto existing = lookAt(system, place.value(), Step::Resolve);
        if (!existing)
            return existing.error();
        const bool isLink = existing.value() && existing.value()->kind == FileKind::Symlink;
        if (!isLink || symlinks == Symlinks::Replace)
            return Target{std::move(place).value(), existing.value()};
        if (symlinks == Symlinks::Refuse)
            return refusal(ErrorClass::NotRegularFile, Step::Resolve, current);
        if (auto allowed = mayFollow(system, place.value(), *existing.value()); !allowed)
            return allowed.error();
        auto destination = linkDestination(system, place.value());
        if (!destination)
            return destination.error();
        followed(place.value());
        current = std::move(destination).value();
    }
    return refusal(ErrorClass::InvalidPath, Step::Resolve, path);
}

Result<void, Failure> checkExpectations(const std::optional<FileInfo> &existing,
                                        const Options &options, Step step, const Path &path)
{
    switch (options.existing) {
    case Existing::Replace:
        break;
    case Existing::CreateNew:
        if (existing)
            return refusal(ErrorClass::AlreadyExists, step, path);
        break;
    case Existing::MustExist:
        if (!existing)
            return refusal(ErrorClass::NotFound, step, path);
        break;
    }
    if (options.expectedVersion) {
        const Version found = existing ? Version::of(*existing) : Version{};
        if (found != *options.expectedVersion)
            return refusal(ErrorClass::Conflict, step, path);
    }
    if (existing && existing->kind == FileKind::Directory)
        return refusal(ErrorClass::IsDirectory, step, path);
    const bool replaceable = !existing || existing->kind == FileKind::Regular
        || (existing->kind == FileKind::Symlink && options.symlinks == Symlinks::Replace);
    if (!replaceable)
        return refusal(ErrorClass::NotRegularFile, step, path);
    return {};
}

Result<void, Failure> inspectTarget(FileSystem &system, Target &target, const Options &options)
{
    const Place &place = target.place;
    if (auto valid = checkBackup(system, place, options.backup); !valid)
        return valid.error();
    Patience patience{options.busyTimeout};
    for (int looks = 1;; ++looks) {
        if (auto expected = checkExpectations(target.existing, options, Step::Inspect, place.path);
            !expected)
            return expected.error();
        if (!target.existing || target.existing->kind != FileKind::Regular)
            return {};
        if (options.hardLinks == HardLinks::Refuse && target.existing->linkCount > 1)
            return refusal(ErrorClass::TooManyLinks, Step::Inspect, place.path);
        const auto writable = retryInterrupted(
            [&] { return system.checkWritable(place.directory.get(), place.name); });
        if (writable)
            return {};
        if (writable.error().kind != ErrorClass::NotFound || looks == mostLooks)
            return failureOf(writable.error(), Step::Inspect, place.path);
        auto existing = lookAt(system, place, Step::Inspect);
        if (existing && !existing.value()) {
            existing = recover(system, place, Step::Inspect, [&] { return patience.rest(system); });
        }
        if (!existing)
            return existing.error();
        // As with one that goes later, what was seen of it is kept: the new file is no more open.
        if (!existing.value() && options.existing == Existing::Replace && !options.expectedVersion)
            return {};
        target.existing = existing.value();
    }
}

} // namespace atomicfile
