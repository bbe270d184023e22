// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "obstacle_win.h"

#include "headers_win.h"

namespace atomicfile::windows {

namespace {

/// Somebody has the file open and does not let others delete it.
bool isHeld(const std::wstring &path) noexcept
{
    const HANDLE file = ::CreateFileW(
        path.c_str(), DELETE, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
        OPEN_EXISTING, FILE_FLAG_OPEN_REPARSE_POINT, nullptr);
    if (file == INVALID_HANDLE_VALUE)
        return ::GetLastError() == ERROR_SHARING_VIOLATION;
    ::CloseHandle(file);
    return false;
}

} // namespace

/// Whoever may list a directory may read the attributes of what is in it. So where even that is
/// refused, the name belongs to a file that has been deleted and is still open somewhere.
Obstacle obstacleAt(const std::wstring &path) noexcept
{
    const DWORD attributes = ::GetFileAttributesW(path.c_str());
    if (attributes == INVALID_FILE_ATTRIBUTES) {
        const DWORD code = ::GetLastError();
        return code == ERROR_ACCESS_DENIED || code == ERROR_DELETE_PENDING ? Obstacle::BeingDeleted
                                                                           : Obstacle::Nothing;
    }
    if ((attributes & FILE_ATTRIBUTE_DIRECTORY) != 0)
        return Obstacle::Directory;
    return (attributes & FILE_ATTRIBUTE_READONLY) != 0 ? Obstacle::ReadOnlyFile
                                                       : Obstacle::OtherFile;
}

SystemError errorAt(ErrorCode code, Call call, const std::wstring &path) noexcept
{
    SystemError error = errorOf(code, call);
    if (code != ERROR_ACCESS_DENIED)
        return error;
    switch (obstacleAt(path)) {
    case Obstacle::Directory:
        error.kind = ErrorClass::IsDirectory;
        break;
    case Obstacle::ReadOnlyFile:
        break;
    case Obstacle::OtherFile:
        if (isHeld(path))
            error.kind = ErrorClass::Busy;
        error.mayPass = true;
        break;
    case Obstacle::Nothing:
    case Obstacle::BeingDeleted:
        error.mayPass = true;
        break;
    }
    return error;
}

} // namespace atomicfile::windows
