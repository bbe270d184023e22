// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "error_win.h"
#include "filesystem_win.h"
#include "native_win.h"

namespace atomicfile {

using namespace windows;

/**
 * An allocation below the size of the file would cut it, so what is there already is looked at
 * first; nobody else extends a staged file meanwhile. What goes beyond the end of the file is given
 * back when the handle is closed.
 */
Status WindowsFileSystem::reserve(FileHandle file, std::int64_t size)
{
    FILE_STANDARD_INFO standard = {};
    if (!::GetFileInformationByHandleEx(nativeOf(file), FileStandardInfo, &standard,
                                        sizeof standard))
        return lastError(Call::Reserve);
    if (size <= standard.EndOfFile.QuadPart || size <= standard.AllocationSize.QuadPart)
        return {};
    FILE_ALLOCATION_INFO allocation = {};
    allocation.AllocationSize.QuadPart = size;
    return statusOf(Call::Reserve,
                    ::SetFileInformationByHandle(nativeOf(file), FileAllocationInfo, &allocation,
                                                 sizeof allocation));
}

/// No call asks for this. The system begins on its own within a second.
Status WindowsFileSystem::startWriteback(FileHandle, std::int64_t, std::int64_t) { return {}; }

/// ReFS shares storage, in whole clusters of open files. It is not made use of yet.
Status WindowsFileSystem::cloneContent(FileHandle, FileHandle)
{
    return SystemError{ErrorClass::Unsupported, Call::CloneContent, {}};
}

Result<FileHandle> WindowsFileSystem::cloneFile(FileHandle, DirectoryHandle, const Path &, ModeBits)
{
    return SystemError{ErrorClass::Unsupported, Call::CloneFile, {}};
}

/// The calls that copy take names, and make or replace the file at the destination.
Result<std::size_t> WindowsFileSystem::copyRange(FileHandle, FileHandle, std::int64_t, std::size_t)
{
    return SystemError{ErrorClass::Unsupported, Call::CopyRange, {}};
}

} // namespace atomicfile
