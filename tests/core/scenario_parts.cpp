// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "scenario_parts.h"

#include "support/access_control_model.h"

#include <utility>

namespace atomicfile::test {

void nothing(MemoryFileSystem &) { }

void addTarget(MemoryFileSystem &system) { system.addFile("/there/target", oldContent); }

void setSizeOf(MemoryFileSystem &system, const Path &path, std::int64_t size)
{
    const auto directory = system.openDirectory(path.parent_path(), DirectoryAccess::Read);
    const auto file = system.openFile(directory.value(), path.filename(), FileAccess::ReadWrite);
    (void)system.setSize(file.value(), size); // Nothing limits it here.
    (void)system.closeFile(file.value());
    (void)system.closeDirectory(directory.value());
}

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

Scenario writing(std::string name, Build build, Durability durability)
{
    Scenario scenario;
    scenario.name = "write " + std::move(name);
    scenario.build = std::move(build);
    scenario.options.durability = durability;
    return scenario;
}

Version expectedIn(const Scenario &scenario)
{
    return Version::of(prepare(scenario)->infoOf(scenario.resolved));
}

} // namespace atomicfile::test
