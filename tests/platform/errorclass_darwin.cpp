// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "errorclass_native.h"

#include <cerrno>

namespace atomicfile::test {

std::vector<NamedCode> nativeDeviceErrors()
{
    return {{"EDEVERR", EDEVERR}, {"EPWROFF", EPWROFF}, {"EBADRPC", EBADRPC}};
}

std::vector<NamedCode> nativePermissionErrors()
{
    return {{"EAUTH", EAUTH}, {"ENEEDAUTH", ENEEDAUTH}};
}

} // namespace atomicfile::test
