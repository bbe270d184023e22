// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "calls.h"

namespace atomicfile {

/**
 * What went wrong, in the words of the public API (AtomicFileResult::Error has the same names).
 *
 * A back-end classifies a native code once, in one function, on the line after the call that failed.
 */
enum class ErrorClass {
    InvalidPath,
    NotFound,
    PermissionDenied,
    ReadOnlyFileSystem,
    AlreadyExists,
    IsDirectory,
    NotRegularFile,
    NoSpace,
    FileTooLarge,
    TooManyLinks,
    NameTooLong,
    Busy,
    Conflict,
    Cancelled,
    Unsupported,
    ResourceExhausted,
    DeviceError,
    Unknown,
    NotSameDevice, ///< EXDEV: never leaves src/core, it starts a copy.
    HalfReplaced,  ///< FileSystem::replace stopped half-way: never leaves src/core, which mends it.
    Interrupted,   ///< EINTR: never leaves src/core, which retries every call but close.
};

/// Whose numbering a native error code belongs to.
enum class NativeScope { None, Errno, Win32 };

/// A native error code together with its numbering; {None, 0} where no system call failed.
struct NativeCode
{
    NativeScope scope = NativeScope::None;
    int code = 0;
};

/// A failed call: what it means, which call it was, and what the system said.
struct SystemError
{
    ErrorClass kind = ErrorClass::Unknown;
    Call call = Call::OpenDirectory;
    NativeCode native;
    bool mayPass = false; ///< somebody is in the way at the moment: the same call may succeed soon
};

} // namespace atomicfile
