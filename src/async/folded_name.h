// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "platform/filesystem.h"

#include <QtCore/QString>

#include <string>

namespace atomicfile {

/// Equal for all names that some file system takes for spellings of one: in letter case and in Unicode
/// normal form.
QString foldedName(const Path &name);
/// The same for writeFiles().
std::u16string foldedText(const Path &name);

} // namespace atomicfile
