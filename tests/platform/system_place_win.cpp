// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "contract_place.h"

#include <filesystem>
#include <system_error>

#include <QDir>
#include <QTemporaryDir>

namespace atomicfile::test {

namespace {

/// Asks by trying: it takes a right, or the system's developer mode.
bool canMakeSymlinks(FileSystem &system, const Path &root)
{
    const auto opened = system.openDirectory(root, DirectoryAccess::Read);
    if (!opened.ok())
        return false;
    const UniqueDirectory directory(system, opened.value());
    if (!system.createSymlink(directory.get(), "probe", "nowhere").ok())
        return false;
    const auto made = system.stat(directory.get(), "probe");
    return made.ok() && made.value().kind == FileKind::Symlink
        && system.unlink(directory.get(), "probe").ok();
}

/// Windows lets nobody write to a file that is read-only; under Wine root still may.
Privilege privilegeIn(FileSystem &system, const Path &root)
{
    const auto opened = system.openDirectory(root, DirectoryAccess::Read);
    if (!opened.ok())
        return Privilege::Somebody;
    const UniqueDirectory directory(system, opened.value());
    const auto created = system.createFile(directory.get(), "probe", 0644);
    if (!created.ok())
        return Privilege::Somebody;
    UniqueFile probe(system, created.value());
    (void)system.setMode(probe.get(), 0444);
    (void)probe.close();
    const bool isWritable = system.checkWritable(directory.get(), "probe").ok();
    (void)system.unlink(directory.get(), "probe");
    return isWritable ? Privilege::Root : Privilege::Somebody;
}

/// QTemporaryDir does not remove what is read-only.
void makeWritable(const Path &root)
{
    namespace fs = std::filesystem;
    std::error_code error;
    fs::recursive_directory_iterator entry(root.standard(), error);
    while (!error && entry != fs::recursive_directory_iterator()) {
        fs::permissions(entry->path(), fs::perms::owner_write, fs::perm_options::add, error);
        entry.increment(error);
    }
}

class SystemPlace final : public Place
{
public:
    SystemPlace()
        : m_directory(QDir::tempPath() + QStringLiteral("/atomicfile-contract-XXXXXX"))
        , m_makesSymlinks(m_directory.isValid() && canMakeSymlinks(system(), root()))
        , m_privilege(privilegeIn(system(), root()))
    {
    }
    ~SystemPlace() override { makeWritable(root()); }

    bool isUsable() const { return m_directory.isValid(); }
    FileSystem &system() override { return systemFileSystem(); }
    Path root() const override { return m_directory.path().toStdWString(); }
    /// A second drive, if there is one, is nobody's to write on.
    std::optional<Path> otherVolume() const override { return {}; }
    Privilege privilege() const override { return m_privilege; }
    bool makesSymlinks() const override { return m_makesSymlinks; }
    void makeDirectory(const Path &name) override
    {
        std::error_code error;
        if (!std::filesystem::create_directory((root() / name).standard(), error))
            qFatal("Preparing the test failed: no directory could be made");
    }
    bool makeFifo(const Path &) override { return false; }

private:
    QTemporaryDir m_directory;
    bool m_makesSymlinks;
    Privilege m_privilege;
};

} // namespace

bool mayHaveSharedMemory() { return false; }

std::unique_ptr<Place> makeSystemPlace(Medium)
{
    auto place = std::make_unique<SystemPlace>();
    if (!place->isUsable())
        return nullptr;
    return place;
}

} // namespace atomicfile::test
