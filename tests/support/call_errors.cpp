// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "call_errors.h"

#include <array>
#include <cerrno>

// Not every C library names these two. They are only told, never given to the system.
#ifndef EDQUOT
    #define EDQUOT 122
#endif
#ifndef ESTALE
    #define ESTALE 116
#endif

namespace atomicfile::test {

namespace {

constexpr CallError accessDenied{ErrorClass::PermissionDenied, EACCES, "EACCES"};
constexpr CallError notPermitted{ErrorClass::PermissionDenied, EPERM, "EPERM"};
constexpr CallError readOnly{ErrorClass::ReadOnlyFileSystem, EROFS, "EROFS"};
constexpr CallError notFound{ErrorClass::NotFound, ENOENT, "ENOENT"};
constexpr CallError exists{ErrorClass::AlreadyExists, EEXIST, "EEXIST"};
constexpr CallError isDirectory{ErrorClass::IsDirectory, EISDIR, "EISDIR"};
constexpr CallError noSpace{ErrorClass::NoSpace, ENOSPC, "ENOSPC"};
constexpr CallError quota{ErrorClass::NoSpace, EDQUOT, "EDQUOT"};
constexpr CallError valueTooLong{ErrorClass::NoSpace, E2BIG, "E2BIG"};
constexpr CallError tooLarge{ErrorClass::FileTooLarge, EFBIG, "EFBIG"};
constexpr CallError tooManyLinks{ErrorClass::TooManyLinks, EMLINK, "EMLINK"};
constexpr CallError nameTooLong{ErrorClass::NameTooLong, ENAMETOOLONG, "ENAMETOOLONG"};
constexpr CallError linkCycle{ErrorClass::InvalidPath, ELOOP, "ELOOP"};
constexpr CallError badName{ErrorClass::InvalidPath, EINVAL, "EINVAL"};
constexpr CallError busy{ErrorClass::Busy, EBUSY, "EBUSY"};
constexpr CallError locked{ErrorClass::Busy, EWOULDBLOCK, "EWOULDBLOCK"};
constexpr CallError notSupported{ErrorClass::Unsupported, EOPNOTSUPP, "EOPNOTSUPP"};
constexpr CallError invalid{ErrorClass::Unsupported, EINVAL, "EINVAL"};
constexpr CallError notImplemented{ErrorClass::Unsupported, ENOSYS, "ENOSYS"};
constexpr CallError noLinksHere{ErrorClass::Unsupported, EPERM, "EPERM"};
constexpr CallError noLocksHere{ErrorClass::Unsupported, ENOLCK, "ENOLCK"};
constexpr CallError tooManyFiles{ErrorClass::ResourceExhausted, EMFILE, "EMFILE"};
constexpr CallError noMemory{ErrorClass::ResourceExhausted, ENOMEM, "ENOMEM"};
constexpr CallError ioError{ErrorClass::DeviceError, EIO, "EIO"};
constexpr CallError stale{ErrorClass::DeviceError, ESTALE, "ESTALE"};
constexpr CallError otherDevice{ErrorClass::NotSameDevice, EXDEV, "EXDEV"};
constexpr CallError interrupted{ErrorClass::Interrupted, EINTR, "EINTR"};
constexpr CallError readOnlyHandle{ErrorClass::Unsupported, EBADF, "EBADF"};
constexpr CallError unsupported{ErrorClass::Unsupported, 0, "unsupported"};

constexpr std::array openDirectoryErrors{accessDenied, notFound, linkCycle, nameTooLong,
                                         tooManyFiles, noMemory, ioError};
constexpr std::array createDirectoryErrors{exists,  accessDenied, readOnly,
                                           noSpace, ioError,      notFound};
constexpr std::array closeErrors{ioError, noSpace, quota, interrupted};
constexpr std::array closeDirectoryErrors{ioError, interrupted};
constexpr std::array syncDirectoryErrors{
    ioError,  noSpace, quota,
    readOnly, invalid, CallError{ErrorClass::PermissionDenied, EBADF, "EBADF"}};
constexpr std::array readDirectoryErrors{ioError, noMemory, tooManyFiles, accessDenied};
constexpr std::array statHandleErrors{ioError, stale, noMemory};
constexpr std::array birthTimeErrors{unsupported, ioError, stale};
constexpr std::array statErrors{accessDenied, ioError, stale, nameTooLong, noMemory};
constexpr std::array checkWritableErrors{accessDenied, notPermitted, readOnly, notFound, ioError};
constexpr std::array readLinkErrors{notFound, accessDenied, badName, ioError, noMemory};
constexpr std::array storedNameErrors{notFound, accessDenied, ioError, stale};
constexpr std::array createSymlinkErrors{
    exists,  accessDenied, notPermitted, readOnly,
    noSpace, quota,        ioError,      CallError{ErrorClass::Unsupported, EPERM, "EPERM"}};
constexpr std::array renameErrors{accessDenied, notPermitted, readOnly,    notFound,    noSpace,
                                  quota,        busy,         otherDevice, isDirectory, ioError,
                                  noMemory,     tooManyLinks, badName,     nameTooLong};
constexpr std::array renameNoReplaceErrors{exists,   invalid,      notImplemented, accessDenied,
                                           readOnly, noSpace,      busy,           otherDevice,
                                           ioError,  notPermitted, notFound};
constexpr std::array exchangeErrors{invalid,  notImplemented, accessDenied, notPermitted,
                                    readOnly, noSpace,        ioError,      notFound};
constexpr std::array replaceErrors{unsupported};
constexpr std::array linkErrors{exists,  noLinksHere,  accessDenied, readOnly, noSpace,
                                ioError, tooManyLinks, otherDevice,  notFound};
constexpr std::array unlinkErrors{accessDenied, notPermitted, readOnly, busy, ioError};
constexpr std::array createFileErrors{exists,      accessDenied, notPermitted, readOnly,
                                      noSpace,     quota,        tooManyFiles, ioError,
                                      nameTooLong, notFound,     badName};
constexpr std::array openFileErrors{
    notFound, accessDenied, tooManyFiles,
    ioError,  noMemory,     CallError{ErrorClass::NotRegularFile, ELOOP, "ELOOP"}};
constexpr std::array lockFileErrors{locked, noLocksHere, notSupported, ioError, readOnlyHandle};
constexpr std::array readAtErrors{ioError, stale, noMemory, isDirectory};
constexpr std::array writeAtErrors{noSpace, quota, tooLarge, ioError, notPermitted, noMemory};
constexpr std::array allowHolesErrors{notSupported, ioError, noMemory};
constexpr std::array setSizeErrors{noSpace, tooLarge, ioError, notPermitted};
constexpr std::array reserveErrors{noSpace, quota, notSupported, notImplemented, tooLarge, ioError};
constexpr std::array startWritebackErrors{ioError, noSpace, notImplemented, noMemory};
constexpr std::array findErrors{invalid, ioError};
constexpr std::array cloneErrors{notSupported,
                                 invalid,
                                 otherDevice,
                                 ioError,
                                 noSpace,
                                 quota,
                                 CallError{ErrorClass::Unsupported, ENOTTY, "ENOTTY"}};
constexpr std::array cloneFileErrors{unsupported,  notSupported, otherDevice, exists,
                                     accessDenied, noSpace,      quota,       ioError};
constexpr std::array copyRangeErrors{notSupported, notImplemented, invalid,  otherDevice, ioError,
                                     noSpace,      quota,          tooLarge, noMemory};
constexpr std::array setOwnerErrors{notPermitted, readOnly, ioError, quota, notSupported};
constexpr std::array setModeErrors{notPermitted, readOnly, ioError, notSupported};
constexpr std::array setTimesErrors{notPermitted, accessDenied, readOnly, ioError};
constexpr std::array readAccessControlErrors{notSupported, ioError, noMemory, accessDenied};
constexpr std::array writeAccessControlErrors{notSupported, invalid,  notPermitted, noSpace,
                                              quota,        readOnly, ioError};
constexpr std::array listAttributesErrors{notSupported, ioError, noMemory, accessDenied};
constexpr std::array readAttributeErrors{CallError{ErrorClass::NotFound, ENODATA, "ENODATA"},
                                         notSupported, ioError, noMemory, accessDenied};
constexpr std::array writeAttributeErrors{notSupported, invalid,  notPermitted, noSpace,
                                          quota,        readOnly, ioError,      valueTooLong};
constexpr std::array setFlagsErrors{notSupported, notPermitted, readOnly, ioError};
constexpr std::array syncVolumeErrors{unsupported, ioError, noSpace};
constexpr std::array writeOutErrors{unsupported, ioError, noSpace, quota, readOnly};
constexpr std::array syncFileErrors{ioError, noSpace, quota, readOnly};
constexpr std::array pauseErrors{CallError{ErrorClass::Unknown, EINVAL, "EINVAL"}};
constexpr std::array randomErrors{ioError, notImplemented};

} // namespace

bool changesNames(Call call)
{
    return call == Call::CreateSymlink || call == Call::Rename || call == Call::RenameNoReplace
        || call == Call::Exchange || call == Call::Replace || call == Call::Link
        || call == Call::Unlink;
}

std::span<const CallError> errorsOf(Call call, Profile profile)
{
    if (profile == Profile::Windows)
        return windowsErrorsOf(call);
    switch (call) {
    case Call::OpenDirectory:
        return openDirectoryErrors;
    case Call::CloseDirectory:
        return closeDirectoryErrors;
    case Call::SyncDirectory:
        return syncDirectoryErrors;
    case Call::CreateDirectory:
        return createDirectoryErrors;
    case Call::ReadDirectory:
        return readDirectoryErrors;
    case Call::StatDirectory:
    case Call::StatFile:
        return statHandleErrors;
    case Call::BirthTime:
        return birthTimeErrors;
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
    case Call::Exchange:
        return exchangeErrors;
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
    case Call::CloseFile:
        return closeErrors;
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
    case Call::CloneContent:
        return cloneErrors;
    case Call::CloneFile:
        return cloneFileErrors;
    case Call::CopyRange:
        return copyRangeErrors;
    case Call::SetOwner:
        return setOwnerErrors;
    case Call::SetMode:
        return setModeErrors;
    case Call::SetTimes:
        return setTimesErrors;
    case Call::ReadAccessControl:
        return readAccessControlErrors;
    case Call::WriteAccessControl:
        return writeAccessControlErrors;
    case Call::ListAttributes:
        return listAttributesErrors;
    case Call::ReadAttribute:
        return readAttributeErrors;
    case Call::WriteAttribute:
        return writeAttributeErrors;
    case Call::SetFlags:
        return setFlagsErrors;
    case Call::SyncFile:
        return syncFileErrors;
    case Call::WriteOutFile:
    case Call::WriteOutDirectory:
        return writeOutErrors;
    case Call::SyncVolume:
        return syncVolumeErrors;
    case Call::Pause:
        return pauseErrors;
    case Call::Random:
        return randomErrors;
    }
    return {};
}

} // namespace atomicfile::test
