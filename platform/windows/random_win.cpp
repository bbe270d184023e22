// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "filesystem_win.h"
#include "native_win.h"

#include <bcrypt.h>

namespace atomicfile {

/// The generator of the system needs no handle. It answers with a status of the kernel, whose
/// numbers are not those of GetLastError, so none is passed on; there is no failure to be expected
/// anyway.
Status WindowsFileSystem::random(std::span<std::byte> buffer)
{
    while (!buffer.empty()) {
        const std::span<std::byte> part = buffer.first(windows::transferSize(buffer.size()));
        const NTSTATUS status = ::BCryptGenRandom(nullptr, reinterpret_cast<PUCHAR>(part.data()),
                                                  static_cast<ULONG>(part.size()),
                                                  BCRYPT_USE_SYSTEM_PREFERRED_RNG);
        if (status < 0)
            return SystemError{ErrorClass::Unknown, Call::Random, {}};
        buffer = buffer.subspan(part.size());
    }
    return {};
}

} // namespace atomicfile
