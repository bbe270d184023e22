// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Copies and moves.
#include "scenario_parts.h"

#include "outcome_text.h"

#include <utility>

namespace atomicfile::test {

namespace {

Scenario copying(std::string name, Build build)
{
    Scenario scenario;
    scenario.operation = Scenario::Operation::Copy;
    scenario.name = "copy " + std::move(name);
    scenario.source = "/there/sub/source";
    const std::string content = scenario.content;
    scenario.build = [build = std::move(build), content](MemoryFileSystem &system) {
        system.addFile("/there/sub/source", content, 0640);
        build(system);
    };
    return scenario;
}

Scenario moving(std::string name, Build build, Path source = "/there/source",
                Durability durability = Durability::Durable)
{
    Scenario scenario;
    scenario.operation = Scenario::Operation::Move;
    scenario.name = "move " + std::move(name);
    scenario.source = std::move(source);
    scenario.options.durability = durability;
    const std::string content = scenario.content;
    const Path from = scenario.source;
    scenario.build = [build = std::move(build), content, from](MemoryFileSystem &system) {
        system.addFile(from, content, 0640);
        build(system);
    };
    return scenario;
}

/// Content with holes before, between and after, none of it on a block's border.
constexpr std::int64_t sparseSize = 20 * blockSize;

void makeSparse(MemoryFileSystem &system, const Path &path)
{
    system.addFile(path, "", 0640);
    system.overwrite(path, 2 * blockSize + 5, "the first island");
    system.overwrite(path, 9 * blockSize, "the second island");
    system.overwrite(path, sparseSize - 1, "!");
}

/// The same with a hole at its end.
void makeSparseToTheEnd(MemoryFileSystem &system, const Path &path)
{
    system.addFile(path, "", 0640);
    system.overwrite(path, 2 * blockSize + 5, "the only island");
    setSizeOf(system, path, sparseSize);
}

Scenario withSparseSource(Scenario scenario, void (*make)(MemoryFileSystem &, const Path &))
{
    const Path source = scenario.source;
    scenario.build = [source, make](MemoryFileSystem &system) { make(system, source); };
    MemoryFileSystem model;
    make(model, "/model");
    scenario.content = model.content("/model").value();
    return scenario;
}

void addMovesWithin(std::vector<Scenario> &all)
{
    for (const NamedDurability &level : durabilities) {
        const std::string name = level.name;
        all.push_back(moving("to new, " + name, nothing, "/there/source", level.durability));
        all.push_back(moving("to existing, " + name, addTarget, "/there/source", level.durability));
        all.push_back(moving("from another directory to new, " + name, nothing, "/there/sub/source",
                             level.durability));
        all.push_back(moving("from another directory to existing, " + name, addTarget,
                             "/there/sub/source", level.durability));
    }
    Scenario createNew = moving("create-new", nothing, "/there/sub/source");
    createNew.options.existing = Existing::CreateNew;
    all.push_back(createNew);
    createNew.name += " without renameNoReplace";
    createNew.memory.hasRenameNoReplace = false;
    all.push_back(createNew);

    Scenario hardLink = moving(
        "to a hard link of itself",
        [](MemoryFileSystem &system) { system.addHardLink("/there/target", "/there/sub/source"); },
        "/there/sub/source");
    all.push_back(hardLink);
    all.push_back(
        moving("to a hard link of itself in the same directory", [](MemoryFileSystem &system) {
            system.addHardLink("/there/target", "/there/source");
        }));
}

/// A link to a file that takes no part in the move.
Scenario movingLink(std::string name, Path source)
{
    Scenario scenario = moving(std::move(name), nothing, std::move(source));
    const std::string content = scenario.content;
    const Path link = scenario.source;
    scenario.build = [content, link](MemoryFileSystem &system) {
        system.addFile("/there/sub/real", content);
        system.addSymlink(link, "/there/sub/real");
        addTarget(system);
    };
    return scenario;
}

/// The usual way to update a file by hand: write another one, move it over. Nobody synced it yet.
Scenario movingUnsynced(std::string name, Durability durability)
{
    Scenario scenario = moving(std::move(name), addTarget, "/there/sub/source", durability);
    scenario.build = addTarget;
    const std::string content = scenario.content;
    scenario.disturb = [content](MemoryFileSystem &system) {
        const auto directory = system.openDirectory("/there/sub", DirectoryAccess::Read);
        const auto file = system.createFile(directory.value(), "source", 0644);
        (void)system.writeAt(file.value(), 0, bytesOf(content)); // The model has room.
        (void)system.closeFile(file.value());
        (void)system.closeDirectory(directory.value());
    };
    return scenario;
}

} // namespace

std::vector<Scenario> copyScenarios()
{
    std::vector<Scenario> all;
    all.push_back(copying("to new", nothing));
    all.push_back(copying("to existing", addTarget));
    all.push_back(copying("to existing with attributes", addTargetWithAttributes));
    Scenario consistent = copying("to existing, consistent", addTarget);
    consistent.options.durability = Durability::Consistent;
    all.push_back(consistent);
    Scenario cloning = copying("by clone", addTarget);
    cloning.memory.hasClone = true;
    all.push_back(cloning);
    cloning = copying("by clone, to new", nothing);
    cloning.memory.hasClone = true;
    all.push_back(cloning);
    Scenario memory = copying("through memory", addTarget);
    memory.memory.hasCopyRange = false;
    all.push_back(memory);
    Scenario unchanged = copying("of what is there", nothing);
    const std::string content = unchanged.content;
    unchanged.build = [content](MemoryFileSystem &system) {
        system.addFile("/there/sub/source", content);
        system.addFile("/there/target", content);
    };
    unchanged.options.unchanged = Unchanged::Skip;
    unchanged.skips = true;
    all.push_back(unchanged);
    all.push_back(withSparseSource(copying("with holes", nothing), makeSparse));
    all.push_back(withSparseSource(copying("with a hole at the end", nothing), makeSparseToTheEnd));
    return all;
}

std::vector<Scenario> moveScenarios()
{
    std::vector<Scenario> all;
    addMovesWithin(all);
    all.push_back(movingLink("of a symlink", "/there/sub/source"));
    all.push_back(movingLink("of a symlink to another volume", "/other/source"));
    all.push_back(movingUnsynced("of an unsynced file, consistent", Durability::Consistent));
    all.push_back(movingUnsynced("of an unsynced file, durable", Durability::Durable));
    for (const NamedDurability &level : durabilities) {
        const std::string name = level.name;
        all.push_back(
            moving("to another volume, new, " + name, nothing, "/other/source", level.durability));
        all.push_back(moving("to another volume, existing, " + name, addTarget, "/other/source",
                             level.durability));
    }
    all.push_back(withSparseSource(moving("to another volume with holes", nothing, "/other/source"),
                                   makeSparse));
    all.push_back(moving(
        "with attributes to another volume",
        [](MemoryFileSystem &system) { addAttributesOf(system, "/other/source"); },
        "/other/source"));
    all.push_back(moving(
        "with list to another volume",
        [](MemoryFileSystem &system) {
            system.setOwnerOf("/other/source", 1001, 2001);
            system.setAccessControlOf("/other/source", sharedList());
        },
        "/other/source"));
    return all;
}

} // namespace atomicfile::test
