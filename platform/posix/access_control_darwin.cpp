// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "error_posix.h"
#include "filesystem_posix.h"
#include "native_posix.h"

#include <cerrno>
#include <memory>
#include <type_traits>

#include <fcntl.h>
#include <sys/acl.h>
#include <sys/stat.h>

namespace atomicfile {

using namespace posix;

namespace {

struct AclFree
{
    void operator()(void *list) const noexcept { (void)::acl_free(list); }
};

using Acl = std::unique_ptr<std::remove_pointer_t<acl_t>, AclFree>;

struct FileSecurityFree
{
    void operator()(filesec_t security) const noexcept { ::filesec_free(security); }
};

using FileSecurity = std::unique_ptr<std::remove_pointer_t<filesec_t>, FileSecurityFree>;

/// acl_set_fd_np would store a list without entries, which is not the same as none.
Status removeAccessControl(int descriptor)
{
    const FileSecurity security(::filesec_init());
    if (!security)
        return lastError(Call::WriteAccessControl);
    if (::filesec_set_property(security.get(), FILESEC_ACL, _FILESEC_REMOVE_ACL) == -1)
        return lastError(Call::WriteAccessControl);
    const int result = ::fchmodx_np(descriptor, security.get());
    if (result == -1 && errno == ENOENT) // There was none.
        return {};
    return statusOf(Call::WriteAccessControl, result);
}

} // namespace

/// In the external form of acl_copy_ext, which does not depend on this process.
Result<AccessControl> PosixFileSystem::readAccessControl(FileHandle file)
{
    const Acl list(::acl_get_fd_np(descriptorOf(file), ACL_TYPE_EXTENDED));
    if (!list && errno == ENOENT) // The file has none.
        return AccessControl();
    if (!list)
        return lastError(Call::ReadAccessControl);
    const ssize_t size = ::acl_size(list.get());
    if (size == -1)
        return lastError(Call::ReadAccessControl);
    AccessControl bytes(static_cast<std::size_t>(size));
    const ssize_t used = ::acl_copy_ext(bytes.data(), list.get(), size);
    if (used == -1)
        return lastError(Call::ReadAccessControl);
    bytes.resize(static_cast<std::size_t>(used));
    return bytes;
}

Status PosixFileSystem::writeAccessControl(FileHandle file, const AccessControl &list)
{
    if (list.empty())
        return removeAccessControl(descriptorOf(file));
    const Acl native(::acl_copy_int(list.data()));
    if (!native)
        return lastError(Call::WriteAccessControl);
    return statusOf(Call::WriteAccessControl,
                    ::acl_set_fd_np(descriptorOf(file), native.get(), ACL_TYPE_EXTENDED));
}

} // namespace atomicfile
