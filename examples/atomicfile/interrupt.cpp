// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "interrupt.h"

#include <csignal>

namespace {

// A handler may do next to nothing; whoever waits for something looks here every few milliseconds.
// Standard C++ has no way to be woken by a signal, and this program calls no system directly.
volatile std::sig_atomic_t interrupted = 0;

extern "C" void rememberInterrupt(int) { interrupted = 1; }

} // namespace

void catchInterrupts()
{
    std::signal(SIGINT, rememberInterrupt);
    std::signal(SIGTERM, rememberInterrupt);
}

bool isInterrupted() { return interrupted != 0; }
