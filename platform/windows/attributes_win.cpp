// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "error_win.h"
#include "filesystem_win.h"
#include "native_win.h"

#include <cstddef>
#include <cstring>
#include <string_view>

namespace atomicfile {

using namespace windows;

namespace {

/// Half a surrogate pair, which a name may hold, becomes a mark: the names are compared and told.
std::string utf8(std::wstring_view text)
{
    const int length = static_cast<int>(text.size());
    const int size = ::WideCharToMultiByte(CP_UTF8, 0, text.data(), length, nullptr, 0, nullptr,
                                           nullptr);
    std::string bytes(static_cast<std::size_t>(size), '\0');
    ::WideCharToMultiByte(CP_UTF8, 0, text.data(), length, bytes.data(), size, nullptr, nullptr);
    return bytes;
}

/// One entry behind the other, each with the distance to the next.
std::vector<std::string> namesIn(const std::vector<std::byte> &buffer)
{
    constexpr std::wstring_view content =
        L"::$DATA"; // The file itself is the stream without a name.
    std::vector<std::string> names;
    std::size_t offset = 0;
    for (;;) {
        FILE_STREAM_INFO entry = {};
        std::memcpy(&entry, buffer.data() + offset, offsetof(FILE_STREAM_INFO, StreamName));
        std::wstring name(entry.StreamNameLength / sizeof(wchar_t), L'\0');
        std::memcpy(name.data(), buffer.data() + offset + offsetof(FILE_STREAM_INFO, StreamName),
                    name.size() * sizeof(wchar_t));
        if (name != content)
            names.push_back(utf8(name));
        if (entry.NextEntryOffset == 0)
            return names;
        offset += entry.NextEntryOffset;
    }
}

} // namespace

/// The named streams, in which others keep what they know of a file: where it was downloaded, for
/// example. File systems without them do not know the question.
Result<std::vector<std::string>> WindowsFileSystem::listAttributes(FileHandle file)
{
    constexpr std::size_t usualSize = 1024;
    constexpr std::size_t largestSize = 1 << 24;
    std::vector<std::byte> buffer(usualSize);
    while (!::GetFileInformationByHandleEx(nativeOf(file), FileStreamInfo, buffer.data(),
                                           static_cast<DWORD>(buffer.size()))) {
        const ErrorCode code = ::GetLastError();
        if (code == ERROR_HANDLE_EOF) // No stream at all, not even one without a name.
            return std::vector<std::string>();
        if (isLack(code))
            return lastErrorAs(ErrorClass::Unsupported, Call::ListAttributes);
        if (code != ERROR_MORE_DATA || buffer.size() >= largestSize)
            return errorOf(code, Call::ListAttributes);
        buffer.resize(buffer.size() * 4);
    }
    return namesIn(buffer);
}

/// A stream is as large as any file, and is another file to open: where Windows replaces a file, it
/// brings them along, and where it does not, they are lost.
Result<AttributeValue> WindowsFileSystem::readAttribute(FileHandle, const std::string &)
{
    return SystemError{ErrorClass::Unsupported, Call::ReadAttribute, {}};
}

Status WindowsFileSystem::writeAttribute(FileHandle, const std::string &, const AttributeValue &)
{
    return SystemError{ErrorClass::Unsupported, Call::WriteAttribute, {}};
}

} // namespace atomicfile
