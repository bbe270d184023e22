// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "binary_streams.h"

#include <cstdio>

#include <fcntl.h>
#include <io.h>

void makeStreamsBinary()
{
    // They fail for a stream that is closed, which then passes nothing.
    (void)_setmode(_fileno(stdin), _O_BINARY);
    (void)_setmode(_fileno(stdout), _O_BINARY);
}
