// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "situations.h"

#include "outcome_text.h"

#include <cstdio>
#include <cstdlib>

namespace atomicfile::test {

namespace {

constexpr std::uint32_t none = 0xffffffff;

} // namespace

std::vector<AccessEntry> listWith(std::uint16_t group, std::uint16_t mask, std::uint16_t others)
{
    return {{AccessEntry::OwningUser, 6, none},      {AccessEntry::User, 6, 1002},
            {AccessEntry::OwningGroup, group, none}, {AccessEntry::Group, 6, 2002},
            {AccessEntry::Mask, mask, none},         {AccessEntry::Others, others, none}};
}

std::vector<std::pair<std::string, Situation>> situations()
{
    std::vector<std::pair<std::string, Situation>> all;
    for (const ModeBits mode :
         {00600u, 00640u, 00660u, 00604u, 00606u, 00666u, 00777u, 00622u, 04755u, 02755u, 06711u}) {
        char text[16];
        std::snprintf(text, sizeof text, "%05o", mode);
        const std::string name(text);
        all.push_back({name + " by root", {mode, 1001, 2001, {}, {}, 0, 0}});
        all.push_back({name + " by its owner", {mode, 1001, 2001, {}, {}, 1001, 2001}});
        all.push_back(
            {name + " by its owner in another group", {mode, 1001, 2002, {}, {}, 1001, 2001}});
        all.push_back({name + " in a directory with a default list, by root",
                       {mode, 1001, 2001, {}, listWith(6, 6, 6), 0, 0}});
        if ((mode & 0020) != 0)
            all.push_back(
                {name + " by a member of its group", {mode, 1001, 2003, {}, {}, 1003, 2003}});
        if ((mode & 0002) != 0)
            all.push_back({name + " by a stranger", {mode, 1001, 2001, {}, {}, 1003, 2003}});
    }
    for (const std::uint16_t mask : {std::uint16_t(0), std::uint16_t(4), std::uint16_t(6)}) {
        const std::string name = "a list with mask " + std::to_string(mask);
        const auto list = listWith(4, mask, 0);
        all.push_back({name + " by root", {0644, 1001, 2001, list, {}, 0, 0}});
        all.push_back({name + " by its owner", {0644, 1001, 2001, list, {}, 1001, 2001}});
        all.push_back(
            {name + " by its owner in another group", {0644, 1001, 2003, list, {}, 1001, 2001}});
        all.push_back({name + " in a directory with a default list",
                       {0644, 1001, 2001, list, listWith(6, 6, 6), 0, 0}});
    }
    // A list that denies: the group has less than the others.
    all.push_back({"a list that denies by root", {0644, 1001, 2001, listWith(0, 6, 6), {}, 0, 0}});
    return all;
}

const Situation &situation(const std::string &name)
{
    static const auto all = situations();
    for (const auto &[known, one] : all) {
        if (known == name)
            return one;
    }
    std::fprintf(stderr, "There is no situation \"%s\".\n", name.c_str());
    std::abort();
}

void build(MemoryFileSystem &system, const Situation &one)
{
    system.addDirectory("/there", 0777);
    system.addFile("/there/target", "old", one.mode);
    system.addFile("/there/source", "new", 0666);
    system.setOwnerOf("/there/target", one.owner, one.group);
    if (!one.list.empty())
        system.setAccessControlOf("/there/target", packed(one.list));
    if (!one.defaultList.empty())
        system.setDefaultAccessControlOf("/there", packed(one.defaultList));
    system.become(one.writer, one.writersGroup);
}

Outcome write(FileSystem &system, const Options &options)
{
    NullMonitor monitor;
    return writeFile(system, "/there/target", bytesOf("new"), options, monitor);
}

Outcome copy(FileSystem &system, const Path &source, const Path &target)
{
    NullMonitor monitor;
    return copyFile(system, source, target, {}, monitor);
}

bool has(const Outcome &outcome, Loss loss)
{
    return (outcome.losses & static_cast<unsigned>(loss)) != 0;
}

} // namespace atomicfile::test
