// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// What the calls alone take; see ../README.md for what it reads and prints. "bare" makes those that a durable save
// cannot do without, which is the limit. "version" makes these and looks at the file with its times before it is
// published; "pausing" makes them and keeps the processor busy for 100 µs, half of it before the first call and half
// before the file is published. "all" makes the calls of a save of this library, which docs/performance.md lists, and
// does nothing else; "elsewhere" lets another thread make them, and waits for it.
#define _GNU_SOURCE
#include "serve.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

static const char list[] = "system.posix_acl_access";
enum { openFolder = O_RDONLY | O_DIRECTORY | O_CLOEXEC };
enum { openStaged = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC };
enum { openTarget = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY };

static int require(int result, const char *call)
{
    if (result == -1) {
        perror(call);
        exit(1);
    }
    return result;
}

static void look(int file)
{
    struct stat status;
    require(fstat(file, &status), "fstat");
}

static void lookWithoutTimes(int file)
{
    const unsigned wanted = STATX_BASIC_STATS & ~(STATX_ATIME | STATX_MTIME | STATX_CTIME);
    struct statx status;
    require(statx(file, "", AT_EMPTY_PATH, wanted, &status), "statx");
}

/// Whether there is such a file is all that the caller wants to know.
static int lookFor(int folder, const char *name)
{
    struct stat status;
    return fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0;
}

static void put(int file, const char *bytes, size_t size)
{
    if (pwrite(file, bytes, size, 0) != (ssize_t)size)
        require(-1, "pwrite");
}

static void keepBusy(void)
{
    enum { duration = 50 * 1000 };
    const long long end = serveClock() + duration;
    while (serveClock() < end)
        continue;
}

enum Beside { nothing, aLook, pauses };

static int saveBeside(const char *directory, const char *name, const char *bytes, size_t size,
                      enum Beside beside)
{
    if (beside == pauses)
        keepBusy();
    const int folder = require(open(directory, openFolder), "open");
    const int file = require(openat(folder, ".staged", openStaged, 0666), "openat");
    put(file, bytes, size);
    require(fdatasync(file), "fdatasync");
    if (beside == aLook)
        look(file);
    else if (beside == pauses)
        keepBusy();
    require(close(file), "close");
    require(renameat(folder, ".staged", folder, name), "renameat");
    require(fsync(folder), "fsync");
    require(close(folder), "close");
    return 1;
}

static int saveBare(const char *directory, const char *name, const char *bytes, size_t size)
{
    return saveBeside(directory, name, bytes, size, nothing);
}

static int saveWithVersion(const char *directory, const char *name, const char *bytes, size_t size)
{
    return saveBeside(directory, name, bytes, size, aLook);
}

static int savePausing(const char *directory, const char *name, const char *bytes, size_t size)
{
    return saveBeside(directory, name, bytes, size, pauses);
}

static void findOut(const char *directory, const char *name)
{
    const int folder = require(open(directory, openFolder), "open");
    lookFor(folder, name);
    lookWithoutTimes(folder);
    require(close(folder), "close");
}

/// A file without lists and attributes answers that there are none.
static void carry(int folder, const char *name, int file)
{
    char buffer[256];
    const int target = require(openat(folder, name, openTarget), "openat");
    lookWithoutTimes(target);
    (void)!fgetxattr(target, list, buffer, sizeof buffer);
    (void)!fgetxattr(file, list, buffer, sizeof buffer);
    (void)!flistxattr(target, buffer, sizeof buffer);
    require(fchmod(file, 0644), "fchmod");
    lookWithoutTimes(file);
    require(close(target), "close");
}

static int saveByAll(const char *directory, const char *name, const char *bytes, size_t size)
{
    findOut(directory, name);
    const int folder = require(open(directory, openFolder), "open");
    const int isThere = lookFor(folder, name);
    if (isThere)
        require(faccessat(folder, name, W_OK, AT_EACCESS | AT_SYMLINK_NOFOLLOW), "faccessat");
    const int file = require(openat(folder, ".staged", openStaged, isThere ? 0600 : 0666), "openat");
    require(flock(file, LOCK_EX | LOCK_NB), "flock");
    lookWithoutTimes(file);
    put(file, bytes, size);
    if (isThere)
        carry(folder, name, file);
    require(fdatasync(file), "fdatasync");
    look(file);
    lookFor(folder, name);
    require(renameat(folder, ".staged", folder, name), "renameat");
    require(fsync(folder), "fsync");
    require(close(file), "close");
    require(close(folder), "close");
    return 1;
}

/// The save that one thread gives to the other.
static struct
{
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    enum { idle, given, done } state;
    const char *directory;
    const char *name;
    const char *bytes;
    size_t size;
    int saved;
} handover = {.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static void *saveWhatIsGiven(void *nothingMore)
{
    pthread_mutex_lock(&handover.mutex);
    for (;;) {
        while (handover.state != given)
            pthread_cond_wait(&handover.changed, &handover.mutex);
        handover.saved = saveByAll(handover.directory, handover.name, handover.bytes, handover.size);
        handover.state = done;
        pthread_cond_signal(&handover.changed);
    }
    return nothingMore;
}

static int saveElsewhere(const char *directory, const char *name, const char *bytes, size_t size)
{
    pthread_mutex_lock(&handover.mutex);
    handover.directory = directory;
    handover.name = name;
    handover.bytes = bytes;
    handover.size = size;
    handover.state = given;
    pthread_cond_signal(&handover.changed);
    while (handover.state != done)
        pthread_cond_wait(&handover.changed, &handover.mutex);
    handover.state = idle;
    pthread_mutex_unlock(&handover.mutex);
    return handover.saved;
}

static int serveElsewhere(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, saveWhatIsGiven, NULL) != 0)
        return 1;
    return serve(saveElsewhere);
}

int main(int argc, char *argv[])
{
    static const struct
    {
        const char *name;
        Save *save;
    } modes[] = {
        {"bare", saveBare},
        {"version", saveWithVersion},
        {"pausing", savePausing},
        {"all", saveByAll},
    };
    const char *const wanted = argc == 2 ? argv[1] : "";
    for (size_t i = 0; i < sizeof modes / sizeof *modes; ++i) {
        if (strcmp(wanted, modes[i].name) == 0)
            return serve(modes[i].save);
    }
    if (strcmp(wanted, "elsewhere") == 0)
        return serveElsewhere();
    fputs("usage: benchmark_peer_calls bare|version|pausing|all|elsewhere\n", stderr);
    return 2;
}
