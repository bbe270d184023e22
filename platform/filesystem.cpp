// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "filesystem.h"

namespace atomicfile {

FileSystem::~FileSystem() = default;

std::uint32_t FileSystem::effectiveUser() const { return 0; }

std::optional<Path> FileSystem::stateDirectory() const { return std::nullopt; }

AttributeKind FileSystem::attributeKind(const std::string &) const { return AttributeKind::OfFile; }

} // namespace atomicfile
