// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "platform/error.h"

namespace atomicfile::test {

/// Code 0 stands for an answer that a back-end gives without a system call.
inline SystemError errnoError(Call call, ErrorClass kind, int code)
{
    return {kind, call, {code == 0 ? NativeScope::None : NativeScope::Errno, code}};
}

} // namespace atomicfile::test
