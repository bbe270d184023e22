// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// New content from memory, for one target or several.
#include "scenario_parts.h"

#include "outcome_text.h"

#include <utility>

namespace atomicfile::test {

namespace {

void addByExistence(std::vector<Scenario> &all)
{
    Scenario createNew = writing("create-new", nothing);
    createNew.options.existing = Existing::CreateNew;
    all.push_back(createNew);
    createNew.name += " without renameNoReplace";
    createNew.memory.hasRenameNoReplace = false;
    all.push_back(createNew);

    Scenario taken = writing("create-new but exists", addTarget);
    taken.options.existing = Existing::CreateNew;
    taken.refusal = ErrorClass::AlreadyExists;
    all.push_back(taken);

    Scenario mustExist = writing("must-exist", addTarget);
    mustExist.options.existing = Existing::MustExist;
    all.push_back(mustExist);

    Scenario missing = writing("must-exist but missing", nothing);
    missing.options.existing = Existing::MustExist;
    missing.refusal = ErrorClass::NotFound;
    all.push_back(missing);
}

void addBySymlink(std::vector<Scenario> &all)
{
    Scenario followed = writing("through symlink", [](MemoryFileSystem &system) {
        system.addFile("/there/sub/real", oldContent);
        system.addSymlink("/there/target", "sub/real");
    });
    followed.resolved = "/there/sub/real";
    all.push_back(followed);

    Scenario dangling = writing("through dangling symlink", [](MemoryFileSystem &system) {
        system.addSymlink("/there/target", "/there/sub/real");
    });
    dangling.resolved = "/there/sub/real";
    all.push_back(dangling);

    Scenario replaced = writing("in place of symlink", [](MemoryFileSystem &system) {
        system.addFile("/there/sub/real", oldContent);
        system.addSymlink("/there/target", "sub/real");
    });
    replaced.options.symlinks = Symlinks::Replace;
    all.push_back(replaced);
}

Scenario withBackup(std::string name, int generations, std::vector<std::string> backups)
{
    Scenario scenario = writing("with " + std::move(name), addTarget);
    scenario.options.backup.generations = generations;
    scenario.backups = std::move(backups);
    scenario.build = [scenario](MemoryFileSystem &system) {
        addTarget(system);
        int generation = 0;
        for (const std::string &content : scenario.backups)
            system.addFile(scenario.backupName(++generation), content);
    };
    return scenario;
}

void addByBackup(std::vector<Scenario> &all)
{
    all.push_back(withBackup("the first backup", 1, {}));
    all.push_back(withBackup("a backup", 1, {"older"}));
    all.push_back(withBackup("the second of three backups", 3, {"older"}));
    all.push_back(
        withBackup("the last of three backups", 3, {"older", "still older", "the oldest"}));
    Scenario copied = withBackup("a backup by copy", 1, {"older"});
    copied.memory.hasLinks = false;
    all.push_back(copied);
    Scenario consistent = withBackup("a backup, consistent", 1, {"older"});
    consistent.options.durability = Durability::Consistent;
    all.push_back(consistent);
}

void addUnchanged(std::vector<Scenario> &all)
{
    Scenario same = writing("what is there", nothing);
    const std::string content = same.content;
    same.build = [content](MemoryFileSystem &system) { system.addFile("/there/target", content); };
    same.options.unchanged = Unchanged::Skip;
    same.skips = true;
    all.push_back(same);
    Scenario equalLength = writing("what has the length of what is there", nothing);
    equalLength.build = [content](MemoryFileSystem &system) {
        system.addFile("/there/target", std::string(content.size(), '.'));
    };
    equalLength.options.unchanged = Unchanged::Skip;
    all.push_back(equalLength);
}

void addExpecting(std::vector<Scenario> &all)
{
    Scenario expected = writing("over an expected version", addTarget);
    expected.options.expectedVersion = expectedIn(expected);
    all.push_back(expected);
    expected.name += " without exchange";
    expected.memory.hasExchange = false;
    all.push_back(expected);
    Scenario absent = writing("where nothing is expected", nothing);
    absent.options.expectedVersion = Version{};
    all.push_back(absent);
    Scenario changed = writing("over another version than expected", addTarget);
    changed.options.expectedVersion = Version{};
    changed.refusal = ErrorClass::Conflict;
    all.push_back(changed);
}

std::string largeContent()
{
    std::string content;
    while (content.size() < (std::size_t(9) << 20))
        content += "Line " + std::to_string(content.size())
            + " of a file that needs many chunks.\n";
    return content;
}

} // namespace

std::vector<Scenario> writeScenarios()
{
    std::vector<Scenario> all;
    for (const NamedDurability &level : durabilities) {
        const std::string name = level.name;
        all.push_back(writing("new, " + name, nothing, level.durability));
        all.push_back(writing("existing, " + name, addTarget, level.durability));
        all.push_back(
            writing("existing with list and owner, " + name, addSharedTarget, level.durability));
    }
    all.push_back(writing("existing with attributes", addTargetWithAttributes));
    addByExistence(all);
    addBySymlink(all);
    addByBackup(all);
    addUnchanged(all);
    addExpecting(all);

    Scenario permissions = writing("new with permissions", nothing);
    permissions.options.permissions = ModeBits(0640);
    all.push_back(permissions);

    Scenario empty = writing("existing with nothing", addTarget);
    empty.content.clear();
    all.push_back(empty);

    Scenario large = writing("large", addTarget);
    large.content = largeContent();
    all.push_back(large);
    return all;
}

std::vector<Scenario> batchScenarios()
{
    const auto neighbour = [](const Path &target) {
        Scenario one;
        one.target = target;
        one.resolved = target;
        one.content = "of " + target.string();
        return one;
    };
    std::vector<Scenario> all;
    Scenario two = writing("batch of two", addTarget);
    two.neighbours = {neighbour("/there/neighbour")};
    all.push_back(two);
    two.name += ", consistent";
    two.options.durability = Durability::Consistent;
    two.neighbours.front().options = two.options;
    all.push_back(two);

    Scenario apart = writing("batch in two directories", [](MemoryFileSystem &system) {
        system.addFile("/there/sub/neighbour", oldContent);
    });
    apart.neighbours = {neighbour("/there/sub/neighbour")};
    all.push_back(apart);

    Scenario three = writing("batch of three", [](MemoryFileSystem &system) {
        addSharedTarget(system);
        system.addFile("/there/sub/real", oldContent);
        system.addSymlink("/there/link", "sub/real");
    });
    three.neighbours = {neighbour("/there/neighbour"), neighbour("/there/link")};
    three.neighbours.front().options.durability = Durability::None;
    three.neighbours.back().resolved = "/there/sub/real";
    all.push_back(three);

    Scenario together = three;
    together.name += ", synced together";
    together.memory.hasVolumeSync = true;
    together.neighbours.front().options.durability = Durability::Durable;
    all.push_back(together);
    return all;
}

} // namespace atomicfile::test
