// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "path_win.h"

#include <algorithm>

namespace atomicfile::windows {

namespace {

constexpr std::wstring_view verbatimMark = LR"(\\?\)";

bool isLetter(wchar_t c) noexcept { return (c >= L'A' && c <= L'Z') || (c >= L'a' && c <= L'z'); }

bool isSeparator(wchar_t c) noexcept { return c == L'\\' || c == L'/'; }

/// Only for words of ASCII letters: no other letter is spelled in two ways in them.
bool equalIgnoringCase(std::wstring_view text, std::wstring_view capitals) noexcept
{
    return std::equal(
        text.begin(), text.end(), capitals.begin(), capitals.end(),
        [](wchar_t a, wchar_t b) { return a == b || (isLetter(a) && (a & ~0x20) == b); });
}

/// The digits of the serial and parallel ports. The system takes the superscript ones of Latin-1
/// for digits, too.
bool isPortNumber(wchar_t c) noexcept
{
    return (c >= L'1' && c <= L'9') || c == L'\u00b9' || c == L'\u00b2' || c == L'\u00b3';
}

/// Names of devices in every directory, also with an extension or with spaces before it. Windows 11
/// has become milder with some of them, but a file of such a name is lost on the next machine.
bool isDevice(std::wstring_view component) noexcept
{
    std::wstring_view stem = component.substr(0, component.find_first_of(L".:"));
    stem = stem.substr(0, stem.find_last_not_of(L' ') + 1);
    for (const std::wstring_view name : {L"CON", L"PRN", L"AUX", L"NUL", L"CONIN$", L"CONOUT$"}) {
        if (equalIgnoringCase(stem, name))
            return true;
    }
    return stem.size() == 4 && isPortNumber(stem[3])
        && (equalIgnoringCase(stem.substr(0, 3), L"COM")
            || equalIgnoringCase(stem.substr(0, 3), L"LPT"));
}

enum class Spelling { Ordinary, Verbatim };

/// What is wrong with one component, if anything is. The system drops a dot or a space at the end,
/// so that the name would mean another file.
std::optional<ErrorClass> judgeComponent(std::wstring_view component, Spelling spelling,
                                         bool isLast)
{
    const bool isDots = component == L"." || component == L"..";
    if (isDots)
        return spelling == Spelling::Verbatim ? std::optional(ErrorClass::InvalidPath)
                                              : std::nullopt;
    if (std::any_of(component.begin(), component.end(), isForbidden))
        return ErrorClass::InvalidPath;
    if (spelling == Spelling::Ordinary
        && (isDevice(component) || component.back() == L'.' || component.back() == L' '))
        return ErrorClass::InvalidPath;
    // A named stream belongs to a file; it cannot be replaced on its own.
    if (component.find(L':') != component.npos)
        return isLast ? ErrorClass::Unsupported : ErrorClass::InvalidPath;
    return {};
}

std::optional<ErrorClass> judgeComponents(std::wstring_view path, Spelling spelling)
{
    const std::wstring_view separators = spelling == Spelling::Verbatim ? L"\\" : L"\\/";
    std::size_t begin = 0;
    while (begin < path.size()) {
        const std::size_t end = std::min(path.find_first_of(separators, begin), path.size());
        const std::wstring_view component = path.substr(begin, end - begin);
        if (!component.empty()) {
            if (const auto reason = judgeComponent(component, spelling, end == path.size()))
                return reason;
        }
        begin = end + 1;
    }
    return {};
}

/// A server and one of its shares come before everything else.
std::optional<ErrorClass> judgeShare(std::wstring_view path, Spelling spelling)
{
    const std::wstring_view separators = spelling == Spelling::Verbatim ? L"\\" : L"\\/";
    const std::size_t server = path.find_first_of(separators);
    if (server == 0 || server == path.npos || server + 1 == path.size()
        || isSeparator(path[server + 1]))
        return ErrorClass::InvalidPath;
    return judgeComponents(path, spelling);
}

bool beginsWithDrive(std::wstring_view path) noexcept
{
    return path.size() >= 2 && isLetter(path[0]) && path[1] == L':';
}

/// Names of other objects of the system, devices among them, look like this too.
std::optional<ErrorClass> judgeVerbatim(std::wstring_view path)
{
    if (beginsWithDrive(path) && path.size() >= 3 && path[2] == L'\\')
        return judgeComponents(path.substr(3), Spelling::Verbatim);
    if (path.size() >= 4 && path[3] == L'\\' && equalIgnoringCase(path.substr(0, 3), L"UNC"))
        return judgeShare(path.substr(4), Spelling::Verbatim);
    constexpr std::wstring_view volume = L"VOLUME{";
    const std::size_t end = path.find(LR"(}\)");
    if (end != path.npos && equalIgnoringCase(path.substr(0, volume.size()), volume))
        return judgeComponents(path.substr(end + 2), Spelling::Verbatim);
    return ErrorClass::InvalidPath;
}

} // namespace

bool isForbidden(wchar_t character) noexcept
{
    constexpr std::wstring_view forbidden = LR"(<>"|?*/)";
    return character < 32 || forbidden.find(character) != forbidden.npos;
}

/**
 * The rules are those of the Win32 layer, which would quietly make another path of many that break
 * them. A path that is marked verbatim goes past that layer, so less is forbidden there. A drive
 * without a root ("C:name") and a root without a drive ("\name") mean one file now and another
 * after somebody changed the current directory.
 */
std::optional<ErrorClass> judge(std::wstring_view path)
{
    if (path.starts_with(verbatimMark))
        return judgeVerbatim(path.substr(verbatimMark.size()));
    if (!path.empty() && isSeparator(path[0])) {
        if (path.size() < 3 || !isSeparator(path[1]) || path[2] == L'.' || path[2] == L'?')
            return ErrorClass::InvalidPath;
        return judgeShare(path.substr(2), Spelling::Ordinary);
    }
    if (beginsWithDrive(path)) {
        if (path.size() < 3 || !isSeparator(path[2]))
            return ErrorClass::InvalidPath;
        return judgeComponents(path.substr(3), Spelling::Ordinary);
    }
    return judgeComponents(path, Spelling::Ordinary);
}

} // namespace atomicfile::windows
