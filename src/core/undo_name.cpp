// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "undo_name.h"

#include "staged_name.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace atomicfile {

namespace {

constexpr std::string_view prefix = ".af-undo-";

void addLetters(std::string &name, std::uint64_t number)
{
    name += '-';
    do {
        name += nameLetters[number % nameLetters.size()];
        number /= nameLetters.size();
    } while (number != 0);
}

} // namespace

Path undoPrefix() { return Path(prefix); }

Path undoName(const FileIdentity &file, Nanoseconds born)
{
    std::string name(prefix.substr(0, prefix.size() - 1));
    for (const std::uint64_t number :
         {file.file[0], file.file[1], static_cast<std::uint64_t>(born)})
        addLetters(name, number);
    return Path(name);
}

} // namespace atomicfile
