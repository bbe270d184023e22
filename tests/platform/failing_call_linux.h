// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <vector>

namespace atomicfile::test {

/// Which system calls the kernel is to refuse, and how.
struct Refusal
{
    std::vector<long> numbers; ///< SYS_*; several where C libraries differ in what they use
    int code = 0;              ///< errno of the refusal; 0 makes the call return 0
    struct Argument
    {
        unsigned index;
        unsigned value;
    };
    /// Refuses only calls with this argument.
    std::optional<Argument> onlyWith;
};

/**
 * Runs a function on a thread of its own for which the kernel answers the system calls as it is told,
 * by a seccomp filter, so that it is the real back-end that is tested, down to the C library.
 *
 * Returns false where this machine does not allow filters; the function has not run then.
 */
bool runRefusing(const Refusal &refusal, const std::function<void()> &function);

} // namespace atomicfile::test
