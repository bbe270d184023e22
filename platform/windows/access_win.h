// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "headers_win.h"
#include "platform/filesystem.h"

#include <memory>

namespace atomicfile::windows {

struct LocalMemoryFree
{
    void operator()(void *memory) const noexcept { (void)::LocalFree(memory); }
};

using SecurityDescriptor = std::unique_ptr<void, LocalMemoryFree>;

/// What a new file of this mode is to be protected by; nothing if its directory decides, as it does
/// where the mode gives anything to others than the owner.
Result<SecurityDescriptor> descriptorFor(ModeBits mode);

} // namespace atomicfile::windows
