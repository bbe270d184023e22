// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "binary_streams.h"

void makeStreamsBinary() { }
