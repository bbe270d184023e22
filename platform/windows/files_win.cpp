// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "access_win.h"
#include "error_win.h"
#include "filesystem_win.h"
#include "native_win.h"
#include "obstacle_win.h"

#include <memory>

namespace atomicfile {

using namespace windows;

namespace {

DWORD rightsFor(FileAccess access) noexcept
{
    switch (access) {
    case FileAccess::Attributes:
        return FILE_READ_ATTRIBUTES | SYNCHRONIZE;
    case FileAccess::Read:
        return GENERIC_READ;
    case FileAccess::ReadWrite:
        break;
    }
    return GENERIC_READ | GENERIC_WRITE;
}

FileHandle handleOf(NativeHandle handle)
{
    auto file = std::make_unique<OpenFile>();
    file->handle = std::move(handle);
    return FileHandle{reinterpret_cast<std::intptr_t>(file.release())};
}

OVERLAPPED positionOf(std::int64_t offset) noexcept
{
    const auto bits = static_cast<std::uint64_t>(offset);
    OVERLAPPED position = {};
    position.Offset = static_cast<DWORD>(bits);
    position.OffsetHigh = static_cast<DWORD>(bits >> 32);
    return position;
}

/**
 * The content of a file whose file system keeps it somewhere else, for which `itself` is a handle
 * of the stand-in. Opening by name follows links, and the name may have been given to one just now;
 * only a handle of the same file will do.
 */
Result<NativeHandle> openContent(const std::wstring &path, DWORD rights, const NativeHandle &itself)
{
    NativeHandle content(
        ::CreateFileW(path.c_str(), rights, shareAll, nullptr, OPEN_EXISTING, 0, nullptr));
    if (!content.isOpen())
        return lastError(Call::OpenFile);
    const auto expected = infoOf(itself.get(), Call::OpenFile);
    if (!expected)
        return expected.error();
    const auto opened = infoOf(content.get(), Call::OpenFile);
    if (!opened)
        return opened.error();
    if (opened.value().identity != expected.value().identity)
        return SystemError{ErrorClass::NotRegularFile, Call::OpenFile, {}};
    return content;
}

} // namespace

/**
 * Nothing is shared, so that nobody meets the file half written, a scanner included; whoever only
 * reads attributes still can. Between closing and publishing the access control list has to do that
 * work. The read-only attribute is not set even if the mode says so: a read-only file could not be
 * opened once more to be published. See setMode.
 *
 * Of a name that is taken by a directory some systems say ERROR_ACCESS_DENIED. The same code comes
 * of a name that is just being given up, and of a directory in which nothing may be created.
 */
Result<FileHandle> WindowsFileSystem::createFile(DirectoryHandle directory, const Path &name,
                                                 ModeBits mode)
{
    const auto descriptor = descriptorFor(mode);
    if (!descriptor)
        return descriptor.error();
    SECURITY_ATTRIBUTES attributes = {sizeof attributes, descriptor.value().get(), FALSE};
    const std::wstring path = pathOf(directory, name);
    NativeHandle handle(::CreateFileW(path.c_str(), rightsFor(FileAccess::ReadWrite), 0,
                                      &attributes, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, nullptr));
    if (handle.isOpen())
        return handleOf(std::move(handle));
    SystemError error = lastError(Call::CreateFile);
    if (error.native.code != ERROR_ACCESS_DENIED)
        return error;
    switch (obstacleAt(path)) {
    case Obstacle::Nothing:
        break;
    case Obstacle::BeingDeleted:
        error.mayPass = true;
        break;
    case Obstacle::Directory:
    case Obstacle::ReadOnlyFile:
    case Obstacle::OtherFile:
        error.kind = ErrorClass::AlreadyExists;
        break;
    }
    return error;
}

/// A handle of something else than a file is closed again and not given away; the kind is known by
/// then. Where a permission is missing although the attributes cannot be read either, the file is
/// about to disappear: see obstacleAt.
Result<FileHandle> WindowsFileSystem::openFile(DirectoryHandle directory, const Path &name,
                                               FileAccess access)
{
    const std::wstring path = pathOf(directory, name);
    const DWORD rights = rightsFor(access);
    NativeHandle handle = openItself(path, rights);
    if (!handle.isOpen()) {
        SystemError error = lastError(Call::OpenFile);
        if (error.native.code == ERROR_ACCESS_DENIED)
            error.mayPass = obstacleAt(path) == Obstacle::BeingDeleted;
        return error;
    }
    const auto attributes = attributesOf(handle.get(), Call::OpenFile);
    if (!attributes)
        return attributes.error();
    const FileKind kind = kindOf(attributes.value());
    if (kind == FileKind::Directory)
        return SystemError{ErrorClass::IsDirectory, Call::OpenFile, {}};
    if (kind != FileKind::Regular)
        return SystemError{ErrorClass::NotRegularFile, Call::OpenFile, {}};
    const bool isStandIn = (attributes.value().FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0;
    if (isStandIn && access != FileAccess::Attributes) {
        auto content = openContent(path, rights, handle);
        if (!content)
            return content.error();
        handle = std::move(content).value();
    }
    return handleOf(std::move(handle));
}

/// First the file, then its lock: who gets the lock next must not find the file still in use.
Status WindowsFileSystem::closeFile(FileHandle file)
{
    const std::unique_ptr<OpenFile> opened(&fileOf(file));
    return statusOf(Call::CloseFile, ::CloseHandle(opened->handle.release()));
}

Result<FileInfo> WindowsFileSystem::statFile(FileHandle file, Times)
{
    return infoOf(nativeOf(file), Call::StatFile);
}

Result<std::size_t> WindowsFileSystem::readAt(FileHandle file, std::int64_t offset,
                                              std::span<std::byte> buffer)
{
    OVERLAPPED position = positionOf(offset);
    DWORD count = 0;
    if (::ReadFile(nativeOf(file), buffer.data(), transferSize(buffer.size()), &count, &position))
        return std::size_t{count};
    if (::GetLastError() == ERROR_HANDLE_EOF) // At or beyond the end.
        return std::size_t{0};
    return lastError(Call::ReadAt);
}

/// A file system that takes nothing of a non-empty write and gives no reason is reported as full,
/// so that nobody writes in a circle for ever; there is no native code, for none was given.
Result<std::size_t> WindowsFileSystem::writeAt(FileHandle file, std::int64_t offset,
                                               std::span<const std::byte> bytes)
{
    OVERLAPPED position = positionOf(offset);
    DWORD count = 0;
    if (!::WriteFile(nativeOf(file), bytes.data(), transferSize(bytes.size()), &count, &position))
        return lastError(Call::WriteAt);
    if (count == 0 && !bytes.empty())
        return SystemError{ErrorClass::NoSpace, Call::WriteAt, {}};
    return std::size_t{count};
}

/// Extending makes a hole only where allowHoles came first; elsewhere it takes the storage.
Status WindowsFileSystem::setSize(FileHandle file, std::int64_t size)
{
    FILE_END_OF_FILE_INFO end = {};
    end.EndOfFile.QuadPart = size;
    if (::SetFileInformationByHandle(nativeOf(file), FileEndOfFileInfo, &end, sizeof end))
        return {};
    if (::GetLastError() == ERROR_INVALID_PARAMETER) // A size that no file may have.
        return lastErrorAs(ErrorClass::FileTooLarge, Call::SetSize);
    return lastError(Call::SetSize);
}

} // namespace atomicfile
