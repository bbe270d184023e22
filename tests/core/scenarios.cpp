// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "scenarios.h"

#include "outcome_text.h"
#include "scenario_parts.h"

#include "core/commit.h"
#include "core/stage.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace atomicfile::test {

namespace {

/// The same on another system, as far as it has what they are about.
void addOn(std::vector<Scenario> &all, const std::vector<Scenario> &known, Profile profile,
           const char *name)
{
    for (Scenario one : known) {
        const bool isOfLinux = one.memory.hasVolumeSync || !one.memory.hasRenameNoReplace
            || !one.memory.hasExchange || (one.memory.hasClone && profile == Profile::Windows);
        // Windows has no file that is a mount of its own.
        const bool isMount = isOverwritten(one) && one.refusal;
        const bool hasOwners = one.name.find("list") != std::string::npos;
        // Many chunks are written alike everywhere, and take most of the time of all these tests.
        const bool isLarge = one.name == "write large";
        if (isOfLinux || isLarge || ((hasOwners || isMount) && profile == Profile::Windows))
            continue;
        one.memory.profile = profile;
        if (one.options.expectedVersion && one.options.expectedVersion->exists)
            one.options.expectedVersion = expectedIn(one);
        one.name = std::string(name) + ": " + one.name;
        all.push_back(std::move(one));
    }
}

void addWithFlags(std::vector<Scenario> &all)
{
    Scenario one = writing("existing with attributes and flags", [](MemoryFileSystem &system) {
        addTargetWithAttributes(system);
        system.setFlagsOf("/there/target", 0x8001);
    });
    one.memory.profile = Profile::Darwin;
    one.name = "macOS: " + one.name;
    all.push_back(one);
}

/// What ReplaceFileW may leave behind, at each durability, and how the new file gets there all the same.
void addHalfReplaced(std::vector<Scenario> &all)
{
    for (const NamedDurability &level : durabilities) {
        Scenario one = writing(std::string("half-way, ") + level.name,
                               [](MemoryFileSystem &system) {
                                   addTarget(system);
                                   system.stopReplacesHalfWay(0);
                               });
        one.memory.profile = Profile::Windows;
        one.options.durability = level.durability;
        one.name = "Windows: " + one.name;
        all.push_back(one);
    }
    Scenario held = writing("while another program has it", [](MemoryFileSystem &system) {
        addTarget(system);
        system.holdForeign("/there/target", 3);
    });
    held.memory.profile = Profile::Windows;
    held.name = "Windows: " + held.name;
    all.push_back(held);
}

} // namespace

std::vector<Scenario> scenarios()
{
    std::vector<Scenario> all = writeScenarios();
    for (const auto &more : {copyScenarios(), moveScenarios(), updateScenarios(),
                             inPlaceScenarios(), batchScenarios()})
        all.insert(all.end(), more.begin(), more.end());
    const std::vector<Scenario> onLinux = all;
    addOn(all, onLinux, Profile::Darwin, "macOS");
    addOn(all, onLinux, Profile::Windows, "Windows");
    addWithFlags(all);
    addHalfReplaced(all);
    return all;
}

const Scenario &scenario(const std::string &name)
{
    static const std::vector<Scenario> all = scenarios();
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const Scenario &one) { return one.name == name; });
    if (found == all.end()) {
        std::fprintf(stderr, "There is no scenario \"%s\".\n", name.c_str());
        std::abort();
    }
    return *found;
}

/// Where replacing takes two steps, or no step at all replaces, whoever comes next mends what is half done.
Tree mended(const Tree &left, const Scenario &scenario)
{
    const std::vector<Path> staged = stagedFiles(left);
    const bool isHalfOverwritten = std::any_of(staged.begin(), staged.end(), [](const Path &path) {
        return path.filename().string().starts_with(".af-undo-");
    });
    if (scenario.memory.profile != Profile::Windows && !isHalfOverwritten)
        return left;
    MemoryFileSystem after(left, scenario.memory);
    for (const Scenario &entry : entriesOf(scenario))
        (void)versionOf(after, entry.resolved); // What it says is in the tree as well.
    return after.tree();
}

std::unique_ptr<MemoryFileSystem> prepare(const Scenario &scenario)
{
    auto system = std::make_unique<MemoryFileSystem>(scenario.memory);
    system->addDirectory("/there");
    system->addDirectory("/there/sub");
    system->mount("/other");
    scenario.build(*system);
    system->beginTracking();
    if (scenario.disturb)
        scenario.disturb(*system);
    return system;
}

namespace {

Outcome update(FileSystem &system, const Scenario &scenario, Monitor &monitor)
{
    auto stage = stageUpdate(system, scenario.target, scenario.options, monitor);
    if (!stage)
        return stage.error();
    StagedFile staged = std::move(stage).value();
    if (auto edited = scenario.edit(staged, monitor); !edited)
        staged.fail(edited.error());
    return commit(std::move(staged), monitor);
}

Outcome runAlone(FileSystem &system, const Scenario &scenario, Monitor &monitor)
{
    switch (scenario.operation) {
    case Scenario::Operation::Write:
        return writeFile(system, scenario.target, bytesOf(scenario.content), scenario.options,
                         monitor);
    case Scenario::Operation::Copy:
        return copyFile(system, scenario.source, scenario.target, scenario.options, monitor);
    case Scenario::Operation::Update:
        return update(system, scenario, monitor);
    case Scenario::Operation::Move:
        break;
    }
    return moveFile(system, scenario.source, scenario.target, scenario.options, monitor);
}

} // namespace

std::vector<Scenario> entriesOf(const Scenario &scenario)
{
    std::vector<Scenario> entries{scenario};
    entries.front().neighbours.clear();
    for (const Scenario &neighbour : scenario.neighbours) {
        entries.push_back(neighbour);
        entries.back().memory = scenario.memory;
    }
    return entries;
}

std::vector<Outcome> runEntries(FileSystem &system, const Scenario &scenario, Monitor &monitor)
{
    if (scenario.neighbours.empty())
        return {runAlone(system, scenario, monitor)};
    const std::vector<Scenario> entries = entriesOf(scenario);
    std::vector<WriteRequest> requests;
    for (const Scenario &entry : entries)
        requests.push_back({entry.target, bytesOf(entry.content), entry.options});
    return writeFiles(system, requests, {}, monitor);
}

std::vector<Outcome> runEntries(FileSystem &system, const Scenario &scenario)
{
    NullMonitor monitor;
    return runEntries(system, scenario, monitor);
}

std::vector<std::optional<std::string>> contentsOf(const MemoryFileSystem &system,
                                                   const Scenario &scenario)
{
    std::vector<std::optional<std::string>> contents;
    for (const Scenario &entry : entriesOf(scenario))
        contents.push_back(system.content(entry.resolved));
    return contents;
}

Outcome run(FileSystem &system, const Scenario &scenario, Monitor &monitor)
{
    return runEntries(system, scenario, monitor).front();
}

Outcome run(FileSystem &system, const Scenario &scenario)
{
    NullMonitor monitor;
    return run(system, scenario, monitor);
}

bool looksStaged(const std::string &name) { return name.starts_with(".af-"); }

std::vector<Path> stagedFiles(const Tree &tree)
{
    std::vector<Path> staged;
    for (const Path directory : {"/there", "/there/sub", "/other", "/state/atomicfile"}) {
        if (!tree.exists(directory))
            continue;
        for (const std::string &name : tree.listing(directory)) {
            if (looksStaged(name))
                staged.push_back(directory / name);
        }
    }
    return staged;
}

} // namespace atomicfile::test
