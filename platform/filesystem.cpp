// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "filesystem.h"

namespace atomicfile {

FileSystem::~FileSystem() = default;

std::uint32_t FileSystem::effectiveUser() const { return 0; }

std::optional<Path> FileSystem::stateDirectory() const { return std::nullopt; }

/// What macOS gives a program that does not ask for more.
std::size_t FileSystem::mostOpenFiles() const { return 256; }

std::chrono::nanoseconds FileSystem::steadyTime() const
{
    return std::chrono::steady_clock::now().time_since_epoch();
}

AttributeKind FileSystem::attributeKind(const std::string &) const { return AttributeKind::OfFile; }

} // namespace atomicfile
