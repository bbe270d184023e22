// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "copy_content.h"
#include "source.h"
#include "stage.h"

#include <utility>

namespace atomicfile {

namespace {

/// How often others may take the target away between looking at it and opening it.
constexpr int openAttempts = 5;

/// The target and, where one stands there, the open file whose content is the beginning.
struct Start
{
    Target target;
    std::optional<Source> content;
};

Result<Start, Failure> openStart(FileSystem &system, const Path &path, const Options &options)
{
    for (int attempt = 1;; ++attempt) {
        auto target = resolveTarget(system, path, options.symlinks, Recover::Yes);
        if (!target)
            return target.error();
        Start start{std::move(target).value(), std::nullopt};
        auto &existing = start.target.existing;
        if (auto expected = checkExpectations(existing, options, Step::Inspect,
                                              start.target.place.path);
            !expected)
            return expected.error();
        if (!existing)
            return start;
        auto source = openSource(system, start.target, FileAccess::Read, options.busyTimeout);
        if (source) {
            // Whatever was seen before: what is inspected is the file that the content comes from.
            existing = source.value().info;
            start.content = std::move(source).value();
            return start;
        }
        if (source.error().kind != ErrorClass::NotFound || attempt == openAttempts)
            return source.error();
    }
}

} // namespace

Result<StagedFile, Outcome> stageUpdate(FileSystem &system, const Path &path,
                                        const Options &options, Monitor &monitor)
{
    auto opened = openStart(system, path, options);
    if (!opened) {
        const Failure &failure = opened.error();
        return failedOutcome(failure, failure.step == Step::Inspect ? failure.path : path);
    }
    Start start = std::move(opened).value();
    const std::optional<Source> &content = start.content;
    Options wanted = options;
    if (!wanted.expectedVersion)
        wanted.expectedVersion = content ? Version::of(content->info) : Version{};
    const Original original{content ? content->file.get() : FileHandle{}, Original::Of::Target};
    auto stage = stageFor(system, std::move(start.target), path, wanted, NewFileMode::Default,
                          original);
    if (!stage || !content)
        return stage;
    StagedFile staged = std::move(stage).value();
    const Path resolved = staged.target().place.path;
    auto copied = copyContent(staged, content->file.get(), content->info, resolved, monitor);
    if (!copied) {
        staged.fail(copied.error());
        return std::move(staged.outcome());
    }
    return staged;
}

} // namespace atomicfile
