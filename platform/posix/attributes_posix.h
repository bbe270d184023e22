// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "error_posix.h"
#include "platform/filesystem.h"

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

/// What else than no room keeps a file system from storing an attribute: a name that it does not take,
/// or a value or a name that is longer than it stores.
inline Status attributeWritten(int result) noexcept
{
    if (result == -1 && (errno == E2BIG || errno == ERANGE || errno == ENAMETOOLONG))
        return lastErrorAs(ErrorClass::NoSpace, Call::WriteAttribute);
    if (result == -1 && errno == EINVAL)
        return lastErrorAs(ErrorClass::Unsupported, Call::WriteAttribute);
    return statusOf(Call::WriteAttribute, result);
}

/**
 * The value that a call writes into a buffer, and whose size it tells where it is given none. missing is
 * the code for an attribute that is not there. Somebody may write a longer value between two calls.
 */
template<typename Read>
Result<AttributeValue> valueFrom(Read read, int missing)
{
    constexpr std::size_t usualSize = 4096;
    // Memory has to hold it. Linux stores 64 KiB at most, macOS resource forks of 16 MiB.
    constexpr std::size_t largestSize = std::size_t(1) << 26;
    constexpr int mostAttempts = 10;
    AttributeValue value(usualSize);
    ssize_t used = read(value.data(), value.size());
    for (int attempt = 0; used == -1 && errno == ERANGE && attempt < mostAttempts; ++attempt) {
        const ssize_t size = read(nullptr, 0);
        if (size == -1)
            break;
        if (static_cast<std::size_t>(size) > largestSize)
            return SystemError{ErrorClass::Unsupported, Call::ReadAttribute, {}};
        value.resize(static_cast<std::size_t>(size));
        used = read(value.data(), value.size());
    }
    if (used == -1 && errno == missing)
        return lastErrorAs(ErrorClass::NotFound, Call::ReadAttribute);
    if (used == -1)
        return lastError(Call::ReadAttribute);
    value.resize(static_cast<std::size_t>(used));
    return value;
}

} // namespace atomicfile::posix
