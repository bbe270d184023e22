// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "state_directory.h"

#include "retry.h"

#include <utility>

namespace atomicfile {

namespace {

constexpr ModeBits othersMayWrite = 0022;
constexpr ModeBits onlyTheUser = 0700;

Result<DirectoryHandle> open(FileSystem &system, const Path &path)
{
    return retryInterrupted([&] { return system.openDirectory(path, DirectoryAccess::Read); });
}

/// Whoever else could write to it could choose what a file is put back to.
Result<bool, Failure> isPrivate(FileSystem &system, DirectoryHandle directory, Step step,
                                const Path &path)
{
    if (!system.capabilities().modesGuard)
        return true;
    const auto info = retryInterrupted([&] { return system.statDirectory(directory); });
    if (!info)
        return failureOf(info.error(), step, path);
    return info.value().owner == system.effectiveUser()
        && (info.value().mode & othersMayWrite) == 0;
}

Place placeIn(SharedDirectory directory, const Path &path)
{
    return Place{std::move(directory), DirectoryAccess::Read, ".", path / "."};
}

/// Creates what is missing of the path; a power cut must not take it away again with what is in it.
Result<UniqueDirectory> openOrCreate(FileSystem &system, const Path &path)
{
    auto opened = open(system, path);
    const Path parent = path.parent_path();
    const bool mayBeMissing = !opened && opened.error().kind == ErrorClass::NotFound;
    if (!mayBeMissing || parent.empty() || parent == path)
        return opened ? Result<UniqueDirectory>(UniqueDirectory(system, opened.value()))
                      : Result<UniqueDirectory>(opened.error());
    auto holder = openOrCreate(system, parent);
    if (!holder)
        return holder.error();
    const DirectoryHandle above = holder.value().get();
    // Who runs as another user than the one whose home this is leaves nothing there.
    const auto info = retryInterrupted([&] { return system.statDirectory(above); });
    if (!info)
        return info.error();
    if (system.capabilities().modesGuard && info.value().owner != system.effectiveUser())
        return SystemError{ErrorClass::PermissionDenied, Call::CreateDirectory, {}};
    const auto created = retryInterrupted(
        [&] { return system.createDirectory(above, path.filename(), onlyTheUser); });
    if (!created && created.error().kind != ErrorClass::AlreadyExists)
        return created.error();
    if (system.capabilities().canSyncDirectory) {
        const auto synced = retryInterrupted([&] { return system.syncDirectory(above); });
        if (!synced && synced.error().kind != ErrorClass::Unsupported)
            return synced.error();
    }
    opened = open(system, path);
    if (!opened)
        return opened.error();
    return UniqueDirectory(system, opened.value());
}

} // namespace

std::optional<Place> openStateDirectory(FileSystem &system)
{
    const auto path = system.stateDirectory();
    const auto opened = path ? open(system, *path) : Result<DirectoryHandle>(SystemError());
    if (!opened)
        return std::nullopt;
    SharedDirectory directory(system, opened.value());
    const auto usable = isPrivate(system, directory.get(), Step::Resolve, *path);
    if (!usable || !usable.value())
        return std::nullopt;
    return placeIn(std::move(directory), *path);
}

Result<Place, Failure> createStateDirectory(FileSystem &system, Step step)
{
    const auto path = system.stateDirectory();
    if (!path)
        return refusal(ErrorClass::Unsupported, step, {});
    auto opened = openOrCreate(system, *path);
    if (!opened)
        return failureOf(opened.error(), step, *path);
    SharedDirectory directory(std::move(opened).value());
    const auto usable = isPrivate(system, directory.get(), step, *path);
    if (!usable)
        return usable.error();
    if (!usable.value())
        return refusal(ErrorClass::PermissionDenied, step, *path);
    return placeIn(std::move(directory), *path);
}

} // namespace atomicfile
