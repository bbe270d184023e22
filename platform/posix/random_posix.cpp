// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "error_posix.h"
#include "filesystem_posix.h"

#include <algorithm>

#include <sys/random.h> // getentropy on macOS
#include <unistd.h>     // and on Linux

namespace atomicfile {

/// getentropy has the kernel's generator behind it on both systems, needs no descriptor, waits only
/// until that is seeded, and gives all or nothing, but at most 256 bytes in one go.
Status PosixFileSystem::random(std::span<std::byte> buffer)
{
    constexpr std::size_t most = 256;
    while (!buffer.empty()) {
        const std::span<std::byte> part = buffer.first(std::min(buffer.size(), most));
        if (::getentropy(part.data(), part.size()) == -1)
            return posix::lastError(Call::Random);
        buffer = buffer.subspan(part.size());
    }
    return {};
}

} // namespace atomicfile
