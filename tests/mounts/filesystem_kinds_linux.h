// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "mount_linux.h"

#include <span>

/// The file systems of docs/guarantees.md, in its order.
std::span<const FileSystemKind> fileSystemKinds();
