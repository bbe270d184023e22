// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "undo_name.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace atomicfile {

namespace {

constexpr std::string_view prefix = ".af-undo-";

/// Lower case only: where a file system folds case, no bit is lost.
void addLetters(std::string &name, std::uint64_t number)
{
    constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    do {
        name += alphabet[number % alphabet.size()];
        number /= alphabet.size();
    } while (number != 0);
}

/// The volume's number is not in it: it may be another one after the next start of the system.
std::string nameOf(const FileIdentity &file)
{
    std::string name(prefix);
    addLetters(name, file.file[0]);
    if (file.file[1] != 0) {
        name += '-';
        addLetters(name, file.file[1]);
    }
    return name;
}

} // namespace

Path undoPrefix() { return Path(prefix); }

Path undoNameBeside(const FileIdentity &file) { return Path(nameOf(file)); }

/// Volumes give the same numbers: there the path tells them apart. FNV-1a.
Path undoNameInState(const FileIdentity &file, const Path &path)
{
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const Path::value_type letter : path.native()) {
        hash ^= static_cast<std::uint64_t>(letter);
        hash *= 0x100000001b3;
    }
    std::string name = nameOf(file) + "--";
    addLetters(name, hash);
    return Path(name);
}

bool isUndoName(const Path &name)
{
    const auto &text = name.native();
    return text.size() > prefix.size() && std::equal(prefix.begin(), prefix.end(), text.begin());
}

} // namespace atomicfile
