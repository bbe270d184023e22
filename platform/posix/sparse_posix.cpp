// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "error_posix.h"
#include "filesystem_posix.h"
#include "native_posix.h"

#include <cerrno>

#include <unistd.h>

// SEEK_DATA and SEEK_HOLE move the descriptor's position, which nothing in this library uses: it
// reads and writes at explicit offsets only.

namespace atomicfile {

using namespace posix;

Result<std::optional<std::int64_t>> PosixFileSystem::findData(FileHandle file, std::int64_t offset)
{
    const off_t found = ::lseek(descriptorOf(file), offset, SEEK_DATA);
    if (found != -1)
        return std::optional<std::int64_t>(found);
    if (errno == ENXIO) // A hole up to the end, or an offset at or beyond the end.
        return std::optional<std::int64_t>();
    if (errno == EINVAL) // A kernel or file system without the request.
        return lastErrorAs(ErrorClass::Unsupported, Call::FindData);
    return lastError(Call::FindData);
}

Result<std::int64_t> PosixFileSystem::findHole(FileHandle file, std::int64_t offset)
{
    const off_t found = ::lseek(descriptorOf(file), offset, SEEK_HOLE);
    if (found != -1)
        return std::int64_t{found};
    // At or beyond the end, where no data follows: what the interface calls a hole begins right here.
    if (errno == ENXIO)
        return offset;
    if (errno == EINVAL)
        return lastErrorAs(ErrorClass::Unsupported, Call::FindHole);
    return lastError(Call::FindHole);
}

} // namespace atomicfile
