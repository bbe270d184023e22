// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "errorclass_native.h"

#include <cerrno>

namespace atomicfile::test {

std::vector<NamedCode> nativeDeviceErrors()
{
    return {{"EUCLEAN", EUCLEAN},
            {"EREMOTEIO", EREMOTEIO},
            {"EHWPOISON", EHWPOISON},
            {"ENOMEDIUM", ENOMEDIUM},
            {"EMEDIUMTYPE", EMEDIUMTYPE}};
}

std::vector<NamedCode> nativePermissionErrors()
{
    return {{"ENOKEY", ENOKEY},
            {"EKEYEXPIRED", EKEYEXPIRED},
            {"EKEYREVOKED", EKEYREVOKED},
            {"EKEYREJECTED", EKEYREJECTED}};
}

} // namespace atomicfile::test
