// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "error_posix.h"
#include "filesystem_posix.h"
#include "native_posix.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>

namespace atomicfile {

using namespace posix;

/// F_PREALLOCATE counts from the end of what is allocated already, so the difference is asked for.
Status PosixFileSystem::reserve(FileHandle file, std::int64_t size)
{
    struct stat status = {};
    if (::fstat(descriptorOf(file), &status) == -1)
        return lastError(Call::Reserve);
    const std::int64_t missing = size - std::int64_t{status.st_blocks} * 512;
    if (missing <= 0)
        return {};
    fstore_t request = {};
    request.fst_flags = F_ALLOCATEALL;
    request.fst_posmode = F_PEOFPOSMODE;
    request.fst_length = missing;
    const int result = ::fcntl(descriptorOf(file), F_PREALLOCATE, &request);
    if (result == -1 && errno == EINVAL)
        return lastErrorAs(ErrorClass::Unsupported, Call::Reserve);
    return result == -1 ? Status(lastError(Call::Reserve)) : Status();
}

/// macOS clones to a name that must not exist yet (fclonefileat), never into an open file.
Status PosixFileSystem::cloneContent(FileHandle, FileHandle)
{
    return SystemError{ErrorClass::Unsupported, Call::CloneContent, {}};
}

Result<std::size_t> PosixFileSystem::copyRange(FileHandle, FileHandle, std::int64_t, std::size_t)
{
    return SystemError{ErrorClass::Unsupported, Call::CopyRange, {}};
}

} // namespace atomicfile
