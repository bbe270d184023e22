// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "source.h"

#include "patience.h"
#include "retry.h"

#include <utility>

namespace atomicfile {

namespace {

Result<void, Failure> checkKind(FileKind kind, Symlinks symlinks, const Path &path)
{
    if (kind == FileKind::Directory)
        return refusal(ErrorClass::IsDirectory, Step::Inspect, path);
    if (kind != FileKind::Regular && !(kind == FileKind::Symlink && symlinks == Symlinks::Replace))
        return refusal(ErrorClass::NotRegularFile, Step::Inspect, path);
    return {};
}

} // namespace

Result<void, Failure> checkSource(const Target &found, Symlinks symlinks)
{
    if (!found.existing)
        return refusal(ErrorClass::NotFound, Step::Inspect, found.place.path);
    return checkKind(found.existing->kind, symlinks, found.place.path);
}

Result<Source, Failure> openSource(FileSystem &system, const Target &found, FileAccess access,
                                   std::chrono::milliseconds busyTimeout)
{
    if (auto usable = checkSource(found, Symlinks::Follow); !usable)
        return usable.error();
    const Place &place = found.place;
    Patience patience(busyTimeout);
    const auto opened = patience.untilFree(
        system, [&] { return system.openFile(place.directory.get(), place.name, access); });
    if (!opened)
        return failureOf(opened.error(), Step::Inspect, place.path);
    UniqueFile file(system, opened.value());
    const auto info = retryInterrupted(
        [&] { return system.statFile(opened.value(), Times::Asked); });
    if (!info)
        return failureOf(info.error(), Step::Inspect, place.path);
    // Somebody may have put something else there since it was looked at.
    if (auto usable = checkKind(info.value().kind, Symlinks::Follow, place.path); !usable)
        return usable.error();
    return Source{std::move(file), info.value()};
}

} // namespace atomicfile
