// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "attributes_posix.h"
#include "error_posix.h"
#include "filesystem_posix.h"
#include "native_posix.h"

#include <cerrno>

#include <sys/xattr.h>

namespace atomicfile {

using namespace posix;

Result<std::vector<std::string>> PosixFileSystem::listAttributes(FileHandle file)
{
    const int descriptor = descriptorOf(file);
    const auto list = [descriptor](char *names, std::size_t size) {
        return ::flistxattr(descriptor, names, size);
    };
    // The first two are lists of access control, which have calls of their own. The last is a seal that
    // the kernel puts on what else the file has.
    return namesFrom(list, {"system.posix_acl_access", "system.posix_acl_default", "security.evm"});
}

/**
 * capability: whoever writes to a program takes away what it may do, root not excepted, and so does a
 * change of owner. ima: a hash or a signature of the content.
 *
 * What is in "system." is made up by the file system, and says who may do what on network file systems.
 */
AttributeKind PosixFileSystem::attributeKind(const std::string &name) const
{
    if (name == "security.capability" || name == "security.ima")
        return AttributeKind::OfContent;
    return name.starts_with("system.") ? AttributeKind::OfSystem : AttributeKind::OfFile;
}

Result<AttributeValue> PosixFileSystem::readAttribute(FileHandle file, const std::string &name)
{
    const auto read = [&](void *value, std::size_t size) {
        return ::fgetxattr(descriptorOf(file), name.c_str(), value, size);
    };
    return valueFrom(read, ENODATA);
}

Status PosixFileSystem::writeAttribute(FileHandle file, const std::string &name,
                                       const AttributeValue &value)
{
    return attributeWritten(
        ::fsetxattr(descriptorOf(file), name.c_str(), value.data(), value.size(), 0));
}

Status PosixFileSystem::setFlags(FileHandle, FileFlags)
{
    return SystemError{ErrorClass::Unsupported, Call::SetFlags, {}};
}

} // namespace atomicfile
