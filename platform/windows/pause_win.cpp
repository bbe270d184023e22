// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "filesystem_win.h"
#include "headers_win.h"

#include <algorithm>

namespace atomicfile {

/// A negative time is a mistake of the caller; the system would take it for a very long one. The
/// largest number stands for ever, so it stays out of reach.
Status WindowsFileSystem::pause(std::chrono::milliseconds duration)
{
    if (duration.count() < 0)
        return SystemError{ErrorClass::Unknown, Call::Pause, {}};
    constexpr std::chrono::milliseconds longest(INFINITE - 1);
    ::Sleep(static_cast<DWORD>(std::min(duration, longest).count()));
    return {};
}

} // namespace atomicfile
