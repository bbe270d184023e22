// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <filesystem>
#include <string>
#include <type_traits>
#include <utility>

namespace atomicfile {

/**
 * A path, or a name in a directory, as the system spells it.
 *
 * A std::filesystem::path also keeps each of its components, which are allocated anew with every copy: a
 * quarter of what this library itself did in one save. This is the text alone. What it is asked for means the
 * same as there, but that two paths are equal only if they are spelled alike.
 */
class Path
{
public:
    using string_type = std::filesystem::path::string_type;
    using value_type = string_type::value_type;

    Path() = default;
    Path(string_type text) noexcept : m_text(std::move(text)) { }
    Path(const value_type *text) : m_text(text) { }
    Path(const std::filesystem::path &path) : m_text(path.native()) { }
    /// Also from another encoding, as std::filesystem does it.
    template<typename Source>
    requires(
        !std::convertible_to<
            Source,
            string_type> && !std::is_convertible_v<Source, const value_type *> && !std::is_base_of_v<Path, Source> && std::is_constructible_v<std::filesystem::path, Source>)
        Path(const Source &source)
        : Path(std::filesystem::path(source))
    {
    }

    const string_type &native() const noexcept { return m_text; }
    const value_type *c_str() const noexcept { return m_text.c_str(); }
    bool empty() const noexcept { return m_text.empty(); }
    std::filesystem::path standard() const { return m_text; }
    std::string string() const { return standard().string(); }

    /// What is behind the last separator, which may be nothing.
    Path filename() const;
    /// What is before it. That of a root is the root, that of a name alone is empty.
    Path parent_path() const;
    bool is_absolute() const;
    /// path seen from directory: with a separator between them, or path alone if it begins at a root.
    friend Path operator/(const Path &directory, const Path &path);

    Path &operator+=(const Path &text)
    {
        m_text += text.m_text;
        return *this;
    }

    friend bool operator==(const Path &, const Path &) = default;
    friend auto operator<=>(const Path &, const Path &) = default;

private:
    string_type m_text;
};

} // namespace atomicfile
