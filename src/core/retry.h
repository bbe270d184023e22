// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "platform/error.h"

namespace atomicfile {

/// Makes a call again for as long as a signal interrupts it. Never for the two closes: Linux has
/// closed the descriptor by then, and its number may already belong to somebody else.
template<typename F>
auto retryInterrupted(F call)
{
    for (;;) {
        auto result = call();
        if (result.ok() || result.error().kind != ErrorClass::Interrupted)
            return result;
    }
}

} // namespace atomicfile
