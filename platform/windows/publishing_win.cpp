// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "error_win.h"
#include "filesystem_win.h"
#include "native_win.h"
#include "obstacle_win.h"

#include <cstddef>
#include <memory>
#include <new>

namespace atomicfile {

using namespace windows;

namespace {

/// The structure ends in the name, for which it declares room for one character.
bool renameReplacing(HANDLE file, const std::wstring &to)
{
    const std::size_t nameBytes = to.size() * sizeof(wchar_t);
    const std::size_t size = sizeof(FILE_RENAME_INFO) + nameBytes;
    const std::unique_ptr<std::byte[]> buffer(new std::byte[size]());
    auto *information = new (buffer.get()) FILE_RENAME_INFO{};
    information->Flags = FILE_RENAME_FLAG_REPLACE_IF_EXISTS | FILE_RENAME_FLAG_POSIX_SEMANTICS;
    information->FileNameLength = static_cast<DWORD>(nameBytes);
    to.copy(information->FileName, to.size());
    return ::SetFileInformationByHandle(file, renameInfoEx, information, static_cast<DWORD>(size))
        != 0;
}

} // namespace

/**
 * With the semantics of POSIX the old file gives up its name at once, also while others have it
 * open, provided that they share its deletion. Windows before version 1607, FAT and most servers do
 * not know that; MoveFileExW replaces there as well, and fails while anybody has the old file open.
 * Both are one change of the file system. Write-through makes NTFS write it out before the call
 * returns.
 *
 * MOVEFILE_COPY_ALLOWED would copy between volumes, in no one step at all. Where both names are
 * links to one file, one of them is left, or both: file systems differ.
 */
Status WindowsFileSystem::rename(DirectoryHandle fromDirectory, const Path &from,
                                 DirectoryHandle toDirectory, const Path &to)
{
    const std::wstring source = pathOf(fromDirectory, from);
    const std::wstring destination = pathOf(toDirectory, to);
    {
        const NativeHandle file = openItself(source, DELETE | SYNCHRONIZE, FILE_FLAG_WRITE_THROUGH);
        if (!file.isOpen())
            return errorAt(::GetLastError(), Call::Rename, destination);
        if (renameReplacing(file.get(), destination))
            return {};
        const ErrorCode code = ::GetLastError();
        if (!isLack(code))
            return errorAt(code, Call::Rename, destination);
    }
    if (::MoveFileExW(source.c_str(), destination.c_str(),
                      MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH))
        return {};
    return errorAt(::GetLastError(), Call::Rename, destination);
}

Status WindowsFileSystem::renameNoReplace(DirectoryHandle fromDirectory, const Path &from,
                                          DirectoryHandle toDirectory, const Path &to)
{
    const std::wstring destination = pathOf(toDirectory, to);
    if (::MoveFileExW(pathOf(fromDirectory, from).c_str(), destination.c_str(),
                      MOVEFILE_WRITE_THROUGH))
        return {};
    return errorAt(::GetLastError(), Call::RenameNoReplace, destination);
}

Status WindowsFileSystem::exchange(DirectoryHandle, const Path &, const Path &)
{
    return SystemError{ErrorClass::Unsupported, Call::Exchange, {}};
}

/**
 * ReplaceFileW gives the new file the old one's access control list, streams, creation time, short
 * name and attributes, then renames the old file to the backup's name and the new one to the
 * target's. With a backup's name a failure at either end leaves both names alone; in between is
 * ERROR_UNABLE_TO_MOVE_REPLACEMENT_2, which is HalfReplaced. Without one the target might be lost.
 *
 * It opens the staged file without sharing anything: a handle with which content can be read or
 * written, ours included, is in its way. REPLACEFILE_WRITE_THROUGH is documented as not supported,
 * so the names are durable only once the new file has been flushed again. No flag says to ignore
 * what could not be carried over: the caller is told, and decides. A file at the backup's name
 * would be lost without a word, hence the look; no other program knows that name.
 */
Status WindowsFileSystem::replace(DirectoryHandle directory, const Path &staged, const Path &target,
                                  const Path &backup)
{
    const std::wstring replaced = pathOf(directory, target);
    const std::wstring kept = pathOf(directory, backup);
    if (obstacleAt(kept) != Obstacle::Nothing)
        return SystemError{ErrorClass::AlreadyExists, Call::Replace, {}};
    if (::ReplaceFileW(replaced.c_str(), pathOf(directory, staged).c_str(), kept.c_str(), 0,
                       nullptr, nullptr))
        return {};
    return errorAt(::GetLastError(), Call::Replace, replaced);
}

} // namespace atomicfile
