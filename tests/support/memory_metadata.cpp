// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "access_control_model.h"
#include "memory_filesystem.h"

#include <cerrno>
#include <utility>

namespace atomicfile::test {

namespace {

/// What chown takes for "leave it".
constexpr std::uint32_t unchanged = 0xffffffff;

constexpr ModeBits ownerWrites = 0200;

} // namespace

Status MemoryFileSystem::setOwner(FileHandle file, std::uint32_t owner, std::uint32_t group)
{
    const std::lock_guard lock(m_mutex);
    const OpenFile *const open = openFileOf(file);
    if (!open)
        return badHandle(Call::SetOwner);
    // Owners have no numbers on Windows: every file answers with 0 for both, and can keep that.
    if (isWindows())
        return owner == 0 && group == 0 ? Status()
                                        : error(Call::SetOwner, ErrorClass::Unsupported, 0);
    const Inode &inode = m_tree.at(open->inode);
    const Attributes &is = inode.attributes;
    const bool givesAway = owner != unchanged && owner != is.owner;
    const bool foreignGroup = group != unchanged && group != is.group && group != m_options.group;
    if (!owns(inode) || (m_options.user != 0 && (givesAway || foreignGroup)))
        return error(Call::SetOwner, ErrorClass::PermissionDenied, EPERM);
    Effect effect = effectOn(Effect::Kind::SetAttributes, open->inode);
    if (owner != unchanged)
        effect.attributes.owner = owner;
    if (group != unchanged)
        effect.attributes.group = group;
    effect.attributes.mode &= ~(mode::setUserId | mode::setGroupId);
    effect.attributes.extended.erase("security.capability");
    perform(std::move(effect));
    return {};
}

Status MemoryFileSystem::setMode(FileHandle file, ModeBits mode)
{
    const std::lock_guard lock(m_mutex);
    const OpenFile *const open = openFileOf(file);
    if (!open)
        return badHandle(Call::SetMode);
    if (isWindows() && !open->writes())
        return error(Call::SetMode, ErrorClass::PermissionDenied, EACCES);
    if (!owns(m_tree.at(open->inode)))
        return error(Call::SetMode, ErrorClass::PermissionDenied, EPERM);
    if (!m_options.keepsMode)
        return {};
    Effect effect = effectOn(Effect::Kind::SetAttributes, open->inode);
    effect.attributes.mode = mode & (isWindows() ? ownerWrites : mode::everything);
    const auto entries = unpacked(effect.attributes.list);
    if (entries && !isWindows())
        effect.attributes.list = packed(withMode(*entries, mode));
    perform(std::move(effect));
    return {};
}

Status MemoryFileSystem::setTimes(FileHandle file, Nanoseconds accessed, Nanoseconds modified)
{
    const std::lock_guard lock(m_mutex);
    const OpenFile *const open = openFileOf(file);
    if (!open)
        return badHandle(Call::SetTimes);
    if (isWindows() && !open->writes())
        return error(Call::SetTimes, ErrorClass::PermissionDenied, EACCES);
    if (!owns(m_tree.at(open->inode)))
        return error(Call::SetTimes, ErrorClass::PermissionDenied, EPERM);
    Effect effect = effectOn(Effect::Kind::SetAttributes, open->inode);
    effect.attributes.accessed = accessed;
    effect.attributes.modified = modified;
    perform(std::move(effect));
    return {};
}

Result<AccessControl> MemoryFileSystem::readAccessControl(FileHandle file)
{
    const std::lock_guard lock(m_mutex);
    const OpenFile *const open = openFileOf(file);
    if (!open)
        return badHandle(Call::ReadAccessControl);
    if (!m_options.hasAccessControl || isWindows())
        return error(Call::ReadAccessControl, ErrorClass::Unsupported, EOPNOTSUPP);
    return m_tree.at(open->inode).attributes.list;
}

Status MemoryFileSystem::writeAccessControl(FileHandle file, const AccessControl &list)
{
    const std::lock_guard lock(m_mutex);
    const OpenFile *const open = openFileOf(file);
    if (!open)
        return badHandle(Call::WriteAccessControl);
    if (!m_options.hasAccessControl || isWindows())
        return error(Call::WriteAccessControl, ErrorClass::Unsupported, EOPNOTSUPP);
    const auto entries = unpacked(list);
    if (!list.empty() && !entries)
        return error(Call::WriteAccessControl, ErrorClass::Unsupported, EINVAL);
    if (!owns(m_tree.at(open->inode)))
        return error(Call::WriteAccessControl, ErrorClass::PermissionDenied, EPERM);
    Effect effect = effectOn(Effect::Kind::SetAttributes, open->inode);
    // A list that says no more than a mode is stored as the mode. Without a list the mode stays: its
    // group bits, which were the mask, now are what the group may do.
    effect.attributes.list = entries && !isMinimal(*entries) ? list : AccessControl();
    if (entries)
        effect.attributes.mode = (effect.attributes.mode & ~ModeBits(0777)) | modeOf(*entries);
    perform(std::move(effect));
    return {};
}

Result<std::vector<std::string>> MemoryFileSystem::listAttributes(FileHandle file)
{
    const std::lock_guard lock(m_mutex);
    const OpenFile *const open = openFileOf(file);
    if (!open)
        return badHandle(Call::ListAttributes);
    if (!m_options.hasAttributes)
        return error(Call::ListAttributes, ErrorClass::Unsupported, EOPNOTSUPP);
    std::vector<std::string> names;
    for (const auto &attribute : m_tree.at(open->inode).attributes.extended)
        names.push_back(attribute.first);
    return names;
}

AttributeKind MemoryFileSystem::attributeKind(const std::string &name) const
{
    if (name == "security.capability")
        return AttributeKind::OfContent;
    return name.starts_with("system.") ? AttributeKind::OfSystem : AttributeKind::OfFile;
}

Result<AttributeValue> MemoryFileSystem::readAttribute(FileHandle file, const std::string &name)
{
    const std::lock_guard lock(m_mutex);
    const OpenFile *const open = openFileOf(file);
    if (!open)
        return badHandle(Call::ReadAttribute);
    if (!m_options.hasAttributes || isWindows())
        return error(Call::ReadAttribute, ErrorClass::Unsupported, EOPNOTSUPP);
    const auto &extended = m_tree.at(open->inode).attributes.extended;
    const auto found = extended.find(name);
    if (found == extended.end())
        return error(Call::ReadAttribute, ErrorClass::NotFound, ENODATA);
    const auto bytes = std::as_bytes(std::span(found->second));
    return AttributeValue(bytes.begin(), bytes.end());
}

/// "user." asks for permission to write, all other names are for root; macOS has no such parts.
Status MemoryFileSystem::writeAttribute(FileHandle file, const std::string &name,
                                        const AttributeValue &value)
{
    const std::lock_guard lock(m_mutex);
    const OpenFile *const open = openFileOf(file);
    if (!open)
        return badHandle(Call::WriteAttribute);
    if (!m_options.hasAttributes || isWindows() || name.starts_with("system."))
        return error(Call::WriteAttribute, ErrorClass::Unsupported, EOPNOTSUPP);
    const Inode &inode = m_tree.at(open->inode);
    if (!isAllowed(inode, ownerWrites >> 6))
        return error(Call::WriteAttribute, ErrorClass::PermissionDenied, EACCES);
    const bool isAnybodys = name.starts_with("user.") || m_options.profile == Profile::Darwin;
    if (m_options.user != 0 && !isAnybodys)
        return error(Call::WriteAttribute, ErrorClass::PermissionDenied, EPERM);
    Effect effect = effectOn(Effect::Kind::SetAttributes, open->inode);
    const auto text = reinterpret_cast<const char *>(value.data());
    effect.attributes.extended[name] = std::string(text, value.size());
    std::size_t used = 0;
    for (const auto &attribute : effect.attributes.extended)
        used += attribute.first.size() + attribute.second.size();
    if (used > m_options.attributeRoom)
        return error(Call::WriteAttribute, ErrorClass::NoSpace, ENOSPC);
    if (m_options.keepsAttributes)
        perform(std::move(effect));
    return {};
}

Status MemoryFileSystem::setFlags(FileHandle file, FileFlags flags)
{
    const std::lock_guard lock(m_mutex);
    const OpenFile *const open = openFileOf(file);
    if (!open)
        return badHandle(Call::SetFlags);
    if (m_options.profile != Profile::Darwin)
        return error(Call::SetFlags, ErrorClass::Unsupported, 0);
    if (!owns(m_tree.at(open->inode)))
        return error(Call::SetFlags, ErrorClass::PermissionDenied, EPERM);
    Effect effect = effectOn(Effect::Kind::SetAttributes, open->inode);
    effect.attributes.flags = flags;
    perform(std::move(effect));
    return {};
}

} // namespace atomicfile::test
