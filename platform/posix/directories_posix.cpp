// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "descriptors_posix.h"
#include "error_posix.h"
#include "filesystem_posix.h"
#include "native_posix.h"

#include <cerrno>
#include <memory>
#include <string_view>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace atomicfile {

using namespace posix;

namespace {

struct DirectoryStreamClose
{
    // The stream was only read from and holds a duplicate: its closing has nothing to tell.
    void operator()(DIR *stream) const noexcept { (void)::closedir(stream); }
};

using DirectoryStream = std::unique_ptr<DIR, DirectoryStreamClose>;

/// EBADF comes from a handle that was opened SearchOnly, because its owner may not read.
SystemError readingError() noexcept
{
    if (errno == EBADF)
        return lastErrorAs(ErrorClass::PermissionDenied, Call::ReadDirectory);
    return lastError(Call::ReadDirectory);
}

} // namespace

Result<DirectoryHandle> PosixFileSystem::openDirectory(const Path &path, DirectoryAccess access)
{
    const int readOrSearch = access == DirectoryAccess::Read ? O_RDONLY : searchOnlyFlags();
    const int descriptor = clearOfStandardStreams(
        ::open(path.c_str(), readOrSearch | O_DIRECTORY | O_CLOEXEC));
    if (descriptor == -1)
        return lastError(Call::OpenDirectory);
    return DirectoryHandle{descriptor};
}

Status PosixFileSystem::createDirectory(DirectoryHandle directory, const Path &name, ModeBits mode)
{
    return statusOf(Call::CreateDirectory,
                    ::mkdirat(descriptorOf(directory), name.c_str(), static_cast<mode_t>(mode)));
}

Status PosixFileSystem::closeDirectory(DirectoryHandle directory)
{
    return statusOf(Call::CloseDirectory, ::close(descriptorOf(directory)));
}

/**
 * The stream reads through a duplicate of the handle and not through a newly opened ".": what the
 * handle was opened for decides, not what the directory permits by now. The duplicate shares its
 * position with the handle, hence the rewinding.
 */
Result<std::vector<Path>> PosixFileSystem::readDirectory(DirectoryHandle directory,
                                                         const Path &prefix)
{
    const int duplicate = duplicateOf(descriptorOf(directory));
    if (duplicate == -1)
        return readingError();
    const DirectoryStream stream(::fdopendir(duplicate));
    if (!stream) {
        const SystemError error = readingError();
        (void)::close(duplicate); // The first error is the one to report.
        return error;
    }
    ::rewinddir(stream.get());

    std::vector<Path> names;
    for (;;) {
        errno = 0; // The end and an error look the same but for errno.
        // Safe: no other thread has this stream. readdir_r is deprecated for good reasons.
        const dirent *entry = ::readdir(stream.get()); // NOLINT(concurrency-mt-unsafe)
        if (!entry)
            break;
        const std::string_view name(entry->d_name);
        if (name.starts_with(prefix.native()) && name != "." && name != "..")
            names.emplace_back(name);
    }
    if (errno != 0)
        return readingError();
    return names;
}

Result<FileInfo> PosixFileSystem::statDirectory(DirectoryHandle directory)
{
    struct stat status = {};
    if (statDescriptor(descriptorOf(directory), Times::LeftOut, status) == -1)
        return lastError(Call::StatDirectory);
    return infoOf(status);
}

} // namespace atomicfile
