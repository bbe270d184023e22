// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "descriptors_posix.h"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

namespace atomicfile::posix {

namespace {

/// The lowest number that is no standard stream's.
constexpr int firstOfOurs = 3;

} // namespace

int clearOfStandardStreams(int opened) noexcept
{
    if (opened == -1 || opened >= firstOfOurs)
        return opened;
    const int moved = duplicateOf(opened);
    const int code = errno;
    (void)::close(opened); // Nothing was written through it.
    errno = code;
    return moved;
}

int duplicateOf(int descriptor) noexcept
{
    const int duplicate = ::fcntl(descriptor, F_DUPFD_CLOEXEC, firstOfOurs);
    // A limit so low that it forbids all numbers from the first on: what EMFILE says of other limits.
    if (duplicate == -1 && errno == EINVAL)
        errno = EMFILE;
    return duplicate;
}

} // namespace atomicfile::posix
