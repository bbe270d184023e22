// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "version.h"

#include <charconv>

namespace atomicfile {

namespace {

constexpr std::string_view absentText = "none";
constexpr std::string_view presentPrefix = "v1-";

void appendHex(std::string &text, std::uint64_t number)
{
    std::array<char, 16> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
    text.append(digits.data(), end);
}

enum class Field { Inner, Last };

/// Takes one hexadecimal number and the separator behind it off the front of text.
std::optional<std::uint64_t> takeHex(std::string_view &text, Field field = Field::Inner)
{
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, 16);
    if (error != std::errc{} || end == text.data())
        return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (field == Field::Last)
        return text.empty() ? std::optional(number) : std::nullopt;
    if (text.empty() || text.front() != '-')
        return std::nullopt;
    text.remove_prefix(1);
    return number;
}

} // namespace

Version Version::of(const FileInfo &info)
{
    return Version{true, info.identity.file, info.size, info.modified};
}

std::string Version::toString() const
{
    if (!exists)
        return std::string(absentText);
    std::string text(presentPrefix);
    appendHex(text, file[1]);
    text += '-';
    appendHex(text, file[0]);
    text += '-';
    appendHex(text, static_cast<std::uint64_t>(size));
    text += '-';
    appendHex(text, static_cast<std::uint64_t>(modified));
    return text;
}

std::optional<Version> Version::fromString(std::string_view text)
{
    if (text == absentText)
        return Version{};
    if (text.substr(0, presentPrefix.size()) != presentPrefix)
        return std::nullopt;
    text.remove_prefix(presentPrefix.size());
    const auto high = takeHex(text);
    const auto low = high ? takeHex(text) : std::nullopt;
    const auto length = low ? takeHex(text) : std::nullopt;
    const auto time = length ? takeHex(text, Field::Last) : std::nullopt;
    if (!time)
        return std::nullopt;
    return Version{
        true, {*low, *high}, static_cast<std::int64_t>(*length), static_cast<Nanoseconds>(*time)};
}

} // namespace atomicfile
