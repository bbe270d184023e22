// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "path_win.h"

#include "error_win.h"
#include "headers_win.h"

namespace atomicfile::windows {

namespace {

constexpr std::wstring_view verbatimMark = LR"(\\?\)";

/// The path from the current directory or as it is, without "." and "..", in backslashes.
Result<std::wstring> absolute(const Path &path, Call call)
{
    std::wstring buffer(MAX_PATH, L'\0');
    for (;;) {
        const DWORD length = ::GetFullPathNameW(path.c_str(), static_cast<DWORD>(buffer.size()),
                                                buffer.data(), nullptr);
        if (length == 0)
            return lastError(call);
        // Too small a buffer is told by the size that would do; the current directory may be
        // another by the next attempt.
        const bool fits = length < buffer.size();
        buffer.resize(length);
        if (fits)
            return buffer;
    }
}

} // namespace

Result<std::wstring> verbatim(const Path &path, Call call)
{
    std::wstring text = path.native();
    if (!text.starts_with(verbatimMark)) {
        auto resolved = absolute(path, call);
        if (!resolved)
            return resolved.error();
        text = std::move(resolved).value();
        // What a device is called in the namespace of Win32, which a reserved name turns into.
        if (text.starts_with(LR"(\\.\)") || text.starts_with(verbatimMark))
            return SystemError{ErrorClass::InvalidPath, call, {}};
        text = text.starts_with(LR"(\\)") ? LR"(\\?\UNC\)" + text.substr(2)
                                          : std::wstring(verbatimMark) + text;
    }
    // A volume without a root is the device and not its topmost directory. std::filesystem makes
    // parents like this one, because it takes the drive behind the mark for a directory.
    if (text.back() == L':' || text.back() == L'}')
        text += L'\\';
    return text;
}

} // namespace atomicfile::windows

namespace atomicfile {

// Drives, shares and two separators: std::filesystem knows them all.

Path Path::filename() const { return standard().filename(); }

Path Path::parent_path() const { return standard().parent_path(); }

Path Path::root_name() const { return standard().root_name(); }
bool Path::is_absolute() const { return standard().is_absolute(); }

Path operator/(const Path &directory, const Path &path)
{
    return directory.standard() / path.standard();
}

} // namespace atomicfile
