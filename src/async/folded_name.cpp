// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "folded_name.h"

#include <string>

namespace atomicfile {

namespace {

/// One of the two for each system's kind of path; bytes that are not UTF-8 need no exact spelling here.
[[maybe_unused]] QString textOf(const std::string &name) { return QString::fromStdString(name); }
[[maybe_unused]] QString textOf(const std::wstring &name) { return QString::fromStdWString(name); }

} // namespace

QString foldedName(const Path &name)
{
    const QString text = textOf(name.native());
    // Upper case first, because QString folds one character to one: "ß" is "ss" to ext4 and APFS.
    return text.normalized(QString::NormalizationForm_D)
        .toUpper()
        .toCaseFolded()
        .normalized(QString::NormalizationForm_C);
}

std::u16string foldedText(const Path &name) { return foldedName(name).toStdU16String(); }

} // namespace atomicfile
