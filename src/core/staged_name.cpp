// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "staged_name.h"

#include "retry.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace atomicfile {

namespace {

constexpr std::string_view prefix = ".af-";

} // namespace

Result<Path> stagedName(FileSystem &system)
{
    std::array<std::byte, stagedKeyLength> random;
    const auto filled = retryInterrupted([&] { return system.random(random); });
    if (!filled)
        return filled.error();
    std::string name(prefix);
    for (const std::byte byte : random)
        name += nameLetters[std::to_integer<std::size_t>(byte) % nameLetters.size()];
    return Path(name);
}

bool isStagedName(const Path &name)
{
    const auto &text = name.native();
    return text.size() == prefix.size() + stagedKeyLength
        && std::equal(prefix.begin(), prefix.end(), text.begin()) && isStagedKey(stagedKey(name));
}

Path stagedPrefix() { return Path(prefix); }

Path stagedKey(const Path &name) { return Path(name.native().substr(prefix.size())); }

bool isStagedKey(const Path &key)
{
    const auto &text = key.native();
    return text.size() == stagedKeyLength
        && std::all_of(text.begin(), text.end(), [](Path::value_type letter) {
               return (letter >= 'a' && letter <= 'z') || (letter >= '2' && letter <= '7');
           });
}

} // namespace atomicfile
