// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "error_posix.h"
#include "filesystem_posix.h"
#include "native_posix.h"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include <limits.h>
#include <stdio.h>
#include <sys/attr.h>
#include <unistd.h>

namespace atomicfile {

using namespace posix;

namespace {

/// What getattrlistat fills in. Every part of it is a multiple of four bytes long, so nothing is
/// between them, and the name is stored where the reference, counted from itself, says.
struct NameAnswer
{
    std::uint32_t length;
    attrreference_t name;
    std::array<char, 3 * NAME_MAX + 3> text; // 255 units of UTF-16 on HFS+, three bytes each.
};
static_assert(offsetof(NameAnswer, text) == sizeof(std::uint32_t) + sizeof(attrreference_t));

} // namespace

Result<Path> PosixFileSystem::storedName(DirectoryHandle directory, const Path &name)
{
    attrlist wanted = {};
    wanted.bitmapcount = ATTR_BIT_MAP_COUNT;
    wanted.commonattr = ATTR_CMN_NAME;
    NameAnswer answer = {};
    const int result = ::getattrlistat(descriptorOf(directory), name.c_str(), &wanted, &answer,
                                       sizeof answer, FSOPT_NOFOLLOW);
    if (result == -1 && (errno == EINVAL || errno == ENOTSUP)) // A volume that does not tell.
        return name;
    if (result == -1)
        return lastError(Call::StoredName);
    const char *text = reinterpret_cast<const char *>(&answer.name) + answer.name.attr_dataoffset;
    return Path(text); // Ends in NUL.
}

Status PosixFileSystem::renameNoReplace(DirectoryHandle fromDirectory, const Path &from,
                                        DirectoryHandle toDirectory, const Path &to)
{
    const int result = ::renameatx_np(descriptorOf(fromDirectory), from.c_str(),
                                      descriptorOf(toDirectory), to.c_str(), RENAME_EXCL);
    if (result == -1 && errno == EINVAL)
        return lastErrorAs(ErrorClass::Unsupported, Call::RenameNoReplace);
    return statusOf(Call::RenameNoReplace, result);
}

Status PosixFileSystem::exchange(DirectoryHandle directory, const Path &one, const Path &other)
{
    const int descriptor = descriptorOf(directory);
    const int result = ::renameatx_np(descriptor, one.c_str(), descriptor, other.c_str(),
                                      RENAME_SWAP);
    if (result == -1 && errno == EINVAL)
        return lastErrorAs(ErrorClass::Unsupported, Call::Exchange);
    return statusOf(Call::Exchange, result);
}

/// Where programs keep what they need and the user does not look at.
std::optional<Path> PosixFileSystem::stateDirectory() const
{
    if (::issetugid() != 0)
        return std::nullopt; // Whoever started it must not tell.
    const char *const home = std::getenv("HOME");
    if (home && *home == '/')
        return Path(home) / "Library/Application Support/AtomicFile";
    return std::nullopt;
}

} // namespace atomicfile
