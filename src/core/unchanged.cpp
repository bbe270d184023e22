// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "unchanged.h"

#include "retry.h"
#include "source.h"

#include <algorithm>
#include <vector>

namespace atomicfile {

namespace {

constexpr std::int64_t compareChunk = std::int64_t(256) << 10;

bool holdsContent(FileSystem &system, FileHandle file, const Comparison &content, Monitor &monitor)
{
    std::vector<std::byte> buffer(static_cast<std::size_t>(std::min(content.size, compareChunk)));
    std::int64_t offset = 0;
    while (offset < content.size) {
        if (monitor.isCancelled())
            return false;
        const auto wanted = static_cast<std::size_t>(std::min(content.size - offset, compareChunk));
        const auto read = retryInterrupted(
            [&] { return system.readAt(file, offset, std::span(buffer).first(wanted)); });
        if (!read || read.value() == 0
            || !content.matches(offset, std::span(buffer).first(read.value())))
            return false;
        offset += static_cast<std::int64_t>(read.value());
    }
    return true;
}

/// Whoever put the content there may not have waited until the medium had it.
bool makeDurable(FileSystem &system, const Place &place, FileHandle file, Durability durability,
                 Losses &losses)
{
    if (durability == Durability::None)
        return true;
    const auto synced = retryInterrupted([&] { return system.syncFile(file, SyncScope::Content); });
    if (!synced)
        return false;
    if (durability != Durability::Durable || !system.capabilities().canSyncDirectory)
        return true;
    if (place.access == DirectoryAccess::SearchOnly)
        return false;
    const auto named = retryInterrupted(
        [&] { return system.syncDirectory(place.directory.get()); });
    if (!named && named.error().kind == ErrorClass::Unsupported)
        losses = losses | Loss::Durability;
    return named || named.error().kind == ErrorClass::Unsupported;
}

} // namespace

std::optional<Outcome> skipUnchanged(FileSystem &system, const Target &target,
                                     const Options &options, const Comparison &content,
                                     Monitor &monitor)
{
    if (!target.existing || target.existing->kind != FileKind::Regular
        || target.existing->size != content.size)
        return std::nullopt;
    const bool opensToRead = options.durability == Durability::None
        || system.capabilities().syncsReadHandles;
    const auto source = openSource(system, target,
                                   opensToRead ? FileAccess::Read : FileAccess::ReadWrite,
                                   std::chrono::milliseconds(0));
    if (!source || source.value().info.size != content.size)
        return std::nullopt;
    const FileHandle file = source.value().file.get();
    const Version version = Version::of(source.value().info);
    if (options.expectedVersion && *options.expectedVersion != version)
        return std::nullopt;
    Outcome outcome;
    if (!holdsContent(system, file, content, monitor)
        || !makeDurable(system, target.place, file, options.durability, outcome.losses))
        return std::nullopt;
    // The file that was compared still has the name, and nobody wrote into it meanwhile.
    const auto now = lookAt(system, target.place, Step::Inspect);
    if (!now || !now.value() || now.value()->identity != source.value().info.identity
        || Version::of(*now.value()) != version)
        return std::nullopt;
    outcome.target = target.place.path;
    outcome.version = version;
    return outcome;
}

} // namespace atomicfile
