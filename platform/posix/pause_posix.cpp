// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "error_posix.h"
#include "filesystem_posix.h"

#include <cerrno>

#include <time.h>

namespace atomicfile {

/// A signal ends the pause early, which callers must be ready for anyway.
Status PosixFileSystem::pause(std::chrono::milliseconds duration)
{
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(duration);
    const std::chrono::nanoseconds rest = duration - seconds;
    timespec time = {};
    time.tv_sec = static_cast<decltype(time.tv_sec)>(seconds.count());
    time.tv_nsec = static_cast<decltype(time.tv_nsec)>(rest.count());
    const int result = ::nanosleep(&time, nullptr);
    if (result == -1 && errno == EINTR)
        return {};
    return posix::statusOf(Call::Pause, result);
}

} // namespace atomicfile
