// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "contract_place.h"

#include "support/memory_filesystem.h"

namespace atomicfile::test {

namespace {

constexpr std::uint32_t somebody = 1000;

MemoryOptions optionsFor(Privilege privilege)
{
    MemoryOptions options;
    options.user = privilege == Privilege::Root ? 0 : somebody;
    options.group = options.user;
    return options;
}

class MemoryPlace final : public Place
{
public:
    explicit MemoryPlace(Privilege privilege)
        : m_privilege(privilege)
        , m_system(optionsFor(privilege))
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
    void makeFifo(const Path &name) override { m_system.addSpecial(root() / name, FileKind::Fifo); }

private:
    void give(const Path &path)
    {
        const MemoryOptions options = optionsFor(m_privilege);
        m_system.setOwnerOf(path, options.user, options.group);
    }

    Privilege m_privilege;
    MemoryFileSystem m_system;
};

} // namespace

std::unique_ptr<Place> makeMemoryPlace(Privilege privilege)
{
    return std::make_unique<MemoryPlace>(privilege);
}

} // namespace atomicfile::test
