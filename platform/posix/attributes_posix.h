// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "error_posix.h"

#include <algorithm>
#include <cerrno>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace atomicfile::posix {

/**
 * The names that a call writes into a buffer one behind the other, each with a NUL at its end, but for
 * those that are not wanted. Somebody may add one between two calls: the buffer grows until it does.
 */
template<typename List>
Result<std::vector<std::string>> namesFrom(List list,
                                           std::initializer_list<std::string_view> unwanted)
{
    constexpr std::size_t usualSize = 1024;
    constexpr std::size_t largestSize = 1 << 20; // Sixteen times what Linux has room for.
    std::string buffer(usualSize, '\0');
    ssize_t used = list(buffer.data(), buffer.size());
    while (used == -1 && errno == ERANGE && buffer.size() < largestSize) {
        buffer.resize(buffer.size() * 4);
        used = list(buffer.data(), buffer.size());
    }
    if (used == -1)
        return lastError(Call::ListAttributes);
    std::vector<std::string> names;
    std::string_view rest(buffer.data(), static_cast<std::size_t>(used));
    while (!rest.empty()) {
        const std::string_view name = rest.substr(0, rest.find('\0'));
        rest.remove_prefix(std::min(rest.size(), name.size() + 1));
        if (std::find(unwanted.begin(), unwanted.end(), name) == unwanted.end())
            names.emplace_back(name);
    }
    return names;
}

} // namespace atomicfile::posix
