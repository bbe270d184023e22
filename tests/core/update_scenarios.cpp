// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Updates: the new file begins with what the target holds, and is edited before it replaces that.
#include "scenario_parts.h"

#include "outcome_text.h"

#include <array>
#include <utility>

namespace atomicfile::test {

namespace {

using Edited = Result<void, Failure>;

constexpr std::string_view more = " and more";
constexpr std::int64_t unknownTotal = -1;

Edited append(StagedFile &staged, Monitor &monitor)
{
    return staged.write(staged.size(), bytesOf(more), unknownTotal, monitor);
}

/// Writes in the middle, reads that back and cuts the file where the bytes read say.
Edited patchAndShrink(StagedFile &staged, Monitor &monitor)
{
    auto edited = staged.write(5, bytesOf("IS HERE"), unknownTotal, monitor);
    if (!edited)
        return edited;
    std::array<std::byte, 100> buffer;
    const auto read = staged.read(8, buffer);
    if (!read)
        return read.error();
    return staged.resize(8 + static_cast<std::int64_t>(std::min(read.value(), std::size_t(4))));
}

Edited grow(StagedFile &staged, Monitor &monitor)
{
    if (auto resized = staged.resize(3 * blockSize); !resized)
        return resized;
    return append(staged, monitor);
}

Edited forbidOthers(StagedFile &staged, Monitor &monitor)
{
    if (auto set = staged.setPermissions(0600); !set)
        return set;
    return append(staged, monitor);
}

Scenario updating(std::string name, Build build, Edited (*edit)(StagedFile &, Monitor &) = append,
                  std::string content = std::string(oldContent) + std::string(more))
{
    Scenario scenario;
    scenario.operation = Scenario::Operation::Update;
    scenario.name = "update " + std::move(name);
    scenario.build = std::move(build);
    scenario.edit = edit;
    scenario.content = std::move(content);
    return scenario;
}

/// Data, a hole, data, and a hole to the end.
void addSparseTarget(MemoryFileSystem &system)
{
    addTarget(system);
    system.overwrite("/there/target", blockSize + 7, "an island");
    setSizeOf(system, "/there/target", 2 * blockSize);
}

std::string grownContent()
{
    std::string content(static_cast<std::size_t>(3 * blockSize), '\0');
    content.replace(0, oldContent.size(), oldContent);
    const std::string_view island = "an island";
    content.replace(static_cast<std::size_t>(blockSize + 7), island.size(), island);
    return content + std::string(more);
}

void addByWayOfCopying(std::vector<Scenario> &all)
{
    Scenario cloning = updating("by clone", addTarget);
    cloning.memory.hasClone = true;
    all.push_back(cloning);
    Scenario memory = updating("through memory", addTarget);
    memory.memory.hasCopyRange = false;
    all.push_back(memory);
    all.push_back(updating("with holes", addSparseTarget, grow, grownContent()));
}

void addByWhatIsThere(std::vector<Scenario> &all)
{
    Scenario missing = updating("of nothing", nothing, append, std::string(more));
    all.push_back(missing);
    missing.name += " without renameNoReplace";
    missing.memory.hasRenameNoReplace = false;
    all.push_back(missing);

    Scenario mustExist = updating("must-exist but missing", nothing);
    mustExist.options.existing = Existing::MustExist;
    mustExist.refusal = ErrorClass::NotFound;
    all.push_back(mustExist);

    Scenario link = updating("through symlink", [](MemoryFileSystem &system) {
        system.addFile("/there/sub/real", oldContent, 0644);
        system.addSymlink("/there/target", "sub/real");
    });
    link.resolved = "/there/sub/real";
    all.push_back(link);

    Scenario replaced = updating("in place of symlink", [](MemoryFileSystem &system) {
        system.addFile("/there/sub/real", oldContent, 0644);
        system.addSymlink("/there/target", "sub/real");
    });
    replaced.options.symlinks = Symlinks::Replace;
    replaced.refusal = ErrorClass::NotRegularFile;
    all.push_back(replaced);
}

} // namespace

std::vector<Scenario> updateScenarios()
{
    std::vector<Scenario> all;
    all.push_back(updating("append, durable", addTarget));
    Scenario consistent = updating("append, consistent", addTarget);
    consistent.options.durability = Durability::Consistent;
    all.push_back(consistent);
    Scenario none = updating("append, none", addTarget);
    none.options.durability = Durability::None;
    all.push_back(none);
    all.push_back(
        updating("patch in the middle, shrink", addTarget, patchAndShrink, "what IS HERE"));
    all.push_back(updating("with permissions", addTarget, forbidOthers));
    addByWayOfCopying(all);
    addByWhatIsThere(all);
    return all;
}

} // namespace atomicfile::test
