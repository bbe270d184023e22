// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

/// Lets SIGINT (Ctrl-C) and SIGTERM ask the program to stop instead of ending it. What the program
/// was started to ignore stays ignored.
void catchInterrupts();

/// True once one of them has come.
bool isInterrupted();
