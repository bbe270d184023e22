// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "arguments.h"
#include "exit_status.h"
#include "output.h"

/// Does what the command line asks for.
ExitStatus run(const Arguments &arguments, Output &output);
