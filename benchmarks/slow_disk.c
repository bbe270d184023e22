// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// A file "disk" in a FUSE mount that keeps its content in another file, and takes a given time for each
// fsync: a loop device on it is a disk whose flushes are slow.
//
//     benchmark_slow_disk MILLISECONDS BACKING_FILE MOUNT_POINT
#define FUSE_USE_VERSION 31
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int backing = -1;
static struct timespec delay;

static int isDisk(const char *path) { return strcmp(path, "/disk") == 0; }

static int getAttributes(const char *path, struct stat *info, struct fuse_file_info *file)
{
    (void)file;
    if (isDisk(path))
        return fstat(backing, info) == -1 ? -errno : 0;
    if (strcmp(path, "/") != 0)
        return -ENOENT;
    memset(info, 0, sizeof *info);
    info->st_mode = S_IFDIR | 0700;
    info->st_nlink = 2;
    return 0;
}

static int readDirectory(const char *path, void *buffer, fuse_fill_dir_t fill, off_t offset,
                         struct fuse_file_info *file, enum fuse_readdir_flags flags)
{
    (void)path, (void)offset, (void)file, (void)flags;
    return fill(buffer, "disk", NULL, 0, 0) ? -ENOMEM : 0;
}

static int openDisk(const char *path, struct fuse_file_info *file)
{
    (void)file;
    return isDisk(path) ? 0 : -ENOENT;
}

static int readDisk(const char *path, char *bytes, size_t size, off_t offset,
                    struct fuse_file_info *file)
{
    (void)path, (void)file;
    const ssize_t count = pread(backing, bytes, size, offset);
    return count == -1 ? -errno : (int)count;
}

static int writeDisk(const char *path, const char *bytes, size_t size, off_t offset,
                     struct fuse_file_info *file)
{
    (void)path, (void)file;
    const ssize_t count = pwrite(backing, bytes, size, offset);
    return count == -1 ? -errno : (int)count;
}

/// The content is only in the memory of this machine: what is measured is the waiting.
static int syncDisk(const char *path, int dataOnly, struct fuse_file_info *file)
{
    (void)path, (void)dataOnly, (void)file;
    return nanosleep(&delay, NULL) == -1 ? -errno : 0;
}

static const struct fuse_operations operations = {
    .getattr = getAttributes,
    .readdir = readDirectory,
    .open = openDisk,
    .read = readDisk,
    .write = writeDisk,
    .fsync = syncDisk,
};

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: benchmark_slow_disk MILLISECONDS BACKING_FILE MOUNT_POINT\n");
        return 2;
    }
    const long milliseconds = atol(argv[1]);
    delay.tv_sec = milliseconds / 1000;
    delay.tv_nsec = milliseconds % 1000 * 1000000;
    backing = open(argv[2], O_RDWR | O_CLOEXEC);
    if (backing == -1) {
        perror(argv[2]);
        return 1;
    }
    char *arguments[] = {argv[0], "-f", argv[3], NULL};
    return fuse_main(3, arguments, &operations, NULL);
}
