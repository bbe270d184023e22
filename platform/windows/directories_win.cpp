// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "error_win.h"
#include "filesystem_win.h"
#include "native_win.h"
#include "path_win.h"

#include <algorithm>
#include <memory>
#include <string_view>

namespace atomicfile {

using namespace windows;

namespace {

struct SearchClose
{
    // A search was only read from: its closing has nothing to tell.
    void operator()(HANDLE search) const noexcept { (void)::FindClose(search); }
};

using Search = std::unique_ptr<void, SearchClose>;

/**
 * The path of an open directory, free of links, mapped drives and other spellings, so that nothing
 * on the way to it can be given another meaning. Some drivers of memory disks cannot tell it; then
 * the path by which the directory was opened has to do.
 */
std::wstring finalPath(HANDLE directory, std::wstring opened)
{
    std::wstring buffer(MAX_PATH, L'\0');
    for (;;) {
        const DWORD length = ::GetFinalPathNameByHandleW(directory, buffer.data(),
                                                         static_cast<DWORD>(buffer.size()),
                                                         FILE_NAME_NORMALIZED | VOLUME_NAME_DOS);
        if (length == 0)
            return opened;
        const bool fits = length < buffer.size();
        buffer.resize(length);
        if (fits)
            return buffer;
    }
}

/// The system folds case by its own table, which is not that of any language.
bool startsWith(std::wstring_view name, std::wstring_view prefix) noexcept
{
    if (name.size() < prefix.size())
        return false;
    if (prefix.empty())
        return true;
    const int length = static_cast<int>(prefix.size());
    return ::CompareStringOrdinal(name.data(), length, prefix.data(), length, TRUE) == CSTR_EQUAL;
}

} // namespace

/**
 * Without FILE_SHARE_DELETE nobody can rename or delete the directory while it is open; the class's
 * comment says why that matters. The right to traverse counts as reading here, as far as sharing is
 * concerned, so that this holds for SearchOnly, too. It needs the flag for backups, for without it
 * only files can be opened.
 */
Result<DirectoryHandle> WindowsFileSystem::openDirectory(const Path &path, DirectoryAccess access)
{
    auto absolute = verbatim(path, Call::OpenDirectory);
    if (!absolute)
        return absolute.error();
    auto opened = std::make_unique<OpenDirectory>();
    const DWORD readOrSearch = access == DirectoryAccess::Read ? FILE_LIST_DIRECTORY
                                                               : FILE_TRAVERSE;
    opened->handle = NativeHandle(
        ::CreateFileW(absolute.value().c_str(), readOrSearch | FILE_READ_ATTRIBUTES | SYNCHRONIZE,
                      FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, OPEN_EXISTING,
                      FILE_FLAG_BACKUP_SEMANTICS, nullptr));
    if (!opened->handle.isOpen())
        return lastError(Call::OpenDirectory);
    const auto attributes = attributesOf(opened->handle.get(), Call::OpenDirectory);
    if (!attributes)
        return attributes.error();
    if ((attributes.value().FileAttributes & FILE_ATTRIBUTE_DIRECTORY) == 0)
        return SystemError{ErrorClass::NotFound, Call::OpenDirectory, {}};
    opened->access = access;
    opened->path = finalPath(opened->handle.get(), std::move(absolute).value());
    if (opened->path.back() != L'\\')
        opened->path += L'\\';
    return DirectoryHandle{reinterpret_cast<std::intptr_t>(opened.release())};
}

Status WindowsFileSystem::closeDirectory(DirectoryHandle directory)
{
    const std::unique_ptr<OpenDirectory> opened(&directoryOf(directory));
    return statusOf(Call::CloseDirectory, ::CloseHandle(opened->handle.release()));
}

/// FlushFileBuffers takes a directory on some systems, but nothing says what it does with it.
Status WindowsFileSystem::syncDirectory(DirectoryHandle)
{
    return SystemError{ErrorClass::Unsupported, Call::SyncDirectory, {}};
}

Status WindowsFileSystem::createDirectory(DirectoryHandle directory, const Path &name, ModeBits)
{
    return statusOf(Call::CreateDirectory,
                    ::CreateDirectoryW(pathOf(directory, name).c_str(), nullptr));
}

/// Where programs keep what belongs to this user and this machine.
std::optional<Path> WindowsFileSystem::stateDirectory() const
{
    std::wstring buffer(MAX_PATH, L'\0');
    for (;;) {
        const DWORD length = ::GetEnvironmentVariableW(L"LOCALAPPDATA", buffer.data(),
                                                       static_cast<DWORD>(buffer.size()));
        if (length == 0)
            return std::nullopt;
        const bool fits = length < buffer.size();
        buffer.resize(length);
        if (fits)
            return Path(buffer) / L"AtomicFile";
    }
}

/**
 * The pattern spares reading a large directory over a network. It matches short names as well,
 * hence the second look. A prefix that holds a wildcard or another character that is in no name
 * would be a pattern of its own; nothing begins with it.
 */
Result<std::vector<Path>> WindowsFileSystem::readDirectory(DirectoryHandle directory,
                                                           const Path &prefix)
{
    const OpenDirectory &opened = directoryOf(directory);
    if (opened.access == DirectoryAccess::SearchOnly)
        return SystemError{ErrorClass::PermissionDenied, Call::ReadDirectory, {}};
    const std::wstring &begin = prefix.native();
    std::vector<Path> names;
    if (std::any_of(begin.begin(), begin.end(), isForbidden))
        return names;

    WIN32_FIND_DATAW entry = {};
    const std::wstring pattern = opened.path + begin + L'*';
    const HANDLE first = ::FindFirstFileExW(pattern.c_str(), FindExInfoBasic, &entry,
                                            FindExSearchNameMatch, nullptr,
                                            FIND_FIRST_EX_LARGE_FETCH);
    if (first == INVALID_HANDLE_VALUE) {
        const DWORD code = ::GetLastError();
        // Nothing matches, or what did has gone before it could be looked at.
        if (code == ERROR_FILE_NOT_FOUND || code == ERROR_NO_MORE_FILES)
            return names;
        return errorOf(code, Call::ReadDirectory);
    }
    const Search search(first);
    do {
        const std::wstring_view name(entry.cFileName);
        if (startsWith(name, begin) && name != L"." && name != L"..")
            names.emplace_back(name);
    } while (::FindNextFileW(search.get(), &entry));
    if (::GetLastError() != ERROR_NO_MORE_FILES)
        return lastError(Call::ReadDirectory);
    return names;
}

Result<FileInfo> WindowsFileSystem::statDirectory(DirectoryHandle directory)
{
    return infoOf(directoryOf(directory).handle.get(), Call::StatDirectory);
}

} // namespace atomicfile
