// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "descriptors_posix.h"
#include "error_posix.h"
#include "filesystem_posix.h"
#include "native_posix.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/attr.h>
#include <sys/clonefile.h>
#include <sys/stat.h>
#include <unistd.h>

namespace atomicfile {

using namespace posix;

namespace {

constexpr mode_t onlyOwner = S_IRUSR | S_IWUSR;

/**
 * A clone begins with the mode and the flags of its source, but with the group of its directory.
 *
 * So the bits of the group would let in whom the source keeps out, where they allow more than those
 * of the others. And a clone that is locked as its source is could neither be opened for writing
 * nor removed.
 */
bool mayBeCloned(const struct stat &source, const struct stat &directory) noexcept
{
    constexpr auto locked = static_cast<unsigned>(UF_IMMUTABLE | UF_APPEND | SF_IMMUTABLE
                                                  | SF_APPEND);
    const auto bits = static_cast<unsigned>(source.st_mode);
    const bool isMoreForGroup = ((bits >> 3) & ~bits & 07U) != 0;
    return (source.st_flags & locked) == 0
        && (!isMoreForGroup || source.st_gid == directory.st_gid);
}

/// Opens a clone and gives it its mode and the time of now. The mode that it has may forbid to open it,
/// hence the name is what the first call works on; nobody but its owner can do anything with the clone
/// from then on.
Result<FileHandle> openClone(int directory, const Path &name, ModeBits mode)
{
    if (::fchmodat(directory, name.c_str(), onlyOwner, AT_SYMLINK_NOFOLLOW) == -1)
        return lastError(Call::CloneFile);
    const int descriptor = clearOfStandardStreams(
        ::openat(directory, name.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (descriptor == -1)
        return lastError(Call::CloneFile);
    if (::fchmod(descriptor, static_cast<mode_t>(mode & mode::everything)) == -1
        || ::futimes(descriptor, nullptr) == -1) {
        const SystemError error = lastError(Call::CloneFile);
        (void)::close(descriptor); // The first error is the one to report.
        return error;
    }
    return FileHandle{descriptor};
}

} // namespace

/// F_PREALLOCATE counts from the end of what is allocated already, so the difference is asked for.
Status PosixFileSystem::reserve(FileHandle file, std::int64_t size)
{
    struct stat status = {};
    if (::fstat(descriptorOf(file), &status) == -1)
        return lastError(Call::Reserve);
    const std::int64_t missing = size - std::int64_t{status.st_blocks} * 512;
    if (missing <= 0)
        return {};
    fstore_t request = {};
    request.fst_flags = F_ALLOCATEALL;
    request.fst_posmode = F_PEOFPOSMODE;
    request.fst_length = missing;
    const int result = ::fcntl(descriptorOf(file), F_PREALLOCATE, &request);
    if (result == -1 && errno == EINVAL)
        return lastErrorAs(ErrorClass::Unsupported, Call::Reserve);
    return result == -1 ? Status(lastError(Call::Reserve)) : Status();
}

/// macOS clones to a name that must not exist yet (fclonefileat), never into an open file.
Status PosixFileSystem::cloneContent(FileHandle, FileHandle)
{
    return SystemError{ErrorClass::Unsupported, Call::CloneContent, {}};
}

/// CLONE_NOOWNERCOPY makes the clone the caller's also where that is root, as a created file would
/// be. Set-id bits and access control lists do not come along (clonefile(2)).
Result<FileHandle> PosixFileSystem::cloneFile(FileHandle source, DirectoryHandle directory,
                                              const Path &name, ModeBits mode)
{
    struct stat original = {};
    struct stat around = {};
    if (::fstat(descriptorOf(source), &original) == -1
        || ::fstat(descriptorOf(directory), &around) == -1)
        return lastError(Call::CloneFile);
    if (!mayBeCloned(original, around))
        return SystemError{ErrorClass::Unsupported, Call::CloneFile, {}};
    const int cloned = ::fclonefileat(descriptorOf(source), descriptorOf(directory), name.c_str(),
                                      CLONE_NOFOLLOW | CLONE_NOOWNERCOPY);
    if (cloned == -1 && errno == EINVAL) // The source is no regular file.
        return lastErrorAs(ErrorClass::Unsupported, Call::CloneFile);
    if (cloned == -1)
        return lastError(Call::CloneFile);
    auto opened = openClone(descriptorOf(directory), name, mode);
    if (!opened) // What cannot be opened is of no use; the first error is the one to report.
        (void)::unlinkat(descriptorOf(directory), name.c_str(), 0);
    return opened;
}

Result<std::size_t> PosixFileSystem::copyRange(FileHandle, FileHandle, std::int64_t, std::size_t)
{
    return SystemError{ErrorClass::Unsupported, Call::CopyRange, {}};
}

} // namespace atomicfile
