// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "monitor.h"

namespace atomicfile {

Monitor::~Monitor() = default;
NullMonitor::~NullMonitor() = default;

} // namespace atomicfile
