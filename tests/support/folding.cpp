// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "folding.h"

#include <algorithm>
#include <array>

namespace atomicfile::test {

namespace {

constexpr std::string_view composed = "\xc3\xa9"; // é in UTF-8
constexpr std::array<std::string_view, 3> otherForms{"\xc3\x89", "e\xcc\x81", "E\xcc\x81"};

} // namespace

std::string folded(std::string_view name, Folding folding)
{
    std::string text;
    while (!name.empty()) {
        const auto form = std::find_if(otherForms.begin(), otherForms.end(),
                                       [name](auto other) { return name.starts_with(other); });
        if (folding == Folding::CaseAndForm && form != otherForms.end()) {
            text += composed;
            name.remove_prefix(form->size());
            continue;
        }
        const char letter = name.front();
        const bool isCapital = letter >= 'A' && letter <= 'Z' && folding != Folding::None;
        text += isCapital ? static_cast<char>(letter - 'A' + 'a') : letter;
        name.remove_prefix(1);
    }
    return text;
}

} // namespace atomicfile::test
