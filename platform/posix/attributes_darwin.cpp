// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "attributes_posix.h"
#include "error_posix.h"
#include "filesystem_posix.h"
#include "native_posix.h"

#include <cerrno>

#include <sys/stat.h>
#include <sys/xattr.h>

namespace atomicfile {

using namespace posix;

/// Lists of access control are no attributes here.
Result<std::vector<std::string>> PosixFileSystem::listAttributes(FileHandle file)
{
    const int descriptor = descriptorOf(file);
    const auto list = [descriptor](char *names, std::size_t size) {
        return ::flistxattr(descriptor, names, size, 0);
    };
    return namesFrom(list, {});
}

/// Quarantine and the marks of Finder are of the file: they stay where a program writes to it in place.
AttributeKind PosixFileSystem::attributeKind(const std::string &name) const
{
    return name.starts_with("com.apple.system.") ? AttributeKind::OfSystem : AttributeKind::OfFile;
}

/// The resource fork is among them.
Result<AttributeValue> PosixFileSystem::readAttribute(FileHandle file, const std::string &name)
{
    const auto read = [&](void *value, std::size_t size) {
        return ::fgetxattr(descriptorOf(file), name.c_str(), value, size, 0, 0);
    };
    return valueFrom(read, ENOATTR);
}

Status PosixFileSystem::writeAttribute(FileHandle file, const std::string &name,
                                       const AttributeValue &value)
{
    return attributeWritten(
        ::fsetxattr(descriptorOf(file), name.c_str(), value.data(), value.size(), 0, 0));
}

Status PosixFileSystem::setFlags(FileHandle file, FileFlags flags)
{
    struct stat status = {};
    if (::fstat(descriptorOf(file), &status) == -1)
        return lastError(Call::SetFlags);
    const auto others = status.st_flags & ~flagsOf(status);
    return statusOf(Call::SetFlags, ::fchflags(descriptorOf(file), others | flags));
}

} // namespace atomicfile
