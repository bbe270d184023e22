// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

/// What a durable save costs at the least: the system calls of AtomicFile's sequence and nothing
/// else. Ends the program if one of them fails.
void bareSave(const std::string &directory, const std::string &name, std::string_view bytes);
