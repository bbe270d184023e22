// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "error_posix.h"

#include "native_posix.h"

#include <cerrno>

namespace atomicfile::posix {

namespace {

struct Meaning
{
    int code;
    ErrorClass kind;
};

// A table and no switch, because some of these names are one number on one system and two on
// another (EAGAIN and EWOULDBLOCK, ENOTSUP and EOPNOTSUPP).
constexpr Meaning meanings[] = {
    {ENOENT, ErrorClass::NotFound},
    {ENOTDIR, ErrorClass::NotFound},

    {EACCES, ErrorClass::PermissionDenied},
    {EPERM, ErrorClass::PermissionDenied},
    {EROFS, ErrorClass::ReadOnlyFileSystem},

    {EEXIST, ErrorClass::AlreadyExists},
    {ENOTEMPTY, ErrorClass::AlreadyExists},
    {EISDIR, ErrorClass::IsDirectory},
    {ESPIPE, ErrorClass::NotRegularFile},

    {ENOSPC, ErrorClass::NoSpace},
    {EDQUOT, ErrorClass::NoSpace},
    {EFBIG, ErrorClass::FileTooLarge},
    {EOVERFLOW, ErrorClass::FileTooLarge},
    {EMLINK, ErrorClass::TooManyLinks},

    {ELOOP, ErrorClass::InvalidPath},
    {EILSEQ, ErrorClass::InvalidPath},
    {ENAMETOOLONG, ErrorClass::NameTooLong},

    {EBUSY, ErrorClass::Busy},
    {ETXTBSY, ErrorClass::Busy},
    {EAGAIN, ErrorClass::Busy},
    {EWOULDBLOCK, ErrorClass::Busy},
    {EDEADLK, ErrorClass::Busy},

    {EXDEV, ErrorClass::NotSameDevice},
    {EINTR, ErrorClass::Interrupted},

    {ENOSYS, ErrorClass::Unsupported},
    {ENOTSUP, ErrorClass::Unsupported},
    {EOPNOTSUPP, ErrorClass::Unsupported},
    {ENOTTY, ErrorClass::Unsupported},

    {EMFILE, ErrorClass::ResourceExhausted},
    {ENFILE, ErrorClass::ResourceExhausted},
    {ENOMEM, ErrorClass::ResourceExhausted},
    {ENOBUFS, ErrorClass::ResourceExhausted},
    {ENOLCK, ErrorClass::ResourceExhausted},

    // The medium, the server or the daemon behind the file system does not answer, or answers rubbish.
    {EIO, ErrorClass::DeviceError},
    {ENXIO, ErrorClass::DeviceError},
    {ENODEV, ErrorClass::DeviceError},
    {ESTALE, ErrorClass::DeviceError},
    {EBADMSG, ErrorClass::DeviceError},
    {EPROTO, ErrorClass::DeviceError},
    {ENOLINK, ErrorClass::DeviceError},
    {ENOTCONN, ErrorClass::DeviceError},
    {ESHUTDOWN, ErrorClass::DeviceError},
    {ETIMEDOUT, ErrorClass::DeviceError},
    {ECONNABORTED, ErrorClass::DeviceError},
    {ECONNREFUSED, ErrorClass::DeviceError},
    {ECONNRESET, ErrorClass::DeviceError},
    {EHOSTDOWN, ErrorClass::DeviceError},
    {EHOSTUNREACH, ErrorClass::DeviceError},
    {ENETDOWN, ErrorClass::DeviceError},
    {ENETUNREACH, ErrorClass::DeviceError},
};

} // namespace

ErrorClass classify(int code) noexcept
{
    for (const Meaning &meaning : meanings) {
        if (meaning.code == code)
            return meaning.kind;
    }
    return classifyNative(code);
}

SystemError lastError(Call call) noexcept
{
    const int code = errno;
    return {classify(code), call, {NativeScope::Errno, code}};
}

SystemError lastErrorAs(ErrorClass kind, Call call) noexcept
{
    return {kind, call, {NativeScope::Errno, errno}};
}

Status statusOf(Call call, int result) noexcept
{
    if (result == -1)
        return lastError(call);
    return {};
}

} // namespace atomicfile::posix
