// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

/// Lets bytes pass standard input and output as they are. Windows would read a line's end of two bytes
/// as one, take a byte of 26 for the end of the input, and write the end of a line as two bytes.
void makeStreamsBinary();
