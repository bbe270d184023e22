// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace atomicfile::test {

/**
 * Which spellings are one name.
 *
 * A system has a table of all letters for this. Here it is the letters of ASCII, and for
 * CaseAndForm one letter beyond them: é, in either case, as one character or as an e with an accent
 * that follows. Tests use no other.
 */
enum class Folding {
    None,
    Case,        ///< NTFS
    CaseAndForm, ///< APFS as it is delivered
};

/// One text for all spellings of a name.
std::string folded(std::string_view name, Folding folding);

} // namespace atomicfile::test
