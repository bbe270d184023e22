# SPDX-FileCopyrightText: 2026 The AtomicFile authors
# SPDX-License-Identifier: MIT
#
# Saves files by atomicwrites; see ../README.md for what it reads and prints.
import sys
import time

from atomicwrites import atomic_write

for line in sys.stdin:
    directory, count, size = line.rstrip('\n').split('\t')
    content = b'x' * int(size)
    start = time.monotonic_ns()
    for i in range(int(count)):
        with atomic_write(f'{directory}/{i}', mode='wb', overwrite=True) as file:
            file.write(content)
    print(time.monotonic_ns() - start, flush=True)
