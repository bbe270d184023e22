// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "error_posix.h"
#include "filesystem_posix.h"
#include "native_posix.h"

#include <cerrno>

#include <stdio.h>

namespace atomicfile {

using namespace posix;

Status PosixFileSystem::renameNoReplace(DirectoryHandle fromDirectory, const Path &from,
                                        DirectoryHandle toDirectory, const Path &to)
{
    const int result = ::renameatx_np(descriptorOf(fromDirectory), from.c_str(),
                                      descriptorOf(toDirectory), to.c_str(), RENAME_EXCL);
    if (result == -1 && errno == EINVAL)
        return lastErrorAs(ErrorClass::Unsupported, Call::RenameNoReplace);
    return statusOf(Call::RenameNoReplace, result);
}

} // namespace atomicfile
