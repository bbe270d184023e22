// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include <windows.h>

#include <winioctl.h>

// The system's header makes a macro of every function with an A and a W form, and these would
// rename enumerators of Call. Nothing here needs the macros: the code says CreateFileW where it means
// it.
#undef CreateDirectory
#undef CreateFile
