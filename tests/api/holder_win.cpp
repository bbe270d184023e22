// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// holder FILE nothing|everything   opens FILE, shares it that far, says "held" and lets it go when its
//                                  standard input ends

#include <cstdio>
#include <filesystem>
#include <string_view>

#include <windows.h>

int main(int argc, char *argv[])
{
    if (argc != 3)
        return 2;
    constexpr DWORD everything = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    const HANDLE file = ::CreateFileW(std::filesystem::path(argv[1]).c_str(), GENERIC_READ,
                                      std::string_view(argv[2]) == "everything" ? everything : 0,
                                      nullptr, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr);
    if (file == INVALID_HANDLE_VALUE)
        return 1;
    std::puts("held");
    std::fflush(stdout);
    while (std::getchar() != EOF) { }
    ::CloseHandle(file);
    return 0;
}
