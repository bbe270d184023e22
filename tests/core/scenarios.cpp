// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "scenarios.h"

#include "core/commit.h"
#include "outcome_text.h"
#include "support/access_control_model.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace atomicfile::test {

namespace {

constexpr std::string_view oldContent = "what was there before";

struct NamedDurability
{
    Durability durability;
    const char *name;
};

constexpr std::array durabilities{NamedDurability{Durability::None, "none"},
                                  NamedDurability{Durability::Consistent, "consistent"},
                                  NamedDurability{Durability::Durable, "durable"}};

using Build = std::function<void(MemoryFileSystem &)>;

void nothing(MemoryFileSystem &) { }
void addTarget(MemoryFileSystem &system) { system.addFile("/there/target", oldContent); }

/// A list that gives one more user and one more group something.
AccessControl sharedList()
{
    return packed({{AccessEntry::OwningUser, 6, 0xffffffff},
                   {AccessEntry::User, 6, 1002},
                   {AccessEntry::OwningGroup, 4, 0xffffffff},
                   {AccessEntry::Group, 4, 2002},
                   {AccessEntry::Mask, 6, 0xffffffff},
                   {AccessEntry::Others, 0, 0xffffffff}});
}

void addSharedTarget(MemoryFileSystem &system)
{
    addTarget(system);
    system.setOwnerOf("/there/target", 1001, 2001);
    system.setAccessControlOf("/there/target", sharedList());
}

/// One attribute that anybody may write, and one that does not outlive the content.
void addAttributesOf(MemoryFileSystem &system, const Path &path)
{
    system.setOwnerOf(path, 1001, 2001);
    system.setAttributesOf(path, {{"user.author", "somebody"}, {"security.capability", "net"}});
}

void addTargetWithAttributes(MemoryFileSystem &system)
{
    addTarget(system);
    addAttributesOf(system, "/there/target");
}

Scenario writing(std::string name, Build build, Durability durability = Durability::Durable)
{
    Scenario scenario;
    scenario.name = "write " + std::move(name);
    scenario.build = std::move(build);
    scenario.options.durability = durability;
    return scenario;
}

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

Scenario withBackup(std::string name, int generations, Build build = nothing)
{
    Scenario scenario = writing("with " + std::move(name), [build](MemoryFileSystem &system) {
        addTarget(system);
        build(system);
    });
    scenario.options.backup.generations = generations;
    scenario.backup = generations == 1 ? "/there/target~" : "/there/target.~1~";
    return scenario;
}

void addByBackup(std::vector<Scenario> &all)
{
    const auto olderOnes = [](MemoryFileSystem &system) {
        system.addFile("/there/target.~1~", "older");
        system.addFile("/there/target.~2~", "still older");
        system.addFile("/there/target.~3~", "the oldest");
    };
    const auto olderOne = [](MemoryFileSystem &system) {
        system.addFile("/there/target~", "older");
    };
    all.push_back(withBackup("the first backup", 1));
    all.push_back(withBackup("a backup", 1, olderOne));
    all.push_back(withBackup("the last of three backups", 3, olderOnes));
    Scenario copied = withBackup("a backup by copy", 1, olderOne);
    copied.memory.hasLinks = false;
    all.push_back(copied);
    Scenario consistent = withBackup("a backup, consistent", 1, olderOne);
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

Version expectedIn(const Scenario &scenario)
{
    return Version::of(prepare(scenario)->infoOf(scenario.resolved));
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
    const auto directory = system.openDirectory(path.parent_path(), DirectoryAccess::Read);
    const auto file = system.openFile(directory.value(), path.filename(), FileAccess::ReadWrite);
    (void)system.setSize(file.value(), sparseSize); // Nothing limits it here.
    (void)system.closeFile(file.value());
    (void)system.closeDirectory(directory.value());
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

/// The same on another system, as far as it has what they are about.
void addOn(std::vector<Scenario> &all, const std::vector<Scenario> &known, Profile profile,
           const char *name)
{
    for (Scenario one : known) {
        const bool isOfLinux = !one.memory.hasRenameNoReplace || !one.memory.hasExchange
            || (one.memory.hasClone && profile == Profile::Windows);
        const bool hasOwners = one.name.find("list") != std::string::npos;
        // Many chunks are written alike everywhere, and take most of the time of all these tests.
        const bool isLarge = one.name == "write large";
        if (isOfLinux || isLarge || (hasOwners && profile == Profile::Windows))
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
    return all;
}

std::vector<Scenario> scenarios()
{
    std::vector<Scenario> all = writeScenarios();
    for (const auto &more : {copyScenarios(), moveScenarios(), updateScenarios(), batchScenarios()})
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
    for (const Path directory : {"/there", "/there/sub", "/other"}) {
        for (const std::string &name : tree.listing(directory)) {
            if (looksStaged(name))
                staged.push_back(directory / name);
        }
    }
    return staged;
}

} // namespace atomicfile::test
