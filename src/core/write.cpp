// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "commit.h"
#include "operations.h"
#include "stage.h"
#include "unchanged.h"

#include <algorithm>
#include <utility>

namespace atomicfile {

namespace {

/// A new file's mode is left to the system, which knows the umask and the directory's default access
/// control list; everything else is private until its metadata is carried over. Where modes do not say
/// who may use a file, that would be for ever: there only what is to take over a target's is private.
ModeBits creationMode(FileSystem &system, const Target &target, const Options &options,
                      NewFileMode newMode)
{
    constexpr ModeBits usual = 0666;
    constexpr ModeBits closed = 0600;
    if (keepsTargetMetadata(target, options))
        return closed;
    if (!system.capabilities().modesGuard)
        return options.permissions.value_or(usual);
    return newMode == NewFileMode::Default && !options.permissions ? usual : closed;
}

/// The bytes are at hand: nothing need be staged to see that they are at the target already.
std::optional<Outcome> skipWriting(FileSystem &system, const Target &target, const Options &options,
                                   std::span<const std::byte> bytes, Monitor &monitor)
{
    const Comparison content{static_cast<std::int64_t>(bytes.size()),
                             [&](std::int64_t offset, std::span<const std::byte> there) {
                                 return std::equal(there.begin(), there.end(),
                                                   bytes.begin()
                                                       + static_cast<std::ptrdiff_t>(offset));
                             }};
    return skipUnchanged(system, target, options, content, monitor);
}

/// From here on a reservation costs less than what it saves when the disk is full.
constexpr std::size_t reserveFrom = std::size_t(1) << 20;

Result<StagedFile, Outcome> stageFound(FileSystem &system, Target target, const Options &options,
                                       NewFileMode newMode, Original original = {})
{
    const ModeBits mode = creationMode(system, target, options, newMode);
    // A clone brings along what else belongs to its original: what is to be kept if that is the target,
    // and what there is no room for if the target has its own.
    const bool brings = original.of == Original::Of::Target;
    const bool mayClone = keepsTargetMetadata(target, options) == brings;
    return StagedFile::create(system, std::move(target), options, mode,
                              mayClone ? original.file : FileHandle{});
}

} // namespace

Result<Target, Outcome> findTarget(FileSystem &system, Result<Target, Failure> target,
                                   const Path &path, const Options &options)
{
    if (!target)
        return failedOutcome(target.error(), path);
    if (auto allowed = inspectTarget(system, target.value(), options); !allowed)
        return failedOutcome(allowed.error(), target.value().place.path);
    return std::move(target).value();
}

Result<StagedFile, Outcome> stageFor(FileSystem &system, Result<Target, Failure> target,
                                     const Path &path, const Options &options, NewFileMode newMode,
                                     Original original)
{
    auto found = findTarget(system, std::move(target), path, options);
    if (!found)
        return found.error();
    return stageFound(system, std::move(found).value(), options, newMode, original);
}

Result<StagedFile, Outcome> stageFile(FileSystem &system, const Path &path, const Options &options)
{
    return stageFor(system, resolveTarget(system, path, options.symlinks, recoverFor(options)),
                    path, options, NewFileMode::Default);
}

void writeContent(StagedFile &staged, std::span<const std::byte> bytes, Monitor &monitor)
{
    const auto size = static_cast<std::int64_t>(bytes.size());
    Result<void, Failure> written;
    if (bytes.size() >= reserveFrom)
        written = staged.reserve(size);
    if (written)
        written = staged.write(0, bytes, size, monitor);
    if (!written)
        staged.fail(written.error());
}

Outcome writeFile(FileSystem &system, const Path &target, std::span<const std::byte> bytes,
                  const Options &options, Monitor &monitor)
{
    if (monitor.isCancelled())
        return failedOutcome(refusal(ErrorClass::Cancelled, Step::Resolve, target), target);
    auto found = findTarget(system,
                            resolveTarget(system, target, options.symlinks, recoverFor(options)),
                            target, options);
    if (!found)
        return found.error();
    Options wanted = options;
    if (options.unchanged == Unchanged::Skip) {
        if (auto skipped = skipWriting(system, found.value(), options, bytes, monitor))
            return *std::move(skipped);
        wanted.unchanged = Unchanged::Rewrite; // It has been compared.
    }
    auto stage = stageFound(system, std::move(found).value(), wanted, NewFileMode::Default);
    if (!stage)
        return stage.error();
    writeContent(stage.value(), bytes, monitor);
    return commit(std::move(stage).value(), monitor);
}

} // namespace atomicfile
