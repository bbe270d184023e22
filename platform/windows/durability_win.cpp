// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "error_win.h"
#include "filesystem_win.h"
#include "native_win.h"

#include <array>
#include <string_view>

#include <winternl.h>

namespace atomicfile {

using namespace windows;

namespace {

/// Microsoft documents the flag for NTFS, FAT and exFAT. Only the first keeps a journal, which has to be on the
/// medium as well for a name.
bool isOnNtfs(HANDLE file) noexcept
{
    std::array<wchar_t, MAX_PATH + 1> name = {};
    return ::GetVolumeInformationByHandleW(file, nullptr, 0, nullptr, nullptr, nullptr, name.data(),
                                           static_cast<DWORD>(name.size()))
        && std::wstring_view(name.data()) == L"NTFS";
}

} // namespace

/// FlushFileBuffers writes content and metadata and empties the drive's cache; there is no lesser
/// form. Through a handle that may not write it says ERROR_ACCESS_DENIED and does nothing.
Status WindowsFileSystem::syncFile(FileHandle file, SyncScope)
{
    return statusOf(Call::SyncFile, ::FlushFileBuffers(nativeOf(file)));
}

/// FLUSH_FLAGS_NO_SYNC of NtFlushBuffersFileEx: content and metadata are written, the drive's cache is left
/// alone. What a server does with its drive is not known here.
Status WindowsFileSystem::writeOutFile(FileHandle file)
{
    using Flush = NTSTATUS(NTAPI *)(HANDLE, ULONG, void *, ULONG, IO_STATUS_BLOCK *);
    using ToErrorCode = ULONG(NTAPI *)(NTSTATUS);
    static const auto flush = reinterpret_cast<Flush>(systemFunction("NtFlushBuffersFileEx"));
    static const auto toErrorCode = reinterpret_cast<ToErrorCode>(
        systemFunction("RtlNtStatusToDosError"));
    constexpr ULONG withoutSync = 2;
    const SystemError unsupported{ErrorClass::Unsupported, Call::WriteOutFile, {}};
    const HANDLE native = nativeOf(file);
    if (!flush || !toErrorCode || isRemote(native) || !isOnNtfs(native))
        return unsupported;
    IO_STATUS_BLOCK status = {};
    const NTSTATUS answer = flush(native, withoutSync, nullptr, 0, &status);
    if (answer >= 0)
        return {};
    const ErrorCode code = toErrorCode(answer);
    if (isLack(code))
        return unsupported;
    return errorOf(code, Call::WriteOutFile);
}

/// Names are on the medium by the calls that give them, or by the sync of the file.
Status WindowsFileSystem::writeOutDirectory(DirectoryHandle)
{
    return SystemError{ErrorClass::Unsupported, Call::WriteOutDirectory, {}};
}

/// Only administrators may flush a volume.
Status WindowsFileSystem::syncVolume(DirectoryHandle, std::int64_t)
{
    return SystemError{ErrorClass::Unsupported, Call::SyncVolume, {}};
}

} // namespace atomicfile
