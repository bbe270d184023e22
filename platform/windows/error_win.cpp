// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "error_win.h"

#include "headers_win.h"

#include <type_traits>

namespace atomicfile::windows {

static_assert(std::is_same_v<ErrorCode, DWORD>);

namespace {

/// Codes that not every toolchain's headers name.
namespace code {
constexpr ErrorCode virusInfected = 225;
constexpr ErrorCode deviceUnreachable = 321;
constexpr ErrorCode dataChecksum = 323;
constexpr ErrorCode directoryNotSupported = 336;
constexpr ErrorCode cloudProviderNotRunning = 362;
constexpr ErrorCode cloudNetworkUnavailable = 388;
constexpr ErrorCode cloudUnsuccessful = 389;
constexpr ErrorCode cloudInUse = 391;
constexpr ErrorCode cloudInsufficientResources = 392;
constexpr ErrorCode cloudAccessDenied = 395;
constexpr ErrorCode cloudRequestTimeout = 426;
constexpr ErrorCode deviceHardware = 483;
constexpr ErrorCode fileSystemLimitation = 665;
constexpr ErrorCode stoppedOnSymlink = 681;
constexpr ErrorCode oplockBreakInProgress = 742;
constexpr ErrorCode cannotBreakOplock = 802;
constexpr ErrorCode diskQuotaExceeded = 1295;
} // namespace code

enum class Duration { Stays, MayPass };

struct Entry
{
    ErrorCode code;
    ErrorClass kind;
    Duration duration = Duration::Stays;
};

constexpr Entry entries[] = {
    {ERROR_FILE_NOT_FOUND, ErrorClass::NotFound},
    {ERROR_PATH_NOT_FOUND, ErrorClass::NotFound},
    {ERROR_INVALID_DRIVE, ErrorClass::NotFound},
    {ERROR_BAD_NETPATH, ErrorClass::NotFound},
    {ERROR_BAD_NET_NAME, ErrorClass::NotFound},
    {ERROR_DIRECTORY, ErrorClass::NotFound},     // A component is not a directory.
    {ERROR_NO_MORE_FILES, ErrorClass::NotFound}, // Of a search: what it had found has gone.

    // May pass after some calls, see obstacle_win.h.
    {ERROR_ACCESS_DENIED, ErrorClass::PermissionDenied},
    {ERROR_NETWORK_ACCESS_DENIED, ErrorClass::PermissionDenied},
    {ERROR_PRIVILEGE_NOT_HELD, ErrorClass::PermissionDenied},
    {ERROR_ACCESS_DISABLED_BY_POLICY, ErrorClass::PermissionDenied},
    {code::virusInfected, ErrorClass::PermissionDenied},
    {ERROR_LOGON_FAILURE, ErrorClass::PermissionDenied},
    {ERROR_FILE_READ_ONLY, ErrorClass::PermissionDenied},
    {code::cloudAccessDenied, ErrorClass::PermissionDenied},
    {ERROR_WRITE_PROTECT, ErrorClass::ReadOnlyFileSystem},

    {ERROR_FILE_EXISTS, ErrorClass::AlreadyExists},
    {ERROR_ALREADY_EXISTS, ErrorClass::AlreadyExists},
    {ERROR_DIR_NOT_EMPTY, ErrorClass::AlreadyExists},
    {code::directoryNotSupported, ErrorClass::IsDirectory},

    {ERROR_DISK_FULL, ErrorClass::NoSpace},
    {ERROR_HANDLE_DISK_FULL, ErrorClass::NoSpace},
    {code::diskQuotaExceeded, ErrorClass::NoSpace},
    {ERROR_FILE_TOO_LARGE, ErrorClass::FileTooLarge},
    {code::fileSystemLimitation, ErrorClass::FileTooLarge}, // NTFS: too many fragments.
    {ERROR_TOO_MANY_LINKS, ErrorClass::TooManyLinks},

    {ERROR_INVALID_NAME, ErrorClass::InvalidPath},
    {ERROR_BAD_PATHNAME, ErrorClass::InvalidPath},
    {ERROR_CANT_RESOLVE_FILENAME, ErrorClass::InvalidPath}, // Links that lead in a circle.
    {ERROR_SYMLINK_CLASS_DISABLED, ErrorClass::InvalidPath},
    {code::stoppedOnSymlink, ErrorClass::InvalidPath},
    {ERROR_FILENAME_EXCED_RANGE, ErrorClass::NameTooLong},
    {ERROR_BUFFER_OVERFLOW, ErrorClass::NameTooLong},

    // Another program has the file, or a part of it, or has it in memory; or the system is just
    // taking its name away.
    {ERROR_SHARING_VIOLATION, ErrorClass::Busy, Duration::MayPass},
    {ERROR_LOCK_VIOLATION, ErrorClass::Busy, Duration::MayPass},
    {ERROR_USER_MAPPED_FILE, ErrorClass::Busy, Duration::MayPass},
    {ERROR_UNABLE_TO_REMOVE_REPLACED, ErrorClass::Busy, Duration::MayPass},
    {ERROR_UNABLE_TO_MOVE_REPLACEMENT, ErrorClass::Busy, Duration::MayPass},
    {ERROR_DELETE_PENDING, ErrorClass::Busy, Duration::MayPass},
    {code::oplockBreakInProgress, ErrorClass::Busy, Duration::MayPass},
    {code::cannotBreakOplock, ErrorClass::Busy, Duration::MayPass},
    {code::cloudInUse, ErrorClass::Busy, Duration::MayPass},
    {ERROR_BUSY, ErrorClass::Busy},
    {ERROR_PATH_BUSY, ErrorClass::Busy},
    {ERROR_DRIVE_LOCKED, ErrorClass::Busy},

    {ERROR_UNABLE_TO_MOVE_REPLACEMENT_2, ErrorClass::HalfReplaced},
    {ERROR_NOT_SAME_DEVICE, ErrorClass::NotSameDevice},

    {ERROR_INVALID_FUNCTION, ErrorClass::Unsupported},
    {ERROR_NOT_SUPPORTED, ErrorClass::Unsupported},
    {ERROR_CALL_NOT_IMPLEMENTED, ErrorClass::Unsupported},
    {ERROR_CANT_ACCESS_FILE, ErrorClass::Unsupported}, // Nobody here knows this reparse point.

    {ERROR_TOO_MANY_OPEN_FILES, ErrorClass::ResourceExhausted},
    {ERROR_NOT_ENOUGH_MEMORY, ErrorClass::ResourceExhausted},
    {ERROR_OUTOFMEMORY, ErrorClass::ResourceExhausted},
    {ERROR_SHARING_BUFFER_EXCEEDED, ErrorClass::ResourceExhausted},
    {ERROR_REQ_NOT_ACCEP, ErrorClass::ResourceExhausted},
    {ERROR_NO_MORE_SEARCH_HANDLES, ErrorClass::ResourceExhausted},
    {ERROR_NOT_ENOUGH_SERVER_MEMORY, ErrorClass::ResourceExhausted},
    {ERROR_NO_SYSTEM_RESOURCES, ErrorClass::ResourceExhausted},
    {ERROR_NONPAGED_SYSTEM_RESOURCES, ErrorClass::ResourceExhausted},
    {ERROR_PAGED_SYSTEM_RESOURCES, ErrorClass::ResourceExhausted},
    {ERROR_WORKING_SET_QUOTA, ErrorClass::ResourceExhausted},
    {ERROR_PAGEFILE_QUOTA, ErrorClass::ResourceExhausted},
    {ERROR_COMMITMENT_LIMIT, ErrorClass::ResourceExhausted},
    {ERROR_NOT_ENOUGH_QUOTA, ErrorClass::ResourceExhausted},
    {code::cloudInsufficientResources, ErrorClass::ResourceExhausted},

    // The medium, the server or the program behind the file system does not answer, or answers
    // rubbish.
    {ERROR_BAD_UNIT, ErrorClass::DeviceError},
    {ERROR_NOT_READY, ErrorClass::DeviceError},
    {ERROR_BAD_COMMAND, ErrorClass::DeviceError},
    {ERROR_CRC, ErrorClass::DeviceError},
    {ERROR_BAD_LENGTH, ErrorClass::DeviceError},
    {ERROR_SEEK, ErrorClass::DeviceError},
    {ERROR_NOT_DOS_DISK, ErrorClass::DeviceError},
    {ERROR_SECTOR_NOT_FOUND, ErrorClass::DeviceError},
    {ERROR_WRITE_FAULT, ErrorClass::DeviceError},
    {ERROR_READ_FAULT, ErrorClass::DeviceError},
    {ERROR_GEN_FAILURE, ErrorClass::DeviceError},
    {ERROR_WRONG_DISK, ErrorClass::DeviceError},
    {ERROR_REM_NOT_LIST, ErrorClass::DeviceError},
    {ERROR_DEV_NOT_EXIST, ErrorClass::DeviceError},
    {ERROR_ADAP_HDW_ERR, ErrorClass::DeviceError},
    {ERROR_BAD_NET_RESP, ErrorClass::DeviceError},
    {ERROR_UNEXP_NET_ERR, ErrorClass::DeviceError},
    {ERROR_NETNAME_DELETED, ErrorClass::DeviceError},
    {ERROR_SEM_TIMEOUT, ErrorClass::DeviceError},
    {ERROR_VC_DISCONNECTED, ErrorClass::DeviceError},
    {ERROR_UNRECOGNIZED_VOLUME, ErrorClass::DeviceError},
    {ERROR_FILE_INVALID, ErrorClass::DeviceError}, // The volume behind the handle is another one.
    {ERROR_MEDIA_CHANGED, ErrorClass::DeviceError},
    {ERROR_NO_MEDIA_IN_DRIVE, ErrorClass::DeviceError},
    {ERROR_IO_DEVICE, ErrorClass::DeviceError},
    {ERROR_DISK_OPERATION_FAILED, ErrorClass::DeviceError},
    {ERROR_DEVICE_NOT_CONNECTED, ErrorClass::DeviceError},
    {ERROR_CONNECTION_REFUSED, ErrorClass::DeviceError},
    {ERROR_NETWORK_UNREACHABLE, ErrorClass::DeviceError},
    {ERROR_HOST_UNREACHABLE, ErrorClass::DeviceError},
    {ERROR_CONNECTION_ABORTED, ErrorClass::DeviceError},
    {ERROR_FILE_CORRUPT, ErrorClass::DeviceError},
    {ERROR_DISK_CORRUPT, ErrorClass::DeviceError},
    {ERROR_DEVICE_REMOVED, ErrorClass::DeviceError},
    {code::deviceUnreachable, ErrorClass::DeviceError},
    {code::dataChecksum, ErrorClass::DeviceError},
    {code::deviceHardware, ErrorClass::DeviceError},
    {code::cloudProviderNotRunning, ErrorClass::DeviceError},
    {code::cloudNetworkUnavailable, ErrorClass::DeviceError},
    {code::cloudUnsuccessful, ErrorClass::DeviceError},
    {code::cloudRequestTimeout, ErrorClass::DeviceError},
};

} // namespace

Meaning classify(ErrorCode code) noexcept
{
    for (const Entry &entry : entries) {
        if (entry.code == code)
            return {entry.kind, entry.duration == Duration::MayPass};
    }
    return {ErrorClass::Unknown, false};
}

SystemError errorOf(ErrorCode code, Call call) noexcept
{
    const Meaning meaning = classify(code);
    return {meaning.kind, call, {NativeScope::Win32, static_cast<int>(code)}, meaning.mayPass};
}

SystemError lastError(Call call) noexcept { return errorOf(::GetLastError(), call); }

SystemError lastErrorAs(ErrorClass kind, Call call) noexcept
{
    return {kind, call, {NativeScope::Win32, static_cast<int>(::GetLastError())}};
}

Status statusOf(Call call, int result) noexcept
{
    if (result == 0)
        return lastError(call);
    return {};
}

/// ERROR_INVALID_PARAMETER is what a file system says of an information class that is newer than
/// it.
bool isLack(ErrorCode code) noexcept
{
    return code == ERROR_INVALID_PARAMETER || code == ERROR_INVALID_FUNCTION
        || code == ERROR_NOT_SUPPORTED || code == ERROR_CALL_NOT_IMPLEMENTED;
}

} // namespace atomicfile::windows
