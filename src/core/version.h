// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "platform/file_info.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace atomicfile {

/**
 * The identity of a file's state on disk: which file it is, how long, and when it was last written.
 *
 * Every atomic replacement makes a new file and so a new version, unless the file's number is used
 * again for one of the same length within a tick of the clock; a program that writes into the file
 * changes length or time. The volume is left out because its number does not survive a remount, the
 * change time because a backup's hard link or a chmod moves it although the content is the same.
 * A default-constructed version says that there is no such file.
 */
struct Version
{
    bool exists = false;
    std::array<std::uint64_t, 2> file = {0, 0};
    std::int64_t size = 0;
    Nanoseconds modified = 0;

    bool operator==(const Version &) const = default;

    static Version of(const FileInfo &info);
    /// One word of ASCII letters, digits and '-', for storing and for command lines.
    std::string toString() const;
    static std::optional<Version> fromString(std::string_view text);
};

} // namespace atomicfile
