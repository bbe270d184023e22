// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "call_errors.h"
#include "win32_error.h"

#include <array>

namespace atomicfile::test {

namespace {

constexpr CallError stays(ErrorClass kind, int code, std::string_view name)
{
    return {kind, code, name, NativeScope::Win32, false};
}

constexpr CallError passes(ErrorClass kind, int code, std::string_view name)
{
    return {kind, code, name, NativeScope::Win32, true};
}

/// What the back-end finds out for itself has no code.
constexpr CallError answer(ErrorClass kind, std::string_view name)
{
    return {kind, 0, name, NativeScope::None, false};
}

constexpr CallError notFound = stays(ErrorClass::NotFound, win32::fileNotFound, "FILE_NOT_FOUND");
constexpr CallError noPath = stays(ErrorClass::NotFound, win32::pathNotFound, "PATH_NOT_FOUND");
constexpr CallError denied = stays(ErrorClass::PermissionDenied, win32::accessDenied,
                                   "ACCESS_DENIED");
// The same code of a file that somebody is about to give back, or that is about to disappear.
constexpr CallError deniedNow = passes(ErrorClass::PermissionDenied, win32::accessDenied,
                                       "ACCESS_DENIED that may pass");
constexpr CallError deniedDirectory = stays(ErrorClass::IsDirectory, win32::accessDenied,
                                            "ACCESS_DENIED by a directory");
constexpr CallError noPrivilege = stays(ErrorClass::PermissionDenied, win32::privilegeNotHeld,
                                        "PRIVILEGE_NOT_HELD");
constexpr CallError infected = stays(ErrorClass::PermissionDenied, win32::virusInfected,
                                     "VIRUS_INFECTED");
constexpr CallError writeProtect = stays(ErrorClass::ReadOnlyFileSystem, win32::writeProtect,
                                         "WRITE_PROTECT");
constexpr CallError fileExists = stays(ErrorClass::AlreadyExists, win32::fileExists, "FILE_EXISTS");
constexpr CallError exists = stays(ErrorClass::AlreadyExists, win32::alreadyExists,
                                   "ALREADY_EXISTS");
constexpr CallError diskFull = stays(ErrorClass::NoSpace, win32::diskFull, "DISK_FULL");
constexpr CallError quota = stays(ErrorClass::NoSpace, win32::diskQuotaExceeded,
                                  "DISK_QUOTA_EXCEEDED");
constexpr CallError tooLarge = stays(ErrorClass::FileTooLarge, win32::fileTooLarge,
                                     "FILE_TOO_LARGE");
constexpr CallError fragments = stays(ErrorClass::FileTooLarge, win32::fileSystemLimitation,
                                      "FILE_SYSTEM_LIMITATION");
constexpr CallError badSize = stays(ErrorClass::FileTooLarge, win32::invalidParameter,
                                    "INVALID_PARAMETER");
constexpr CallError tooManyLinks = stays(ErrorClass::TooManyLinks, win32::tooManyLinks,
                                         "TOO_MANY_LINKS");
constexpr CallError badName = stays(ErrorClass::InvalidPath, win32::invalidName, "INVALID_NAME");
constexpr CallError linkCycle = stays(ErrorClass::InvalidPath, win32::cannotResolveName,
                                      "CANT_RESOLVE_FILENAME");
constexpr CallError nameTooLong = stays(ErrorClass::NameTooLong, win32::filenameTooLong,
                                        "FILENAME_EXCED_RANGE");
constexpr CallError sharing = passes(ErrorClass::Busy, win32::sharingViolation,
                                     "SHARING_VIOLATION");
constexpr CallError rangeLocked = passes(ErrorClass::Busy, win32::lockViolation, "LOCK_VIOLATION");
constexpr CallError mapped = passes(ErrorClass::Busy, win32::userMappedFile, "USER_MAPPED_FILE");
constexpr CallError deletePending = passes(ErrorClass::Busy, win32::deletePending,
                                           "DELETE_PENDING");
constexpr CallError notRemoved = passes(ErrorClass::Busy, win32::unableToRemoveReplaced,
                                        "UNABLE_TO_REMOVE_REPLACED");
constexpr CallError notMoved = passes(ErrorClass::Busy, win32::unableToMoveReplacement,
                                      "UNABLE_TO_MOVE_REPLACEMENT");
constexpr CallError otherDevice = stays(ErrorClass::NotSameDevice, win32::notSameDevice,
                                        "NOT_SAME_DEVICE");
constexpr CallError noFunction = stays(ErrorClass::Unsupported, win32::invalidFunction,
                                       "INVALID_FUNCTION");
constexpr CallError notSupported = stays(ErrorClass::Unsupported, win32::notSupported,
                                         "NOT_SUPPORTED");
constexpr CallError tooManyFiles = stays(ErrorClass::ResourceExhausted, win32::tooManyOpenFiles,
                                         "TOO_MANY_OPEN_FILES");
constexpr CallError noMemory = stays(ErrorClass::ResourceExhausted, win32::notEnoughMemory,
                                     "NOT_ENOUGH_MEMORY");
constexpr CallError noResources = stays(ErrorClass::ResourceExhausted, win32::noSystemResources,
                                        "NO_SYSTEM_RESOURCES");
constexpr CallError ioDevice = stays(ErrorClass::DeviceError, win32::ioDevice, "IO_DEVICE");
constexpr CallError badSector = stays(ErrorClass::DeviceError, win32::crc, "CRC");
constexpr CallError notReady = stays(ErrorClass::DeviceError, win32::notReady, "NOT_READY");
constexpr CallError serverGone = stays(ErrorClass::DeviceError, win32::networkNameDeleted,
                                       "NETNAME_DELETED");
constexpr CallError badHandle = stays(ErrorClass::Unknown, win32::invalidHandle, "INVALID_HANDLE");
constexpr CallError badParameter = stays(ErrorClass::Unknown, win32::invalidParameter,
                                         "INVALID_PARAMETER");
constexpr CallError unsupported = answer(ErrorClass::Unsupported, "unsupported");

constexpr std::array openDirectoryErrors{notFound, noPath,     denied,      sharing,
                                         badName,  linkCycle,  nameTooLong, noResources,
                                         notReady, serverGone, ioDevice};
constexpr std::array createDirectoryErrors{exists, denied, diskFull, noPath};
constexpr std::array closeErrors{badHandle};
constexpr std::array syncDirectoryErrors{unsupported};
constexpr std::array readDirectoryErrors{denied, ioDevice, serverGone, noResources};
constexpr std::array statHandleErrors{ioDevice, serverGone, noResources};
constexpr std::array statErrors{deniedNow, deletePending, ioDevice, serverGone, noResources};
constexpr std::array checkWritableErrors{denied, writeProtect, notFound, ioDevice};
constexpr std::array readLinkErrors{notFound, denied, answer(ErrorClass::InvalidPath, "no link"),
                                    ioDevice};
constexpr std::array storedNameErrors{notFound, denied, ioDevice, serverGone};
constexpr std::array createSymlinkErrors{exists,   noPrivilege, denied,  writeProtect,
                                         diskFull, noFunction,  ioDevice};
constexpr std::array renameErrors{denied,   deniedNow,   sharing,     mapped,
                                  notFound, otherDevice, diskFull,    writeProtect,
                                  ioDevice, serverGone,  noResources, deniedDirectory};
constexpr std::array renameNoReplaceErrors{exists,   denied,       deniedNow,   sharing,
                                           notFound, otherDevice,  diskFull,    serverGone,
                                           ioDevice, writeProtect, notSupported};
constexpr std::array replaceErrors{sharing,    notRemoved,   notMoved,    denied,   deniedNow,
                                   mapped,     notFound,     diskFull,    ioDevice, serverGone,
                                   noFunction, writeProtect, badParameter};
constexpr std::array linkErrors{exists,       noFunction,   denied,      sharing,  diskFull,
                                tooManyLinks, writeProtect, otherDevice, notFound, ioDevice};
constexpr std::array unlinkErrors{denied,   deniedNow,  sharing,     deletePending,
                                  ioDevice, serverGone, writeProtect};
constexpr std::array createFileErrors{fileExists,  denied,       deniedNow,    infected,  diskFull,
                                      quota,       writeProtect, tooManyFiles, noPath,    badName,
                                      nameTooLong, ioDevice,     sharing,      serverGone};
constexpr std::array openFileErrors{
    notFound, denied,        deniedNow,
    sharing,  deletePending, tooManyFiles,
    noMemory, ioDevice,      answer(ErrorClass::NotRegularFile, "no regular file")};
constexpr std::array lockFileErrors{answer(ErrorClass::Busy, "held"), unsupported, noMemory,
                                    noResources};
constexpr std::array readAtErrors{ioDevice, badSector, rangeLocked, serverGone, noResources};
constexpr std::array writeAtErrors{diskFull,   quota,       tooLarge,
                                   ioDevice,   fragments,   rangeLocked,
                                   serverGone, noResources, answer(ErrorClass::NoSpace, "nothing")};
constexpr std::array allowHolesErrors{noFunction, notSupported, ioDevice};
constexpr std::array setSizeErrors{diskFull, badSize, mapped, ioDevice};
constexpr std::array reserveErrors{diskFull, quota, badParameter, notSupported, ioDevice};
constexpr std::array startWritebackErrors{unsupported};
constexpr std::array findErrors{noFunction, notSupported, ioDevice};
constexpr std::array notOfferedErrors{unsupported};
constexpr std::array setModeErrors{denied, writeProtect, notSupported, ioDevice};
constexpr std::array setTimesErrors{denied, writeProtect, badParameter, ioDevice};
constexpr std::array listAttributesErrors{unsupported, denied, ioDevice};
constexpr std::array writeOutFileErrors{unsupported, ioDevice, diskFull, denied, writeProtect};
constexpr std::array syncFileErrors{ioDevice, diskFull, denied, writeProtect, serverGone};
constexpr std::array pauseErrors{answer(ErrorClass::Unknown, "negative")};
constexpr std::array randomErrors{answer(ErrorClass::Unknown, "no generator")};

} // namespace

std::span<const CallError> windowsErrorsOf(Call call)
{
    switch (call) {
    case Call::OpenDirectory:
        return openDirectoryErrors;
    case Call::CloseDirectory:
    case Call::CloseFile:
        return closeErrors;
    case Call::SyncDirectory:
        return syncDirectoryErrors;
    case Call::CreateDirectory:
        return createDirectoryErrors;
    case Call::ReadDirectory:
        return readDirectoryErrors;
    case Call::StatDirectory:
    case Call::StatFile:
    case Call::BirthTime:
        return statHandleErrors;
    case Call::Stat:
        return statErrors;
    case Call::CheckWritable:
        return checkWritableErrors;
    case Call::ReadLink:
        return readLinkErrors;
    case Call::StoredName:
        return storedNameErrors;
    case Call::CreateSymlink:
        return createSymlinkErrors;
    case Call::Rename:
        return renameErrors;
    case Call::RenameNoReplace:
        return renameNoReplaceErrors;
    case Call::Replace:
        return replaceErrors;
    case Call::Link:
        return linkErrors;
    case Call::Unlink:
        return unlinkErrors;
    case Call::CreateFile:
        return createFileErrors;
    case Call::OpenFile:
        return openFileErrors;
    case Call::LockFile:
        return lockFileErrors;
    case Call::ReadAt:
        return readAtErrors;
    case Call::WriteAt:
        return writeAtErrors;
    case Call::AllowHoles:
        return allowHolesErrors;
    case Call::SetSize:
        return setSizeErrors;
    case Call::Reserve:
        return reserveErrors;
    case Call::StartWriteback:
        return startWritebackErrors;
    case Call::FindData:
    case Call::FindHole:
        return findErrors;
    case Call::Exchange:
    case Call::CloneContent:
    case Call::CloneFile:
    case Call::CopyRange:
    case Call::SetOwner:
    case Call::ReadAccessControl:
    case Call::WriteAccessControl:
    case Call::ReadAttribute:
    case Call::WriteAttribute:
    case Call::SetFlags:
        return notOfferedErrors;
    case Call::SetMode:
        return setModeErrors;
    case Call::SetTimes:
        return setTimesErrors;
    case Call::ListAttributes:
        return listAttributesErrors;
    case Call::SyncFile:
        return syncFileErrors;
    case Call::WriteOutFile:
        return writeOutFileErrors;
    case Call::WriteOutDirectory:
    case Call::SyncVolume:
        return syncDirectoryErrors; // It has none of these.
    case Call::Pause:
        return pauseErrors;
    case Call::Random:
        return randomErrors;
    }
    return {};
}

} // namespace atomicfile::test
