// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "outcome_text.h"

#include <array>

namespace atomicfile::test {

std::string_view nameOf(ErrorClass kind)
{
    static constexpr std::array<std::string_view, 21> names{
        "InvalidPath",   "NotFound",     "PermissionDenied", "ReadOnlyFileSystem",
        "AlreadyExists", "IsDirectory",  "NotRegularFile",   "NoSpace",
        "FileTooLarge",  "TooManyLinks", "NameTooLong",      "Busy",
        "Conflict",      "Cancelled",    "Unsupported",      "ResourceExhausted",
        "DeviceError",   "Unknown",      "NotSameDevice",    "HalfReplaced",
        "Interrupted"};
    static_assert(names.size() == static_cast<std::size_t>(ErrorClass::Interrupted) + 1);
    return names[static_cast<std::size_t>(kind)];
}

std::string_view nameOf(Step step)
{
    static constexpr std::array<std::string_view, 11> names{
        "None",        "Resolve", "Inspect", "Stage",         "Write",       "CarryMetadata",
        "SyncContent", "Backup",  "Publish", "SyncDirectory", "RemoveSource"};
    static_assert(names.size() == static_cast<std::size_t>(Step::RemoveSource) + 1);
    return names[static_cast<std::size_t>(step)];
}

std::string_view nameOf(TargetState state)
{
    static constexpr std::array<std::string_view, 4> names{"Unchanged", "Replaced",
                                                           "ReplacedNotDurable", "Displaced"};
    static_assert(names.size() == static_cast<std::size_t>(TargetState::Displaced) + 1);
    return names[static_cast<std::size_t>(state)];
}

std::string summary(const Failure &failure)
{
    return std::string(nameOf(failure.kind)) + " at " + std::string(nameOf(failure.step));
}

std::string summary(const Outcome &outcome)
{
    const std::string what = outcome.failure ? summary(*outcome.failure) : "ok";
    return what + ", " + std::string(nameOf(outcome.state));
}

std::span<const std::byte> bytesOf(std::string_view text)
{
    return std::as_bytes(std::span(text.data(), text.size()));
}

Result<Text, Failure> readText(FileSystem &system, const Path &path)
{
    NullMonitor monitor;
    Text text;
    const auto resize = [&](std::size_t size) {
        text.content.resize(size);
        return std::as_writable_bytes(std::span(text.content.data(), size));
    };
    const auto version = readFile(system, path, resize, monitor);
    if (!version)
        return version.error();
    text.version = version.value();
    return text;
}

} // namespace atomicfile::test
