// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/operations.h"
#include "core/stage.h"
#include "support/memory_filesystem.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace atomicfile::test {

/// One operation on one prepared file system, as the enumerating tests run it again and again.
struct Scenario
{
    enum class Operation { Write, Copy, Move, Update };

    std::string name;
    Operation operation = Operation::Write;
    Options options;
    MemoryOptions memory;
    /// Prepares the file system; directories /there, /there/sub and the volume /other exist.
    std::function<void(MemoryFileSystem &)> build;
    /// Done after build and not made durable; nothing for most.
    std::function<void(MemoryFileSystem &)> disturb;
    Path target = "/there/target";
    Path resolved = "/there/target"; ///< the target after symbolic links
    Path source;
    /// What an update does to the staged file, which begins with the target's content.
    std::function<Result<void, Failure>(StagedFile &, Monitor &)> edit;
    std::string content = "the new content of the file"; ///< of the target, afterwards
    /// What the operation ends with when nothing goes wrong; nothing for success.
    std::optional<ErrorClass> refusal;
    /// Files that are written in one batch with the target; of each only target, resolved, content and
    /// options count.
    std::vector<Scenario> neighbours;
    bool skips = false;               ///< nothing is to be written
    std::vector<std::string> backups; ///< what the generations hold before, the youngest first

    /// Where a generation of the backups stands, the youngest being 1.
    Path backupName(int generation) const
    {
        const std::string number = std::to_string(generation);
        return resolved.string() + (options.backup.generations == 1 ? "~" : ".~" + number + "~");
    }

    /// summary() of success.
    std::string success() const { return skips ? "ok, Unchanged" : "ok, Replaced"; }
};

std::vector<Scenario> writeScenarios();
std::vector<Scenario> copyScenarios();
std::vector<Scenario> moveScenarios();
std::vector<Scenario> updateScenarios();
std::vector<Scenario> inPlaceScenarios();
/// Of several files.
std::vector<Scenario> batchScenarios();
/// All of these.
std::vector<Scenario> scenarios();
const Scenario &scenario(const std::string &name);

/// May write into the target instead of replacing it.
bool isOverwritten(const Scenario &scenario);
/// What a crash left, after the next operation has looked at the targets.
Tree mended(const Tree &left, const Scenario &scenario);

/// The prepared file system, tracking what is durable.
std::unique_ptr<MemoryFileSystem> prepare(const Scenario &scenario);
/// Runs the operation on what prepare() made, maybe through decorators.
Outcome run(FileSystem &system, const Scenario &scenario, Monitor &monitor);
Outcome run(FileSystem &system, const Scenario &scenario);

/// Each file of a scenario as a scenario of its own, the target's first. What looks at what became of
/// one target looks at each of these.
std::vector<Scenario> entriesOf(const Scenario &scenario);
/// What run() does, with the outcomes of all entries.
std::vector<Outcome> runEntries(FileSystem &system, const Scenario &scenario, Monitor &monitor);
std::vector<Outcome> runEntries(FileSystem &system, const Scenario &scenario);
/// What the targets of all entries hold.
std::vector<std::optional<std::string>> contentsOf(const MemoryFileSystem &system,
                                                   const Scenario &scenario);

/// True for names that look like a staged file's.
bool looksStaged(const std::string &name);
/// The paths of all such names, wherever in the prepared directories they are.
std::vector<Path> stagedFiles(const Tree &tree);

} // namespace atomicfile::test
