// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "error_posix.h"
#include "filesystem_posix.h"
#include "native_posix.h"

#include <cerrno>
#include <cstdlib>

#include <linux/fs.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace atomicfile {

using namespace posix;

/// One spelling each, but for directories that fold case (ext4, f2fs and FAT): those do not tell.
Result<Path> PosixFileSystem::storedName(DirectoryHandle, const Path &name) { return name; }

/// By number, because not every C library has the wrapper.
Status PosixFileSystem::renameNoReplace(DirectoryHandle fromDirectory, const Path &from,
                                        DirectoryHandle toDirectory, const Path &to)
{
    const long result = ::syscall(SYS_renameat2, descriptorOf(fromDirectory), from.c_str(),
                                  descriptorOf(toDirectory), to.c_str(), RENAME_NOREPLACE);
    if (result != -1)
        return {};
    if (errno == EINVAL) // The file system does not know the flag (NFS, many FUSE ones).
        return lastErrorAs(ErrorClass::Unsupported, Call::RenameNoReplace);
    return lastError(Call::RenameNoReplace);
}

Status PosixFileSystem::exchange(DirectoryHandle directory, const Path &one, const Path &other)
{
    const int descriptor = descriptorOf(directory);
    const long result = ::syscall(SYS_renameat2, descriptor, one.c_str(), descriptor, other.c_str(),
                                  RENAME_EXCHANGE);
    if (result != -1)
        return {};
    if (errno == EINVAL)
        return lastErrorAs(ErrorClass::Unsupported, Call::Exchange);
    return lastError(Call::Exchange);
}

/// As the XDG Base Directory Specification has it: relative paths are to be ignored. A set-id program is
/// not told by whoever started it.
std::optional<Path> PosixFileSystem::stateDirectory() const
{
    const char *const state = ::secure_getenv("XDG_STATE_HOME"); // NOLINT(concurrency-mt-unsafe)
    if (state && *state == '/')
        return Path(state) / "atomicfile";
    const char *const home = ::secure_getenv("HOME"); // NOLINT(concurrency-mt-unsafe)
    if (home && *home == '/')
        return Path(home) / ".local/state/atomicfile";
    return std::nullopt;
}

} // namespace atomicfile
