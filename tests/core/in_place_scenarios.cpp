// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Targets that cannot be replaced and are overwritten.
#include "scenario_parts.h"

#include "outcome_text.h"

#include <utility>

namespace atomicfile::test {

namespace {

constexpr std::uint32_t somebody = 1001;

/// A mount of its own.
void addPinnedTarget(MemoryFileSystem &system)
{
    addTarget(system);
    system.pin("/there/target");
}

/// The target may be written to, and its directory takes no file. Where this user keeps things is not
/// there yet.
void addTargetInClosedDirectory(MemoryFileSystem &system)
{
    addTarget(system);
    system.setOwnerOf("/there/target", somebody, 0);
    system.setModeOf("/there", 0555);
    system.addDirectory("/state");
    system.setOwnerOf("/state", somebody, 0);
}

void addTargetWithTwoNames(MemoryFileSystem &system)
{
    addTarget(system);
    system.addHardLink("/there/sub/second", "/there/target");
}

Scenario overwriting(std::string name, Build build, Durability durability = Durability::Durable)
{
    Scenario scenario = writing("in place, " + std::move(name), std::move(build), durability);
    scenario.options.inPlace = InPlace::WhenReplaceImpossible;
    return scenario;
}

Scenario copied(Scenario scenario, Scenario::Operation operation)
{
    scenario.operation = operation;
    scenario.name += operation == Scenario::Operation::Move ? ", moved" : ", copied";
    scenario.source = "/there/sub/source";
    scenario.build = [build = scenario.build,
                      content = scenario.content](MemoryFileSystem &system) {
        system.addFile("/there/sub/source", content, 0640);
        build(system);
    };
    return scenario;
}

} // namespace

std::vector<Scenario> inPlaceScenarios()
{
    std::vector<Scenario> all;
    for (const NamedDurability &level : durabilities)
        all.push_back(
            overwriting(std::string("pinned, ") + level.name, addPinnedTarget, level.durability));
    Scenario shorter = overwriting("with less", addPinnedTarget);
    shorter.content = "less";
    all.push_back(shorter);

    Scenario closed = overwriting("closed directory", addTargetInClosedDirectory);
    closed.memory.user = somebody;
    all.push_back(closed);

    Scenario links = writing("in place, two names", addTargetWithTwoNames);
    links.options.hardLinks = HardLinks::WriteInPlace;
    all.push_back(links);

    Scenario backedUp = overwriting("with a backup", addPinnedTarget);
    backedUp.options.backup.generations = 1;
    all.push_back(backedUp);

    const Scenario pinned = overwriting("pinned", addPinnedTarget);
    all.push_back(copied(pinned, Scenario::Operation::Copy));
    Scenario moved = copied(pinned, Scenario::Operation::Move);
    moved.refusal = ErrorClass::Busy; // What belongs to the source would not come along.
    all.push_back(moved);
    Scenario brokenLink = overwriting("pinned, two names", [](MemoryFileSystem &system) {
        addTargetWithTwoNames(system);
        system.pin("/there/target");
    });
    brokenLink.refusal = ErrorClass::TooManyLinks; // They are not to have the new content.
    all.push_back(brokenLink);
    return all;
}

bool isOverwritten(const Scenario &scenario)
{
    return scenario.options.inPlace == InPlace::WhenReplaceImpossible
        || scenario.options.hardLinks == HardLinks::WriteInPlace;
}

} // namespace atomicfile::test
