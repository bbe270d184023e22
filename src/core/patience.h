// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "retry.h"

#include "platform/filesystem.h"

#include <algorithm>
#include <chrono>

namespace atomicfile {

/**
 * Waits, in growing pauses, for whoever is in the way: a virus scanner that has just opened the file, a
 * program that is about to close it. The pauses themselves are what the time is measured with.
 *
 * One for each operation: all its waiting together lasts no longer than the time that it was given.
 */
class Patience
{
public:
    explicit Patience(std::chrono::milliseconds time) : m_left(time) { }

    /// Lets the thread rest for one pause; false, and at once, if there is no time left.
    bool rest(FileSystem &system)
    {
        if (m_left.count() <= 0)
            return false;
        const auto pause = std::min(m_next, m_left);
        (void)system.pause(pause); // Nothing depends on how long it really was.
        m_left -= pause;
        m_next = std::min(m_next * 2, longestPause);
        return true;
    }

    /// Makes a call until it succeeds or fails for good, or there is no time left; gives the last answer.
    template<typename F>
    auto untilFree(FileSystem &system, F call)
    {
        for (;;) {
            auto result = retryInterrupted(call);
            if (result.ok() || !result.error().mayPass || !rest(system))
                return result;
        }
    }

private:
    static constexpr std::chrono::milliseconds firstPause{5};
    static constexpr std::chrono::milliseconds longestPause{200};

    std::chrono::milliseconds m_left;
    std::chrono::milliseconds m_next = firstPause;
};

} // namespace atomicfile
