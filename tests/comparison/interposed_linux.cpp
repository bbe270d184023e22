// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "interposed_linux.h"

#include <QtGlobal>

#include <cerrno>

#include <dlfcn.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

template<typename... Arguments>
auto callSystem(const char *name, Arguments... arguments)
{
    using Function = ssize_t (*)(Arguments...);
    return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name))(arguments...);
}

bool isDirectory(int descriptor)
{
    struct stat info = {};
    return ::fstat(descriptor, &info) == 0 && S_ISDIR(info.st_mode);
}

int sync(const char *name, int descriptor)
{
    Interposed &state = interposed();
    if (isDirectory(descriptor)) {
        ++state.directorySyncs;
    } else if (state.stopSync.exchange(false)) {
        state.syncEntered.release();
        state.syncReleased.acquire();
    } else if (const int error = state.syncError) {
        errno = error;
        return -1;
    }
    return reinterpret_cast<int (*)(int)>(::dlsym(RTLD_NEXT, name))(descriptor);
}

} // namespace

Interposed &interposed()
{
    static Interposed state;
    return state;
}

extern "C" {

Q_DECL_EXPORT int fsync(int descriptor) { return sync("fsync", descriptor); }

Q_DECL_EXPORT int fdatasync(int descriptor) { return sync("fdatasync", descriptor); }

Q_DECL_EXPORT ssize_t write(int descriptor, const void *bytes, size_t size)
{
    ++interposed().writes;
    return callSystem("write", descriptor, bytes, size);
}

Q_DECL_EXPORT ssize_t pwrite(int descriptor, const void *bytes, size_t size, off_t offset)
{
    ++interposed().writes;
    return callSystem("pwrite", descriptor, bytes, size, offset);
}

Q_DECL_EXPORT ssize_t pwrite64(int descriptor, const void *bytes, size_t size, off64_t offset)
{
    ++interposed().writes;
    return callSystem("pwrite64", descriptor, bytes, size, offset);
}
}
