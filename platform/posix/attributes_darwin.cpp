// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "attributes_posix.h"
#include "error_posix.h"
#include "filesystem_posix.h"
#include "native_posix.h"

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

} // namespace atomicfile
