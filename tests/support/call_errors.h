// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "platform/calls.h"
#include "platform/error.h"
#include "profile.h"

#include <span>
#include <string_view>

namespace atomicfile::test {

/// An error as the back-end reports it.
struct CallError
{
    ErrorClass kind;
    int code;              ///< 0 where there is no system call that could have failed
    std::string_view name; ///< of the code
    NativeScope scope = NativeScope::Errno;
    bool mayPass = false;
};

/**
 * The errors that a call may give, as the back-end of the profile's system classifies them. Darwin's
 * are those of Linux. Never empty: for calls that cannot fail there, those that other systems give.
 *
 * EINTR is there for the closes only: every other call is made again, which has its own test. "Not
 * found" is not there for stat and unlink: it is an answer, no failure, and of a name that exists it
 * would be a lie. So would be HalfReplaced of names that all stand where they stood: see
 * MemoryFileSystem::stopReplacesHalfWay.
 */
std::span<const CallError> errorsOf(Call call, Profile profile = Profile::Linux);
/// For errorsOf, which asks it.
std::span<const CallError> windowsErrorsOf(Call call);

/// Calls that give names or take them away, and return nothing else: what they did can be seen although
/// they say that they failed.
bool changesNames(Call call);

} // namespace atomicfile::test
