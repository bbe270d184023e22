// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "error_win.h"
#include "filesystem_win.h"
#include "native_win.h"
#include "obstacle_win.h"
#include "path_win.h"

#include <algorithm>

namespace atomicfile {

using namespace windows;

namespace {

/**
 * Takes the name away at once, also while others have the file open, as POSIX does; without this
 * the name stays in the way until the last of them closes. False if the system or the file system
 * is older than that.
 */
bool deleteNow(HANDLE file) noexcept
{
    FILE_DISPOSITION_INFO_EX disposition = {};
    disposition.Flags = FILE_DISPOSITION_FLAG_DELETE | FILE_DISPOSITION_FLAG_POSIX_SEMANTICS
        | FILE_DISPOSITION_FLAG_IGNORE_READONLY_ATTRIBUTE;
    return ::SetFileInformationByHandle(file, dispositionInfoEx, &disposition, sizeof disposition)
        != 0;
}

/// The older way, which refuses a read-only file. The attribute belongs to the file and not to the
/// name, so other names of the file get it back; once the name is being given up only a handle that
/// was opened before can do that.
bool deleteOnceClosed(HANDLE file, const std::wstring &path, DWORD attributes) noexcept
{
    NativeHandle restoring;
    if ((attributes & FILE_ATTRIBUTE_READONLY) != 0) {
        const DWORD others = attributes & ~DWORD{FILE_ATTRIBUTE_READONLY};
        if (!::SetFileAttributesW(path.c_str(), others == 0 ? FILE_ATTRIBUTE_NORMAL : others))
            return false;
        restoring = openItself(path, FILE_WRITE_ATTRIBUTES);
    }
    FILE_DISPOSITION_INFO disposition = {TRUE};
    const bool deleted = ::SetFileInformationByHandle(file, FileDispositionInfo, &disposition,
                                                      sizeof disposition)
        != 0;
    const ErrorCode code = ::GetLastError();
    if (restoring.isOpen()) {
        FILE_BASIC_INFO change = {}; // Zero in a time means that it stays.
        change.FileAttributes = attributes;
        // The deletion is what counts.
        (void)::SetFileInformationByHandle(restoring.get(), FileBasicInfo, &change, sizeof change);
    }
    ::SetLastError(code);
    return deleted;
}

} // namespace

/**
 * The attributes of a file can be read while others have it to themselves. ERROR_ACCESS_DENIED
 * comes from a file that has been deleted and is still open somewhere, see obstacleAt: its name is
 * not free yet, but soon.
 */
Result<FileInfo> WindowsFileSystem::stat(DirectoryHandle directory, const Path &name)
{
    const NativeHandle file = openItself(pathOf(directory, name), FILE_READ_ATTRIBUTES);
    if (!file.isOpen()) {
        SystemError error = lastError(Call::Stat);
        error.mayPass = error.mayPass || error.kind == ErrorClass::PermissionDenied;
        return error;
    }
    return infoOf(file.get(), Call::Stat);
}

/// Opening for writing is the one question that takes everything into account. Rights are looked at
/// before sharing, so a file that another program does not share may be written as far as they go.
Status WindowsFileSystem::checkWritable(DirectoryHandle directory, const Path &name)
{
    const NativeHandle file = openItself(pathOf(directory, name), FILE_WRITE_DATA);
    if (file.isOpen())
        return {};
    if (::GetLastError() == ERROR_SHARING_VIOLATION)
        return {};
    return lastError(Call::CheckWritable);
}

/// A search for a name without wildcards finds the entry, whatever spelling it is asked for.
Result<Path> WindowsFileSystem::storedName(DirectoryHandle directory, const Path &name)
{
    const std::wstring &text = name.native();
    if (std::any_of(text.begin(), text.end(), isForbidden))
        return SystemError{ErrorClass::InvalidPath, Call::StoredName, {}};
    WIN32_FIND_DATAW entry = {};
    const HANDLE search = ::FindFirstFileExW(pathOf(directory, name).c_str(), FindExInfoBasic,
                                             &entry, FindExSearchNameMatch, nullptr, 0);
    if (search == INVALID_HANDLE_VALUE)
        return lastError(Call::StoredName);
    (void)::FindClose(search); // It was only read from.
    return Path(entry.cFileName);
}

/// A link that the name is gets the second name, not what it leads to. FAT and exFAT have no hard
/// links.
Status WindowsFileSystem::link(DirectoryHandle fromDirectory, const Path &from,
                               DirectoryHandle toDirectory, const Path &to)
{
    return statusOf(Call::Link,
                    ::CreateHardLinkW(pathOf(toDirectory, to).c_str(),
                                      pathOf(fromDirectory, from).c_str(), nullptr));
}

/**
 * By a handle, because one call then does for files, links to files and links to directories, and
 * because what is looked at is what is deleted. Write-through makes NTFS write the change of the
 * directory out before the call returns.
 *
 * The read-only attribute does not keep a name, as write protection does not on POSIX: it is the
 * directory that decides.
 */
Status WindowsFileSystem::unlink(DirectoryHandle directory, const Path &name)
{
    const std::wstring path = pathOf(directory, name);
    const NativeHandle file = openItself(path, DELETE | FILE_READ_ATTRIBUTES | SYNCHRONIZE,
                                         FILE_FLAG_WRITE_THROUGH);
    if (!file.isOpen())
        return errorAt(::GetLastError(), Call::Unlink, path);
    const auto attributes = attributesOf(file.get(), Call::Unlink);
    if (!attributes)
        return attributes.error();
    if (kindOf(attributes.value()) == FileKind::Directory)
        return SystemError{ErrorClass::IsDirectory, Call::Unlink, {}};
    if (deleteNow(file.get()))
        return {};
    ErrorCode code = ::GetLastError();
    if (isLack(code)) {
        if (deleteOnceClosed(file.get(), path, attributes.value().FileAttributes))
            return {};
        code = ::GetLastError();
    }
    return errorAt(code, Call::Unlink, path);
}

} // namespace atomicfile
