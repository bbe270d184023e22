// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "platform/calls.h"
#include "platform/error.h"

#include <span>
#include <string_view>

namespace atomicfile::test {

/// An error as the back-end reports it.
struct CallError
{
    ErrorClass kind;
    int code;              ///< 0 where there is no system call that could have failed
    std::string_view name; ///< of the code
};

/// The errors that a call may give on Linux, as platform/posix classifies them; never empty, so for
/// calls that cannot fail there those that other systems give. EINTR is
/// there for the closes only: every other call is made again, which has its own test. ENOENT is not
/// there for stat and unlink: it is an answer, no failure, and of a name that exists it would be a lie.
std::span<const CallError> errorsOf(Call call);

} // namespace atomicfile::test
