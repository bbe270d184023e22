// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "filesystem_kinds_linux.h"

namespace {

const FileSystemKind ext4{.name = "ext4",
                          .mebibytes = 32,
                          .make = "mkfs.ext4 -q %image",
                          .type = "ext4",
                          // What nobody syncs stays in memory for as long as a test takes.
                          .options = "commit=600,noinit_itable"};

const FileSystemKind kinds[] = {
    ext4,
    {.name = "XFS",
     .mebibytes = 320,
     .make = "mkfs.xfs -q %image",
     .type = "xfs",
     .optionsOfCopy = "nouuid"},
    {.name = "btrfs",
     .mebibytes = 128,
     .make = "mkfs.btrfs -q %image",
     .type = "btrfs",
     .options = "commit=600"},
    {.name = "tmpfs", .type = "tmpfs", .options = "size=64m"},
    {.name = "overlayfs on ext4",
     .type = "overlay",
     .options = "lowerdir=%base/lower,upperdir=%base/files,workdir=%base/work",
     .base = &ext4},
    {.name = "ntfs-3g",
     .mebibytes = 32,
     .make = "mkfs.ntfs -q -F -Q %image",
     .serve = "ntfs-3g -o no_detach %device %root"},
    {.name = "exfat-fuse",
     .mebibytes = 32,
     .make = "mkfs.exfat %image",
     .serve = "mount.exfat-fuse -d %device %root"},
    {.name = "sshfs on ext4",
     .serve = "sshfs -f -o ssh_command=" SFTP_SERVER " server:%base/files %root",
     .base = &ext4},
};

} // namespace

std::span<const FileSystemKind> fileSystemKinds() { return kinds; }
