// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "retry.h"
#include "staged_file.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace atomicfile {

namespace {

constexpr std::string_view prefix = ".af-";
/// Lower case only: where a file system folds case, no bit is lost.
constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz234567";
constexpr std::size_t randomLetters = 20;

} // namespace

Result<Path> stagedName(FileSystem &system)
{
    std::array<std::byte, randomLetters> random;
    const auto filled = retryInterrupted([&] { return system.random(random); });
    if (!filled)
        return filled.error();
    std::string name(prefix);
    for (const std::byte byte : random)
        name += alphabet[std::to_integer<std::size_t>(byte) % alphabet.size()];
    return Path(name);
}

bool isStagedName(const Path &name)
{
    const auto &text = name.native();
    if (text.size() != prefix.size() + randomLetters
        || !std::equal(prefix.begin(), prefix.end(), text.begin()))
        return false;
    return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(prefix.size()), text.end(),
                       [](Path::value_type letter) {
                           return (letter >= 'a' && letter <= 'z')
                               || (letter >= '2' && letter <= '7');
                       });
}

Path stagedPrefix() { return Path(prefix); }

Path stagedKey(const Path &name) { return Path(name.native().substr(prefix.size())); }

} // namespace atomicfile
