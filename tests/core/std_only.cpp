// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// The operations on the system's own files, with the standard library alone. It needs no Qt to link,
// so it can be made for a system that has none, and tells there whether the core works.
#include "core/operations.h"
#include "outcome_text.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

using namespace atomicfile;
using namespace atomicfile::test;

namespace fs = std::filesystem;

namespace {

constexpr std::string_view done = "ok, Replaced";

class Check
{
public:
    explicit Check(fs::path directory) : m_directory(std::move(directory)) { }

    void write();
    void refuse();
    void preserve();
    void copy();
    void move();
    void spell();
    void sweepLeftovers();
    void nothingElseIsLeft();

    bool passed() const { return m_failures == 0; }

private:
    void equal(std::string_view what, std::string_view is, std::string_view wanted);
    void holds(const Path &name, std::string_view content);
    std::string writeTo(const Path &name, std::string_view content, const Options &options = {});

    FileSystem &m_system = systemFileSystem();
    fs::path m_directory;
    NullMonitor m_monitor;
    int m_failures = 0;
};

void Check::equal(std::string_view what, std::string_view is, std::string_view wanted)
{
    if (is == wanted)
        return;
    ++m_failures;
    std::cerr << what << ": \"" << is << "\" instead of \"" << wanted << "\"\n";
}

void Check::holds(const Path &name, std::string_view content)
{
    const auto text = readText(m_system, m_directory / name.standard());
    equal("what is in " + name.string(), text ? text.value().content : summary(text.error()),
          content);
}

std::string Check::writeTo(const Path &name, std::string_view content, const Options &options)
{
    return summary(
        writeFile(m_system, m_directory / name.standard(), bytesOf(content), options, m_monitor));
}

void Check::write()
{
    Options create;
    create.existing = Existing::CreateNew;
    equal("creating", writeTo("target", "first", create), done);
    holds("target", "first");
    equal("replacing", writeTo("target", "second"), done);
    holds("target", "second");

    std::error_code error;
    fs::create_symlink("target", m_directory / "link", error);
    equal("making a link", error.message(), std::error_code().message());
    equal("writing through a link", writeTo("link", "third"), done);
    holds("target", "third");
    equal("the link", fs::read_symlink(m_directory / "link", error).string(), "target");
}

void Check::refuse()
{
    Options create;
    create.existing = Existing::CreateNew;
    equal("creating what is there", writeTo("target", "no", create),
          "AlreadyExists at Inspect, Unchanged");
    Options replace;
    replace.existing = Existing::MustExist;
    equal("replacing what is missing", writeTo("missing", "no", replace),
          "NotFound at Inspect, Unchanged");
    Options expect;
    expect.expectedVersion = Version();
    equal("another version", writeTo("target", "no", expect), "Conflict at Inspect, Unchanged");
    holds("target", "third");
}

void Check::preserve()
{
    constexpr fs::perms wanted = fs::perms::owner_read | fs::perms::owner_write
        | fs::perms::group_read;
    std::error_code error;
    fs::permissions(m_directory / "target", wanted, error);
    equal("setting permissions", error.message(), std::error_code().message());
    equal("replacing", writeTo("target", "fourth"), done);
    const fs::perms kept = fs::status(m_directory / "target", error).permissions();
    equal("the permissions", kept == wanted ? "kept" : "lost", "kept");
}

void Check::copy()
{
    const auto outcome = copyFile(m_system, m_directory / "target", m_directory / "copy", {},
                                  m_monitor);
    equal("copying", summary(outcome), done);
    holds("copy", "fourth");
    holds("target", "fourth");
}

void Check::move()
{
    Options create;
    create.existing = Existing::CreateNew;
    const fs::path from = m_directory / "copy";
    equal("moving to a name that is taken",
          summary(moveFile(m_system, from, m_directory / "target", create, m_monitor)),
          "AlreadyExists at Inspect, Unchanged");
    holds("copy", "fourth");
    equal("moving to a free name",
          summary(moveFile(m_system, from, m_directory / "moved", create, m_monitor)), done);
    holds("moved", "fourth");
    holds("copy", "NotFound at Inspect");
}

void Check::spell()
{
    const auto straight = targetKeys(m_system, m_directory / "target", Symlinks::Follow);
    const auto around = targetKeys(m_system, m_directory / "." / "target", Symlinks::Follow);
    const bool areOne = straight.size() == 1 && around.size() == 1
        && straight[0].directory == around[0].directory && straight[0].name == around[0].name;
    equal("two spellings", areOne ? "one target" : "two targets", "one target");
    equal("the stored name", straight.empty() ? "" : straight[0].name.string(), "target");
}

void Check::sweepLeftovers()
{
    std::ofstream(m_directory / ".af-abcdefghijklmnopqr23") << "half a fi";
    std::ofstream(m_directory / ".af-foreign") << "not ours";
    const SweepOutcome swept = sweep(m_system, m_directory);
    equal("sweeping", swept.failure ? summary(*swept.failure) : "ok", "ok");
    equal("how many were swept", std::to_string(swept.removed.size()), "1");
}

void Check::nothingElseIsLeft()
{
    std::vector<std::string> names;
    std::error_code error;
    for (const auto &entry : fs::directory_iterator(m_directory, error))
        names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    std::string all;
    for (const std::string &name : names)
        all += name + ' ';
    equal("what is left", all, ".af-foreign link moved target ");
}

/// Empties a directory, which nobody else may use, and goes through all operations in it.
bool passesIn(const fs::path &directory)
{
    std::error_code error;
    fs::remove_all(directory, error);
    if (!fs::create_directories(directory, error)) {
        std::cerr << directory << ": " << error.message() << '\n';
        return false;
    }
    Check check(fs::canonical(directory));
    check.write();
    check.refuse();
    check.preserve();
    check.copy();
    check.move();
    check.spell();
    check.sweepLeftovers();
    check.nothingElseIsLeft();
    return check.passed();
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 2) {
        std::cerr << "Usage: core_std_only DIRECTORY\n"
                     "Makes std_only in the directory, which is removed first if it is there.\n";
        return 2;
    }
    return passesIn(fs::path(argv[1]) / "std_only") ? 0 : 1;
}
