// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "access_win.h"

#include "error_win.h"

#include <sddl.h>

#include <array>
#include <string>

namespace atomicfile::windows {

namespace {

/// The identifier of the user on whose behalf this thread acts, in letters; empty on failure.
std::wstring currentUser()
{
    alignas(TOKEN_USER) std::array<std::byte, sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE> buffer;
    DWORD length = 0;
    if (!::GetTokenInformation(::GetCurrentThreadEffectiveToken(), TokenUser, buffer.data(),
                               static_cast<DWORD>(buffer.size()), &length))
        return {};
    LPWSTR text = nullptr;
    const auto *user = reinterpret_cast<const TOKEN_USER *>(buffer.data());
    if (!::ConvertSidToStringSidW(user->User.Sid, &text))
        return {};
    std::wstring result(text);
    (void)::LocalFree(text);
    return result;
}

} // namespace

/**
 * Protected (P) from what the directory would bequeath. All rights (FA) for the user and for the
 * system itself (SY), without which no service could back up or index the file. The user by name,
 * and not whoever owns the file: what an administrator creates may belong to all administrators,
 * and to nobody while the same person works without those rights.
 */
Result<SecurityDescriptor> descriptorFor(ModeBits mode)
{
    if ((mode & (mode::groupAll | mode::othersAll)) != 0)
        return SecurityDescriptor();
    const std::wstring user = currentUser();
    if (user.empty())
        return lastError(Call::CreateFile);
    const std::wstring list = L"D:P(A;;FA;;;" + user + L")(A;;FA;;;SY)";
    PSECURITY_DESCRIPTOR descriptor = nullptr;
    if (!::ConvertStringSecurityDescriptorToSecurityDescriptorW(list.c_str(), SDDL_REVISION_1,
                                                                &descriptor, nullptr))
        return lastError(Call::CreateFile);
    return SecurityDescriptor(descriptor);
}

} // namespace atomicfile::windows
