// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "error_posix.h"
#include "filesystem_posix.h"
#include "native_posix.h"

#include <cerrno>

#include <sys/xattr.h>

namespace atomicfile {

using namespace posix;

namespace {

/// The kernel's own serialised form of a POSIX.1e list, which libacl would only take apart and put
/// together again. A list that says no more than the mode is stored as the mode, and is not there.
constexpr char attribute[] = "system.posix_acl_access";

constexpr std::size_t usualSize = 1024;      // 127 entries; the header has 4 bytes, an entry 8.
constexpr std::size_t largestSize = 1 << 16; // XATTR_SIZE_MAX

} // namespace

Result<AccessControl> PosixFileSystem::readAccessControl(FileHandle file)
{
    AccessControl list(usualSize);
    for (;;) {
        const ssize_t size = ::fgetxattr(descriptorOf(file), attribute, list.data(), list.size());
        if (size != -1) {
            list.resize(static_cast<std::size_t>(size));
            return list;
        }
        if (errno == ENODATA)
            return AccessControl();
        if (errno != ERANGE || list.size() >= largestSize)
            return lastError(Call::ReadAccessControl);
        list.resize(largestSize);
    }
}

/// EINVAL comes where the list names users that this user namespace does not know: it cannot be
/// stored from here.
Status PosixFileSystem::writeAccessControl(FileHandle file, const AccessControl &list)
{
    const int descriptor = descriptorOf(file);
    if (list.empty()) {
        const int result = ::fremovexattr(descriptor, attribute);
        if (result == -1 && errno == ENODATA)
            return {};
        return statusOf(Call::WriteAccessControl, result);
    }
    const int result = ::fsetxattr(descriptor, attribute, list.data(), list.size(), 0);
    if (result == -1 && errno == EINVAL)
        return lastErrorAs(ErrorClass::Unsupported, Call::WriteAccessControl);
    return statusOf(Call::WriteAccessControl, result);
}

} // namespace atomicfile
