// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "commit.h"
#include "copy_content.h"
#include "operations.h"
#include "source.h"
#include "stage.h"

#include <utility>

namespace atomicfile {

Outcome copyFile(FileSystem &system, const Path &source, const Path &target, const Options &options,
                 Monitor &monitor)
{
    if (monitor.isCancelled())
        return failedOutcome(refusal(ErrorClass::Cancelled, Step::Resolve, target), target);
    auto found = resolveTarget(system, source, Symlinks::Follow, Recover::Yes);
    if (!found)
        return failedOutcome(found.error(), target);
    auto opened = openSource(system, found.value(), FileAccess::Read, options.busyTimeout);
    if (!opened)
        return failedOutcome(opened.error(), target);
    Source from = std::move(opened).value();

    auto stage = stageFor(system,
                          resolveTarget(system, target, options.symlinks, recoverFor(options)),
                          target, options, NewFileMode::SetLater, {from.file.get()});
    if (!stage)
        return stage.error();
    StagedFile staged = std::move(stage).value();
    if (auto copied = copyContent(staged, from.file.get(), from.info, found.value().place.path,
                                  monitor);
        !copied)
        staged.fail(copied.error());
    if (!keepsTargetMetadata(staged.target(), options)) {
        staged.carryFrom(
            MetadataSource{std::move(from.file), from.info, MetadataSource::Extent::Permissions});
    }
    return commit(std::move(staged), monitor);
}

} // namespace atomicfile
