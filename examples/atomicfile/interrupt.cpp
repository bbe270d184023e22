// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "interrupt.h"

#include <csignal>

namespace {

// A handler may do next to nothing; whoever waits for something looks here every few milliseconds.
// Standard C++ has no way to be woken by a signal, and this program calls no system directly.
volatile std::sig_atomic_t interrupted = 0;

extern "C" void rememberInterrupt(int) { interrupted = 1; }

/// A shell lets what it starts in the background ignore SIGINT, so that Ctrl-C is for the program in
/// front. Standard C++ learns of it only by setting something.
void catchUnlessIgnored(int signal)
{
    if (std::signal(signal, SIG_IGN) != SIG_IGN)
        std::signal(signal, rememberInterrupt);
}

} // namespace

void catchInterrupts()
{
    catchUnlessIgnored(SIGINT);
    catchUnlessIgnored(SIGTERM);
#ifdef SIGBREAK // Ctrl-Break, and the console's window that is being closed.
    catchUnlessIgnored(SIGBREAK);
#endif
}

bool isInterrupted() { return interrupted != 0; }
