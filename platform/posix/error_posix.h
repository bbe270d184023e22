// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "platform/error.h"
#include "platform/result.h"

namespace atomicfile::posix {

/**
 * What an errno value means where the call that gave it attaches no meaning of its own. The one
 * place that knows; special meanings (EINVAL, EPERM of link, ENXIO of lseek ...) stand beside their
 * calls.
 */
ErrorClass classify(int code) noexcept;

/// The error of the system call that failed on the line before: reads errno.
SystemError lastError(Call call) noexcept;

/// As lastError, for a code that means something else after this call than after others.
SystemError lastErrorAs(ErrorClass kind, Call call) noexcept;

/// Takes the result of a system call that returns -1 and sets errno on failure.
Status statusOf(Call call, int result) noexcept;

} // namespace atomicfile::posix
