// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

/// What makes a file's content, and the names in a directory, durable here; -1 and errno on failure.
int syncContent(int file);
int syncNames(int directory);
