// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "headers_win.h"
#include "platform/filesystem.h"

#include <algorithm>
#include <string>
#include <utility>

/// What the files of this folder share.
namespace atomicfile::windows {

/// Owns a handle of the system. Destroying it closes, with the answer ignored.
class NativeHandle
{
public:
    NativeHandle() = default;
    /// Takes both values by which the system says that there is no handle.
    explicit NativeHandle(HANDLE handle) noexcept
        : m_handle(handle == INVALID_HANDLE_VALUE ? nullptr : handle)
    {
    }
    NativeHandle(NativeHandle &&other) noexcept : m_handle(other.release()) { }
    NativeHandle &operator=(NativeHandle &&other) noexcept
    {
        std::swap(m_handle, other.m_handle);
        return *this;
    }
    ~NativeHandle()
    {
        if (isOpen())
            (void)::CloseHandle(m_handle);
    }

    bool isOpen() const noexcept { return m_handle != nullptr; }
    HANDLE get() const noexcept { return m_handle; }
    HANDLE release() noexcept { return std::exchange(m_handle, nullptr); }

private:
    HANDLE m_handle = nullptr;
};

/// What a DirectoryHandle points to.
struct OpenDirectory
{
    NativeHandle handle;
    DirectoryAccess access = DirectoryAccess::Read;
    std::wstring path; ///< verbatim, with a backslash at the end
};

/// What a FileHandle points to.
struct OpenFile
{
    NativeHandle lock; ///< see lockFile; outlives the file's own handle
    NativeHandle handle;
};

inline OpenDirectory &directoryOf(DirectoryHandle directory) noexcept
{
    return *reinterpret_cast<OpenDirectory *>(directory.value);
}

inline OpenFile &fileOf(FileHandle file) noexcept
{
    return *reinterpret_cast<OpenFile *>(file.value);
}

inline HANDLE nativeOf(FileHandle file) noexcept { return fileOf(file).handle.get(); }

inline std::wstring pathOf(DirectoryHandle directory, const Path &name)
{
    return directoryOf(directory).path + name.native();
}

/// Whoever opens a file restricts all others to what it shares. Here everything is shared but where
/// a comment says why not.
inline constexpr DWORD shareAll = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

/**
 * Opens what stands at the path itself: a link is not followed, and directories open, too.
 * Rights that only concern attributes keep nobody from anything and are kept by nobody; that is how
 * the system counts them.
 *
 * For a file that its file system keeps somewhere else (in a cloud, compressed, shared with others)
 * this is the stand-in and not the content.
 */
inline NativeHandle openItself(const std::wstring &path, DWORD rights, DWORD moreFlags = 0) noexcept
{
    return NativeHandle(::CreateFileW(
        path.c_str(), rights, shareAll, nullptr, OPEN_EXISTING,
        FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS | moreFlags, nullptr));
}

/// Only a file of a server answers.
inline bool isRemote(HANDLE file) noexcept
{
    FILE_REMOTE_PROTOCOL_INFO protocol = {};
    return ::GetFileInformationByHandleEx(file, FileRemoteProtocolInfo, &protocol, sizeof protocol)
        != 0;
}

/// Of ntdll.dll, which every process has; null if this Windows has no function of that name.
inline void *systemFunction(const char *name) noexcept
{
    const HMODULE system = ::GetModuleHandleW(L"ntdll.dll");
    return system ? reinterpret_cast<void *>(::GetProcAddress(system, name)) : nullptr;
}

// MinGW's headers hide these two of Windows 10 behind a number of _WIN32_WINNT that there never
// was.
inline constexpr auto dispositionInfoEx = static_cast<FILE_INFO_BY_HANDLE_CLASS>(21);
inline constexpr auto renameInfoEx = static_cast<FILE_INFO_BY_HANDLE_CLASS>(22);

/// The most that one read or write moves; the system takes 32 bits, and no caller can tell.
inline constexpr std::size_t largestTransfer = std::size_t{1} << 30;

inline DWORD transferSize(std::size_t wanted) noexcept
{
    return static_cast<DWORD>(std::min(wanted, largestTransfer));
}

// --- metadata_win.cpp ---

/// FileInfo in the words of this library.
Result<FileInfo> infoOf(HANDLE handle, Call call);

/// The attributes of the file, and what kind of reparse point it is, if any.
Result<FILE_ATTRIBUTE_TAG_INFO> attributesOf(HANDLE handle, Call call) noexcept;

FileKind kindOf(const FILE_ATTRIBUTE_TAG_INFO &attributes) noexcept;

} // namespace atomicfile::windows
