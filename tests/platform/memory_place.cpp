// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "contract_place.h"

#include "support/memory_filesystem.h"

namespace atomicfile::test {

namespace {

constexpr std::uint32_t somebody = 1000;

Profile profileOf(Modelled modelled)
{
    switch (modelled) {
    case Modelled::Linux:
        break;
    case Modelled::Darwin:
        return Profile::Darwin;
    case Modelled::Windows:
        return Profile::Windows;
    }
    return Profile::Linux;
}

MemoryOptions optionsFor(Modelled modelled, Privilege privilege)
{
    MemoryOptions options;
    options.profile = profileOf(modelled);
    options.hasClone = modelled == Modelled::Darwin;
    options.user = privilege == Privilege::Root ? 0 : somebody;
    options.group = options.user;
    return options;
}

class MemoryPlace final : public Place
{
public:
    MemoryPlace(Modelled modelled, Privilege privilege)
        : m_options(optionsFor(modelled, privilege))
        , m_privilege(privilege)
        , m_system(m_options)
    {
        m_system.addDirectory(root());
        give(root());
        m_system.mount("/other");
        give("/other");
    }

    FileSystem &system() override { return m_system; }
    Path root() const override { return "/ground"; }
    std::optional<Path> otherVolume() const override { return "/other"; }
    Privilege privilege() const override { return m_privilege; }

    void makeDirectory(const Path &name) override
    {
        m_system.addDirectory(root() / name);
        give(root() / name);
    }
    bool makeFifo(const Path &name) override
    {
        m_system.addSpecial(root() / name, FileKind::Fifo);
        return true;
    }

private:
    void give(const Path &path) { m_system.setOwnerOf(path, m_options.user, m_options.group); }

    MemoryOptions m_options;
    Privilege m_privilege;
    MemoryFileSystem m_system;
};

} // namespace

std::unique_ptr<Place> makeMemoryPlace(Modelled modelled, Privilege privilege)
{
    return std::make_unique<MemoryPlace>(modelled, privilege);
}

} // namespace atomicfile::test
