// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <string_view>

namespace atomicfile {

/// Every call of the platform interface has a name here, so that a test can count it, make its N-th
/// use fail, or stop the world there. One enumerator per method of FileSystem, in the same order.
enum class Call {
    OpenDirectory,
    CloseDirectory,
    SyncDirectory,
    CreateDirectory,
    ReadDirectory,
    StatDirectory,
    Stat,
    CheckWritable,
    ReadLink,
    StoredName,
    CreateSymlink,
    Rename,
    RenameNoReplace,
    Exchange,
    Replace,
    Link,
    Unlink,
    CreateFile,
    OpenFile,
    CloseFile,
    StatFile,
    BirthTime,
    LockFile,
    ReadAt,
    WriteAt,
    AllowHoles,
    SetSize,
    Reserve,
    StartWriteback,
    FindData,
    FindHole,
    CloneContent,
    CloneFile,
    CopyRange,
    SetOwner,
    SetMode,
    SetTimes,
    ReadAccessControl,
    WriteAccessControl,
    ListAttributes,
    ReadAttribute,
    WriteAttribute,
    SetFlags,
    SyncFile,
    WriteOutFile,
    WriteOutDirectory,
    SyncVolume,
    Pause,
    Random,
};

struct NamedCall
{
    Call call;
    std::string_view name;
};

inline constexpr std::array allCalls = {
    NamedCall{Call::OpenDirectory, "openDirectory"},
    NamedCall{Call::CloseDirectory, "closeDirectory"},
    NamedCall{Call::SyncDirectory, "syncDirectory"},
    NamedCall{Call::CreateDirectory, "createDirectory"},
    NamedCall{Call::ReadDirectory, "readDirectory"},
    NamedCall{Call::StatDirectory, "statDirectory"},
    NamedCall{Call::Stat, "stat"},
    NamedCall{Call::CheckWritable, "checkWritable"},
    NamedCall{Call::ReadLink, "readLink"},
    NamedCall{Call::StoredName, "storedName"},
    NamedCall{Call::CreateSymlink, "createSymlink"},
    NamedCall{Call::Rename, "rename"},
    NamedCall{Call::RenameNoReplace, "renameNoReplace"},
    NamedCall{Call::Exchange, "exchange"},
    NamedCall{Call::Replace, "replace"},
    NamedCall{Call::Link, "link"},
    NamedCall{Call::Unlink, "unlink"},
    NamedCall{Call::CreateFile, "createFile"},
    NamedCall{Call::OpenFile, "openFile"},
    NamedCall{Call::CloseFile, "closeFile"},
    NamedCall{Call::StatFile, "statFile"},
    NamedCall{Call::BirthTime, "birthTime"},
    NamedCall{Call::LockFile, "lockFile"},
    NamedCall{Call::ReadAt, "readAt"},
    NamedCall{Call::WriteAt, "writeAt"},
    NamedCall{Call::AllowHoles, "allowHoles"},
    NamedCall{Call::SetSize, "setSize"},
    NamedCall{Call::Reserve, "reserve"},
    NamedCall{Call::StartWriteback, "startWriteback"},
    NamedCall{Call::FindData, "findData"},
    NamedCall{Call::FindHole, "findHole"},
    NamedCall{Call::CloneContent, "cloneContent"},
    NamedCall{Call::CloneFile, "cloneFile"},
    NamedCall{Call::CopyRange, "copyRange"},
    NamedCall{Call::SetOwner, "setOwner"},
    NamedCall{Call::SetMode, "setMode"},
    NamedCall{Call::SetTimes, "setTimes"},
    NamedCall{Call::ReadAccessControl, "readAccessControl"},
    NamedCall{Call::WriteAccessControl, "writeAccessControl"},
    NamedCall{Call::ListAttributes, "listAttributes"},
    NamedCall{Call::ReadAttribute, "readAttribute"},
    NamedCall{Call::WriteAttribute, "writeAttribute"},
    NamedCall{Call::SetFlags, "setFlags"},
    NamedCall{Call::SyncFile, "syncFile"},
    NamedCall{Call::WriteOutFile, "writeOutFile"},
    NamedCall{Call::WriteOutDirectory, "writeOutDirectory"},
    NamedCall{Call::SyncVolume, "syncVolume"},
    NamedCall{Call::Pause, "pause"},
    NamedCall{Call::Random, "random"},
};

/// The name of a call as error texts and tests print it. The list above is in the order of the enum.
constexpr std::string_view callName(Call call)
{
    return allCalls[static_cast<std::size_t>(call)].name;
}

namespace detail {
constexpr bool callsAreInOrder()
{
    for (std::size_t i = 0; i < allCalls.size(); ++i) {
        if (static_cast<std::size_t>(allCalls[i].call) != i)
            return false;
    }
    return true;
}
static_assert(callsAreInOrder(), "allCalls must name every Call, in the order of the enum");
} // namespace detail

} // namespace atomicfile
