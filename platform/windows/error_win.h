// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "platform/error.h"
#include "platform/result.h"

namespace atomicfile::windows {

/// A code of Windows as GetLastError gives it; the system's name for the type is DWORD.
using ErrorCode = unsigned long;

struct Meaning
{
    ErrorClass kind;
    bool mayPass;
};

/// What a code means where the call that gave it attaches no meaning of its own. The one place that
/// knows; special meanings stand beside their calls.
Meaning classify(ErrorCode code) noexcept;

SystemError errorOf(ErrorCode code, Call call) noexcept;

/// The error of the system call that failed on the line before: reads GetLastError.
SystemError lastError(Call call) noexcept;

/// As lastError, for a code that means something else after this call than after others.
SystemError lastErrorAs(ErrorClass kind, Call call) noexcept;

/// Takes the result of a system call that returns 0 and sets the last error on failure.
Status statusOf(Call call, int result) noexcept;

/// True for the ways in which file systems say that they do not know a request.
bool isLack(ErrorCode code) noexcept;

} // namespace atomicfile::windows
