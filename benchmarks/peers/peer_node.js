// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Saves files by write-file-atomic; see ../README.md for what it reads and prints.
'use strict';
const writeFileAtomic = require(process.argv[2]);

const lines = require('readline').createInterface({ input: process.stdin });
lines.on('line', line => {
    const [directory, count, size] = line.split('\t');
    const bytes = Buffer.alloc(Number(size), 'x');
    const start = process.hrtime.bigint();
    for (let i = 0; i < Number(count); ++i)
        writeFileAtomic.sync(`${directory}/${i}`, bytes);
    console.log(String(process.hrtime.bigint() - start));
});
