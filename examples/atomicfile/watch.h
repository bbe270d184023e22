// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "arguments.h"
#include "exit_status.h"
#include "output.h"

/// Prints what other programs do to a file, until an interrupt comes or as often as was asked for.
ExitStatus watch(const Arguments &arguments, Output &output);
