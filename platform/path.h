// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <type_traits>
#include <utility>

namespace atomicfile {

/**
 * A path, or a name in a directory, as the system spells it.
 *
 * A std::filesystem::path also keeps each of its components, which are allocated anew with every copy, and one
 * save makes many (docs/performance.md). This is the text alone. What it is asked for means the same as there,
 * but that two paths are equal only if they are spelled alike.
 */
class Path
{
public:
    using string_type = std::filesystem::path::string_type;
    using value_type = string_type::value_type;

    /// Text that is not in the system's encoding, which std::filesystem knows how to bring into it.
    template<typename Text>
    static constexpr bool isForeign =
        !std::is_convertible_v<
            const Text &,
            string_type> && std::is_constructible_v<std::filesystem::path, const Text &>;

    // Implicit, as those of std::filesystem::path are: names are often literals.
    // NOLINTBEGIN(google-explicit-constructor)
    Path() = default;
    Path(string_type text) noexcept : m_text(std::move(text)) { }
    Path(const value_type *text) : m_text(text) { }
    Path(const std::filesystem::path &path) : m_text(path.native()) { }
    template<typename Text>
    requires isForeign<Text> Path(const Text &text) : Path(std::filesystem::path(text)) { }
    // NOLINTEND(google-explicit-constructor)

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
    /// The drive or the share, where there are such.
    Path root_name() const;
    /// path seen from directory: with a separator between them, or path alone if it is absolute.
    friend Path operator/(const Path &directory, const Path &path);

    Path &operator+=(const Path &text)
    {
        m_text += text.m_text;
        return *this;
    }

    friend bool operator==(const Path &, const Path &) = default;
    friend bool operator<(const Path &one, const Path &other) { return one.m_text < other.m_text; }

private:
    string_type m_text;
};

} // namespace atomicfile
