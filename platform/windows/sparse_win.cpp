// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "error_win.h"
#include "filesystem_win.h"
#include "native_win.h"

#include <algorithm>
#include <array>
#include <span>

namespace atomicfile {

using namespace windows;

namespace {

struct Range
{
    std::int64_t begin;
    std::int64_t end;
};

Result<std::int64_t> sizeOf(HANDLE file, Call call) noexcept
{
    LARGE_INTEGER size = {};
    if (!::GetFileSizeEx(file, &size))
        return lastError(call);
    return std::int64_t{size.QuadPart};
}

/// The first range of [begin, end) that has storage, if there is one. Of a file that allowHoles was
/// never called for this is everything.
Result<std::optional<Range>> firstRange(HANDLE file, Range searched, Call call) noexcept
{
    FILE_ALLOCATED_RANGE_BUFFER query = {};
    query.FileOffset.QuadPart = searched.begin;
    query.Length.QuadPart = searched.end - searched.begin;
    FILE_ALLOCATED_RANGE_BUFFER found = {};
    DWORD length = 0;
    if (!::DeviceIoControl(file, FSCTL_QUERY_ALLOCATED_RANGES, &query, sizeof query, &found,
                           sizeof found, &length, nullptr)) {
        if (::GetLastError() != ERROR_MORE_DATA) // Further ranges follow.
            return lastError(call);
    }
    if (length < sizeof found)
        return std::optional<Range>();
    const std::int64_t begin = found.FileOffset.QuadPart;
    return std::optional(Range{std::max(begin, searched.begin),
                               std::min(begin + found.Length.QuadPart, searched.end)});
}

} // namespace

/// NTFS gives storage to every byte of a file that was not marked like this.
Status WindowsFileSystem::allowHoles(FileHandle file)
{
    DWORD length = 0;
    return statusOf(Call::AllowHoles,
                    ::DeviceIoControl(nativeOf(file), FSCTL_SET_SPARSE, nullptr, 0, nullptr, 0,
                                      &length, nullptr));
}

Result<std::optional<std::int64_t>> WindowsFileSystem::findData(FileHandle file,
                                                                std::int64_t offset)
{
    const auto size = sizeOf(nativeOf(file), Call::FindData);
    if (!size)
        return size.error();
    if (offset >= size.value())
        return std::optional<std::int64_t>();
    const auto range = firstRange(nativeOf(file), {offset, size.value()}, Call::FindData);
    if (!range)
        return range.error();
    if (!range.value())
        return std::optional<std::int64_t>();
    return std::optional(range.value()->begin);
}

/// Ranges that touch are one to whoever looks for a hole; the system may list them apart.
Result<std::int64_t> WindowsFileSystem::findHole(FileHandle file, std::int64_t offset)
{
    const auto size = sizeOf(nativeOf(file), Call::FindHole);
    if (!size)
        return size.error();
    std::int64_t hole = offset;
    while (hole < size.value()) {
        const auto range = firstRange(nativeOf(file), {hole, size.value()}, Call::FindHole);
        if (!range)
            return range.error();
        if (!range.value() || range.value()->begin > hole)
            break;
        hole = range.value()->end;
    }
    return hole;
}

} // namespace atomicfile
