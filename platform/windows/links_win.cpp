// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "error_win.h"
#include "filesystem_win.h"
#include "native_win.h"

#include <array>
#include <cstddef>
#include <cstring>
#include <string_view>

namespace atomicfile {

using namespace windows;

namespace {

/// What FSCTL_GET_REPARSE_POINT gives begins like this, for a link. The structure is documented,
/// but only the headers for drivers declare it. Offsets and lengths are in bytes.
struct LinkHeader
{
    DWORD tag;
    WORD dataLength;
    WORD reserved;
    WORD destinationOffset;
    WORD destinationLength;
    WORD printOffset;
    WORD printLength;
};
static_assert(sizeof(LinkHeader) == 16);

/// Where the texts begin: a symbolic link has flags in between, a junction has none.
std::size_t textOffset(DWORD tag) noexcept
{
    return sizeof(LinkHeader) + (tag == IO_REPARSE_TAG_SYMLINK ? sizeof(DWORD) : 0);
}

/// Absolute destinations are stored in the namespace of the kernel.
std::wstring withoutKernelMark(std::wstring text)
{
    constexpr std::wstring_view kernelMark = LR"(\??\)";
    if (text.starts_with(kernelMark))
        text.replace(0, kernelMark.size(), LR"(\\?\)");
    return text;
}

/// A link knows whether it leads to a directory, and the wrong kind cannot be followed. A
/// destination that does not exist yet counts as a file.
bool isDirectory(DirectoryHandle directory, const Path &destination)
{
    const Path from = Path(directoryOf(directory).path) / destination;
    const DWORD attributes = ::GetFileAttributesW(from.standard().lexically_normal().c_str());
    return attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
}

} // namespace

/// What the system follows, not the second text for people to read that is stored beside it.
Result<Path> WindowsFileSystem::readLink(DirectoryHandle directory, const Path &name)
{
    const NativeHandle file = openItself(pathOf(directory, name), FILE_READ_ATTRIBUTES);
    if (!file.isOpen())
        return lastError(Call::ReadLink);
    const auto attributes = attributesOf(file.get(), Call::ReadLink);
    if (!attributes)
        return attributes.error();
    if (kindOf(attributes.value()) != FileKind::Symlink)
        return SystemError{ErrorClass::InvalidPath, Call::ReadLink, {}};

    std::array<std::byte, MAXIMUM_REPARSE_DATA_BUFFER_SIZE> buffer = {};
    DWORD length = 0;
    if (!::DeviceIoControl(file.get(), FSCTL_GET_REPARSE_POINT, nullptr, 0, buffer.data(),
                           static_cast<DWORD>(buffer.size()), &length, nullptr))
        return lastError(Call::ReadLink);
    LinkHeader header = {};
    std::memcpy(&header, buffer.data(), sizeof header);
    const std::size_t begin = textOffset(header.tag) + header.destinationOffset;
    if (begin + header.destinationLength > length)
        return SystemError{ErrorClass::DeviceError, Call::ReadLink, {}};
    std::wstring text(header.destinationLength / sizeof(wchar_t), L'\0');
    std::memcpy(text.data(), buffer.data() + begin, text.size() * sizeof(wchar_t));
    return Path(withoutKernelMark(std::move(text)));
}

/**
 * Slashes in a stored destination would not be followed. The flag lets everybody create links where
 * the system is in developer mode; elsewhere it takes a right that only administrators have, and
 * systems that are too old for the flag refuse it.
 */
Status WindowsFileSystem::createSymlink(DirectoryHandle directory, const Path &name,
                                        const Path &destination)
{
    const Path text = destination.standard().make_preferred();
    const std::wstring path = pathOf(directory, name);
    const DWORD kind = isDirectory(directory, text) ? SYMBOLIC_LINK_FLAG_DIRECTORY : 0;
    if (::CreateSymbolicLinkW(path.c_str(), text.c_str(),
                              kind | SYMBOLIC_LINK_FLAG_ALLOW_UNPRIVILEGED_CREATE))
        return {};
    if (::GetLastError() == ERROR_INVALID_PARAMETER
        && ::CreateSymbolicLinkW(path.c_str(), text.c_str(), kind))
        return {};
    return lastError(Call::CreateSymlink);
}

} // namespace atomicfile
