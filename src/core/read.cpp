// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "operations.h"
#include "retry.h"
#include "source.h"

#include <algorithm>

namespace atomicfile {

namespace {

/// A program that writes into the file in place may come between; one that replaces it cannot, as the
/// open file stays the old one.
constexpr int readAttempts = 5;
constexpr std::size_t readChunk = std::size_t(1) << 20;

Result<void, Failure> readAll(FileSystem &system, const Source &source, const Path &path,
                              const Resize &resize, Monitor &monitor)
{
    // Files that say nothing of their size (procfs) are read until they end.
    auto bytes = resize(static_cast<std::size_t>(source.info.size) + 1);
    std::size_t length = 0;
    for (;;) {
        if (monitor.isCancelled())
            return refusal(ErrorClass::Cancelled, Step::None, path);
        if (length == bytes.size())
            bytes = resize(length + readChunk);
        const auto room = bytes.subspan(length);
        const auto read = retryInterrupted([&] {
            return system.readAt(source.file.get(), static_cast<std::int64_t>(length),
                                 room.first(std::min(room.size(), readChunk)));
        });
        if (!read)
            return failureOf(read.error(), Step::None, path);
        if (read.value() == 0)
            break;
        length += read.value();
        monitor.progress(static_cast<std::int64_t>(length), source.info.size);
    }
    resize(length);
    return {};
}

} // namespace

Result<Version, Failure> readFile(FileSystem &system, const Path &path, const Resize &resize,
                                  Monitor &monitor)
{
    for (int attempt = 0; attempt < readAttempts; ++attempt) {
        auto target = resolveTarget(system, path, Symlinks::Follow, Recover::Yes);
        if (!target)
            return target.error();
        auto source = openSource(system, target.value(), FileAccess::Read, Options().busyTimeout);
        if (!source)
            return source.error();
        const auto read = readAll(system, source.value(), target.value().place.path, resize,
                                  monitor);
        if (!read)
            return read.error();
        const auto after = retryInterrupted(
            [&] { return system.statFile(source.value().file.get(), Times::Asked); });
        if (!after)
            return failureOf(after.error(), Step::Inspect, path);
        const Version version = Version::of(source.value().info);
        if (Version::of(after.value()) == version)
            return version;
    }
    return refusal(ErrorClass::Busy, Step::Inspect, path);
}

Result<Version, Failure> versionOf(FileSystem &system, const Path &path)
{
    const auto target = resolveTarget(system, path, Symlinks::Follow, Recover::Yes);
    if (!target)
        return target.error();
    if (!target.value().existing)
        return Version{};
    if (auto usable = checkSource(target.value(), Symlinks::Follow); !usable)
        return usable.error();
    return Version::of(*target.value().existing);
}

} // namespace atomicfile
