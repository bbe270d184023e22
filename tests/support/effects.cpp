// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "effects.h"

#include <algorithm>
#include <utility>

namespace atomicfile::test {

namespace {

/// What a program may do, it may no longer once somebody has written to it.
void touch(Inode &file, const Effect &effect)
{
    file.attributes.modified = effect.attributes.modified;
    file.attributes.extended.erase("security.capability");
}

void applyWrite(Inode &file, const Effect &effect, Part part)
{
    std::string_view bytes = effect.bytes;
    const auto whole = static_cast<std::int64_t>(bytes.size());
    if (part == Part::FirstHalf)
        bytes = bytes.substr(0, bytes.size() / 2);
    const auto length = part == Part::SizeOnly ? whole : static_cast<std::int64_t>(bytes.size());
    file.size = std::max(file.size, effect.offset + length);
    if (part != Part::SizeOnly)
        file.blocks.write(effect.offset, bytes);
    touch(file, effect);
}

void applyToFile(Inode &file, const Effect &effect)
{
    if (effect.kind == Effect::Kind::Clone)
        file.blocks = effect.blocks;
    else
        file.blocks.cut(effect.size);
    file.size = effect.size;
    touch(file, effect);
}

void applyRename(Tree &tree, const Effect &effect, Part part)
{
    if (part != Part::RemovalOnly)
        tree.setName(effect.toDirectory, effect.to, effect.inode);
    if (part != Part::AdditionOnly)
        tree.removeName(effect.fromDirectory, effect.from, effect.inode);
}

} // namespace

void apply(Tree &tree, const Effect &effect, Part part)
{
    if (part == Part::Nothing)
        return;
    Inode *const file = tree.find(effect.inode);
    switch (effect.kind) {
    case Effect::Kind::Create:
        tree.insert(effect.inode, effect.created);
        break;
    case Effect::Kind::Write:
        if (file)
            applyWrite(*file, effect, part);
        break;
    case Effect::Kind::SetSize:
    case Effect::Kind::Clone:
        if (file)
            applyToFile(*file, effect);
        break;
    case Effect::Kind::SetAttributes:
        if (file)
            file->attributes = effect.attributes;
        break;
    case Effect::Kind::AddName:
        tree.setName(effect.toDirectory, effect.to, effect.inode);
        break;
    case Effect::Kind::RemoveName:
        tree.removeName(effect.fromDirectory, effect.from, effect.inode);
        break;
    case Effect::Kind::Rename:
        applyRename(tree, effect, part);
        break;
    case Effect::Kind::Exchange:
        tree.setName(effect.toDirectory, effect.to, effect.inode);
        tree.setName(effect.toDirectory, effect.from, effect.exchanged);
        break;
    }
}

EffectLog::EffectLog(Tree durable) : m_durable(std::move(durable)) { }

void EffectLog::begin(Tree durable)
{
    const std::size_t changes = m_changes;
    *this = EffectLog(std::move(durable));
    m_changes = changes + 1;
}

void EffectLog::add(Effect effect)
{
    ++m_changes;
    // Without a name an inode is nothing that anybody could find: it may be there all along.
    if (effect.kind == Effect::Kind::Create)
        effect.durable = true;
    m_effects.push_back(std::move(effect));
}

/// Of the first so many effects.
std::size_t EffectLog::lastChangeOf(InodeId file, SyncScope scope, std::size_t effects) const
{
    for (std::size_t i = effects; i > 0; --i) {
        const Effect &effect = m_effects[i - 1];
        const bool isSize = effect.kind == Effect::Kind::SetSize;
        const bool isOther = effect.kind == Effect::Kind::SetAttributes
            || effect.kind == Effect::Kind::AddName || effect.kind == Effect::Kind::RemoveName
            || effect.kind == Effect::Kind::Rename || effect.kind == Effect::Kind::Exchange;
        if (effect.inode == file && (isSize || (isOther && scope == SyncScope::Everything)))
            return i;
    }
    return 0;
}

void EffectLog::commitJournal(std::size_t changes, std::uint64_t volume)
{
    m_journal[volume] = std::max(m_journal[volume], changes);
}

void EffectLog::fileSynced(InodeId file, SyncScope scope, std::uint64_t volume)
{
    ++m_changes;
    keepFile(file, scope, m_effects.size());
    emptyCache(volume);
}

void EffectLog::directorySynced(InodeId directory, std::uint64_t volume)
{
    ++m_changes;
    keepDirectory(directory, m_effects.size());
    emptyCache(volume);
}

void EffectLog::fileWrittenOut(InodeId file, std::uint64_t volume)
{
    ++m_changes;
    m_cached[volume].push_back({WrittenOut::What::File, file, m_effects.size()});
}

void EffectLog::directoryWrittenOut(InodeId directory, std::uint64_t volume)
{
    ++m_changes;
    m_cached[volume].push_back({WrittenOut::What::Directory, directory, m_effects.size()});
}

void EffectLog::emptyCache(std::uint64_t volume)
{
    for (const WrittenOut &cached : std::exchange(m_cached[volume], {})) {
        if (cached.what == WrittenOut::What::File)
            keepFile(cached.inode, SyncScope::Everything, cached.effects);
        else
            keepDirectory(cached.inode, cached.effects);
    }
}

/// What of the first so many effects a sync of the file makes durable.
void EffectLog::keepFile(InodeId file, SyncScope scope, std::size_t effects)
{
    for (std::size_t i = 0; i < effects; ++i) {
        Effect &effect = m_effects[i];
        if (effect.inode != file)
            continue;
        const bool isData = effect.kind == Effect::Kind::Write || effect.kind == Effect::Kind::Clone
            || effect.kind == Effect::Kind::SetSize;
        const bool isAttribute = effect.kind == Effect::Kind::SetAttributes
            && scope == SyncScope::Everything;
        if (!effect.damaged && (isData || isAttribute))
            effect.durable = true;
        commitJournal(lastChangeOf(file, scope, effects), effect.volume);
    }
}

void EffectLog::volumeSynced(std::uint64_t volume)
{
    ++m_changes;
    for (Effect &effect : m_effects) {
        if (effect.volume == volume && !effect.damaged)
            effect.durable = effect.removalDurable = true;
    }
    commitJournal(m_effects.size(), volume);
}

void EffectLog::keepDirectory(InodeId directory, std::size_t effects)
{
    for (std::size_t i = 0; i < effects; ++i) {
        Effect &effect = m_effects[i];
        const bool adds = effect.toDirectory == directory && !effect.damaged;
        const bool removes = effect.fromDirectory == directory && !effect.damaged;
        if (adds || (removes && effect.kind == Effect::Kind::RemoveName))
            effect.durable = true;
        if (removes)
            effect.removalDurable = true;
        if (adds || removes)
            commitJournal(i + 1, effect.volume);
    }
}

void EffectLog::writtenThrough(std::uint64_t volume)
{
    ++m_changes;
    commitJournal(m_effects.size(), volume);
}

void EffectLog::writeOutFailed(InodeId file)
{
    ++m_changes;
    for (Effect &effect : m_effects) {
        const bool isData = effect.kind == Effect::Kind::Write
            || effect.kind == Effect::Kind::Clone;
        if (effect.inode == file && isData && !effect.durable)
            effect.damaged = true;
    }
}

void EffectLog::flushFailed(std::uint64_t volume)
{
    ++m_changes;
    for (const WrittenOut &cached : std::exchange(m_cached[volume], {})) {
        for (std::size_t i = 0; i < cached.effects; ++i) {
            Effect &effect = m_effects[i];
            const bool concerns = cached.what == WrittenOut::What::File
                ? effect.inode == cached.inode
                : effect.toDirectory == cached.inode || effect.fromDirectory == cached.inode;
            if (concerns && effect.kind != Effect::Kind::Create && !effect.durable)
                effect.damaged = true;
        }
    }
}

} // namespace atomicfile::test
