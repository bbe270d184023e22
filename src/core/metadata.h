// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "staged_file.h"

namespace atomicfile {

/// What carrying metadata ended with, if it did not fail.
struct Carried
{
    Losses losses = 0;
};

/**
 * Gives an open staged file the owner, access control list, extended attributes, mode and times of
 * another open file, as far as extent says, in an order in which access is never wider than the other file's: the staged
 * file is private until the mode is set, and the mode comes last.
 *
 * Where something cannot be kept, it is reported as a loss and access is narrowed instead; so it is
 * where only the permissions are taken over and the file is not the same owner's and group's. Without
 * the group its bits and those of the others fall to what both had; without the owner or group the
 * set-id bits go; without the access control list only the owner is left, since an entry may have
 * denied what the others' bits allow. Extended attributes
 * and flags are carried in between. Those that say something of the content, as the capabilities of a
 * program do, go with the file's own content only, and only to the same owner and group: a file that is
 * written to in place loses them as well.
 *
 * @param created what statFile() said of the staged file.
 */
Result<Carried, SystemError> carryMetadata(FileSystem &system, FileHandle staged,
                                           const FileInfo &created, const MetadataSource &source);

/// Gives a new staged file exactly these permissions, whatever the directory has for new files. What
/// cannot be set so is narrowed and reported as a loss.
Result<Carried, SystemError> applyPermissions(FileSystem &system, FileHandle staged,
                                              ModeBits permissions);

} // namespace atomicfile
