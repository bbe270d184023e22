// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "platform/error.h"

namespace atomicfile::test {

inline SystemError errnoError(Call call, ErrorClass kind, int code)
{
    return {kind, call, {NativeScope::Errno, code}};
}

} // namespace atomicfile::test
