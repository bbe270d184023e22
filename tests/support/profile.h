// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

namespace atomicfile::test {

/// Whose answers a model gives, and whose errors a call may give.
enum class Profile { Linux, Darwin, Windows };

} // namespace atomicfile::test
