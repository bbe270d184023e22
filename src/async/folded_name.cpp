// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "folded_name.h"

#include <QtCore/QString>

#include <algorithm>
#include <string>

namespace atomicfile {

namespace {

/// One of the two for each system's kind of path; bytes that are not UTF-8 need no exact spelling here.
[[maybe_unused]] QString textOf(const std::string &name) { return QString::fromStdString(name); }
[[maybe_unused]] QString textOf(const std::wstring &name) { return QString::fromStdWString(name); }

constexpr char32_t afterAscii = 0x80;

/// What folding leaves of plain letters, as nearly all names are.
char16_t foldedAscii(Path::value_type letter)
{
    const bool isCapital = letter >= 'A' && letter <= 'Z';
    return static_cast<char16_t>(isCapital ? letter - 'A' + 'a' : letter);
}

} // namespace

std::u16string foldedName(const Path &name)
{
    const auto &native = name.native();
    const auto isAscii = [](Path::value_type letter) {
        return static_cast<char32_t>(letter)
            < afterAscii; // Whether it has a sign is the system's affair.
    };
    if (std::all_of(native.begin(), native.end(), isAscii)) {
        std::u16string folded(native.size(), 0);
        std::transform(native.begin(), native.end(), folded.begin(), foldedAscii);
        return folded;
    }
    const QString text = textOf(native);
    // Upper case first, because QString folds one character to one: "ß" is "ss" to ext4 and APFS.
    return text.normalized(QString::NormalizationForm_D)
        .toUpper()
        .toCaseFolded()
        .normalized(QString::NormalizationForm_C)
        .toStdU16String();
}

} // namespace atomicfile
