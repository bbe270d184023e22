// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "decorated_filesystem.h"

#include <cstdio>
#include <cstdlib>
#include <type_traits>

namespace atomicfile::test {

namespace {

CallRecord onDirectory(Call call, DirectoryHandle directory, const Path &name = {},
                       const Path &otherName = {})
{
    return {call, name, otherName, directory, {}, {}};
}

CallRecord onFile(Call call, FileHandle file) { return {call, {}, {}, {}, {}, file}; }

CallRecord onPath(Call call, const Path &path) { return {call, path, {}, {}, {}, {}}; }

[[noreturn]] void returnsSomething(const CallRecord &record)
{
    std::fprintf(stderr, "%s returns something: nobody can lie about what it did\n",
                 describe(record).c_str());
    std::abort();
}

} // namespace

std::string describe(const CallRecord &record)
{
    std::string text(callName(record.call));
    text += '(' + record.name.string();
    if (!record.otherName.empty())
        text += ", " + record.otherName.string();
    return text + ')';
}

DecoratedFileSystem::DecoratedFileSystem(FileSystem &system) : m_system(system) { }

DecoratedFileSystem::~DecoratedFileSystem() = default;

Verdict DecoratedFileSystem::before(const CallRecord &) { return {}; }
void DecoratedFileSystem::after(const CallRecord &, const SystemError *) { }
std::size_t DecoratedFileSystem::transferLimit(Call, std::size_t wanted) { return wanted; }

template<typename F>
auto DecoratedFileSystem::around(const CallRecord &record, F make) -> decltype(make())
{
    using Answer = decltype(make());
    const Verdict verdict = before(record);
    switch (verdict.kind) {
    case Verdict::Kind::Pass:
        break;
    case Verdict::Kind::Fail:
        // A handle is gone after its close, whatever close says; its own answer gives way.
        if (record.call == Call::CloseFile || record.call == Call::CloseDirectory)
            (void)make();
        after(record, &verdict.error);
        return verdict.error;
    case Verdict::Kind::Pretend:
        if constexpr (std::is_same_v<Answer, Status>) {
            after(record, nullptr);
            return {};
        }
        returnsSomething(record);
    case Verdict::Kind::FailAfter:
        if constexpr (std::is_same_v<Answer, Status>) {
            (void)make(); // Whatever it says is lost.
            after(record, &verdict.error);
            return verdict.error;
        }
        returnsSomething(record);
    }
    Answer answer = make();
    after(record, answer.ok() ? nullptr : &answer.error());
    return answer;
}

Capabilities DecoratedFileSystem::capabilities() const { return m_system.capabilities(); }

std::optional<ErrorClass> DecoratedFileSystem::judgePath(const Path &path) const
{
    return m_system.judgePath(path);
}

std::uint32_t DecoratedFileSystem::effectiveUser() const { return m_system.effectiveUser(); }

std::optional<Path> DecoratedFileSystem::stateDirectory() const
{
    return m_system.stateDirectory();
}

std::size_t DecoratedFileSystem::mostOpenFiles() const { return m_system.mostOpenFiles(); }

std::chrono::nanoseconds DecoratedFileSystem::steadyTime() const { return m_system.steadyTime(); }

AttributeKind DecoratedFileSystem::attributeKind(const std::string &name) const
{
    return m_system.attributeKind(name);
}

Result<DirectoryHandle> DecoratedFileSystem::openDirectory(const Path &path, DirectoryAccess access)
{
    return around(onPath(Call::OpenDirectory, path),
                  [&] { return m_system.openDirectory(path, access); });
}

Status DecoratedFileSystem::closeDirectory(DirectoryHandle directory)
{
    return around(onDirectory(Call::CloseDirectory, directory),
                  [&] { return m_system.closeDirectory(directory); });
}

Status DecoratedFileSystem::syncDirectory(DirectoryHandle directory)
{
    return around(onDirectory(Call::SyncDirectory, directory),
                  [&] { return m_system.syncDirectory(directory); });
}

Status DecoratedFileSystem::createDirectory(DirectoryHandle directory, const Path &name,
                                            ModeBits mode)
{
    return around(onDirectory(Call::CreateDirectory, directory, name),
                  [&] { return m_system.createDirectory(directory, name, mode); });
}

Result<std::vector<Path>> DecoratedFileSystem::readDirectory(DirectoryHandle directory,
                                                             const Path &prefix)
{
    return around(onDirectory(Call::ReadDirectory, directory, prefix),
                  [&] { return m_system.readDirectory(directory, prefix); });
}

Result<FileInfo> DecoratedFileSystem::statDirectory(DirectoryHandle directory)
{
    return around(onDirectory(Call::StatDirectory, directory),
                  [&] { return m_system.statDirectory(directory); });
}

Result<FileInfo> DecoratedFileSystem::stat(DirectoryHandle directory, const Path &name)
{
    return around(onDirectory(Call::Stat, directory, name),
                  [&] { return m_system.stat(directory, name); });
}

Status DecoratedFileSystem::checkWritable(DirectoryHandle directory, const Path &name)
{
    return around(onDirectory(Call::CheckWritable, directory, name),
                  [&] { return m_system.checkWritable(directory, name); });
}

Result<Path> DecoratedFileSystem::readLink(DirectoryHandle directory, const Path &name)
{
    return around(onDirectory(Call::ReadLink, directory, name),
                  [&] { return m_system.readLink(directory, name); });
}

Result<Path> DecoratedFileSystem::storedName(DirectoryHandle directory, const Path &name)
{
    return around(onDirectory(Call::StoredName, directory, name),
                  [&] { return m_system.storedName(directory, name); });
}

Status DecoratedFileSystem::createSymlink(DirectoryHandle directory, const Path &name,
                                          const Path &destination)
{
    return around(onDirectory(Call::CreateSymlink, directory, name, destination),
                  [&] { return m_system.createSymlink(directory, name, destination); });
}

Status DecoratedFileSystem::rename(DirectoryHandle fromDirectory, const Path &from,
                                   DirectoryHandle toDirectory, const Path &to)
{
    return around({Call::Rename, from, to, fromDirectory, toDirectory, {}},
                  [&] { return m_system.rename(fromDirectory, from, toDirectory, to); });
}

Status DecoratedFileSystem::renameNoReplace(DirectoryHandle fromDirectory, const Path &from,
                                            DirectoryHandle toDirectory, const Path &to)
{
    return around({Call::RenameNoReplace, from, to, fromDirectory, toDirectory, {}},
                  [&] { return m_system.renameNoReplace(fromDirectory, from, toDirectory, to); });
}

Status DecoratedFileSystem::exchange(DirectoryHandle directory, const Path &one, const Path &other)
{
    return around(onDirectory(Call::Exchange, directory, one, other),
                  [&] { return m_system.exchange(directory, one, other); });
}

Status DecoratedFileSystem::replace(DirectoryHandle directory, const Path &staged,
                                    const Path &target, const Path &backup)
{
    return around(onDirectory(Call::Replace, directory, staged, target),
                  [&] { return m_system.replace(directory, staged, target, backup); });
}

Status DecoratedFileSystem::link(DirectoryHandle fromDirectory, const Path &from,
                                 DirectoryHandle toDirectory, const Path &to)
{
    return around({Call::Link, from, to, fromDirectory, toDirectory, {}},
                  [&] { return m_system.link(fromDirectory, from, toDirectory, to); });
}

Status DecoratedFileSystem::unlink(DirectoryHandle directory, const Path &name)
{
    return around(onDirectory(Call::Unlink, directory, name),
                  [&] { return m_system.unlink(directory, name); });
}

Result<FileHandle> DecoratedFileSystem::createFile(DirectoryHandle directory, const Path &name,
                                                   ModeBits mode)
{
    return around(onDirectory(Call::CreateFile, directory, name),
                  [&] { return m_system.createFile(directory, name, mode); });
}

Result<FileHandle> DecoratedFileSystem::openFile(DirectoryHandle directory, const Path &name,
                                                 FileAccess access)
{
    return around(onDirectory(Call::OpenFile, directory, name),
                  [&] { return m_system.openFile(directory, name, access); });
}

Status DecoratedFileSystem::closeFile(FileHandle file)
{
    return around(onFile(Call::CloseFile, file), [&] { return m_system.closeFile(file); });
}

Result<FileInfo> DecoratedFileSystem::statFile(FileHandle file, Times times)
{
    CallRecord record = onFile(Call::StatFile, file);
    record.times = times;
    return around(record, [&] { return m_system.statFile(file, times); });
}

Result<Nanoseconds> DecoratedFileSystem::birthTime(FileHandle file)
{
    return around(onFile(Call::BirthTime, file), [&] { return m_system.birthTime(file); });
}

Status DecoratedFileSystem::lockFile(FileHandle file, const Path &key)
{
    return around({Call::LockFile, key, {}, {}, {}, file},
                  [&] { return m_system.lockFile(file, key); });
}

Result<std::size_t> DecoratedFileSystem::readAt(FileHandle file, std::int64_t offset,
                                                std::span<std::byte> buffer)
{
    const auto part = buffer.first(transferLimit(Call::ReadAt, buffer.size()));
    return around(onFile(Call::ReadAt, file), [&] { return m_system.readAt(file, offset, part); });
}

Result<std::size_t> DecoratedFileSystem::writeAt(FileHandle file, std::int64_t offset,
                                                 std::span<const std::byte> bytes)
{
    const auto part = bytes.first(transferLimit(Call::WriteAt, bytes.size()));
    return around(onFile(Call::WriteAt, file),
                  [&] { return m_system.writeAt(file, offset, part); });
}

Status DecoratedFileSystem::allowHoles(FileHandle file)
{
    return around(onFile(Call::AllowHoles, file), [&] { return m_system.allowHoles(file); });
}

Status DecoratedFileSystem::setSize(FileHandle file, std::int64_t size)
{
    return around(onFile(Call::SetSize, file), [&] { return m_system.setSize(file, size); });
}

Status DecoratedFileSystem::reserve(FileHandle file, std::int64_t size)
{
    return around(onFile(Call::Reserve, file), [&] { return m_system.reserve(file, size); });
}

Status DecoratedFileSystem::startWriteback(FileHandle file, std::int64_t offset,
                                           std::int64_t length)
{
    return around(onFile(Call::StartWriteback, file),
                  [&] { return m_system.startWriteback(file, offset, length); });
}

Result<std::optional<std::int64_t>> DecoratedFileSystem::findData(FileHandle file,
                                                                  std::int64_t offset)
{
    return around(onFile(Call::FindData, file), [&] { return m_system.findData(file, offset); });
}

Result<std::int64_t> DecoratedFileSystem::findHole(FileHandle file, std::int64_t offset)
{
    return around(onFile(Call::FindHole, file), [&] { return m_system.findHole(file, offset); });
}

Status DecoratedFileSystem::cloneContent(FileHandle source, FileHandle destination)
{
    return around(onFile(Call::CloneContent, destination),
                  [&] { return m_system.cloneContent(source, destination); });
}

Result<FileHandle> DecoratedFileSystem::cloneFile(FileHandle source, DirectoryHandle directory,
                                                  const Path &name, ModeBits mode)
{
    return around({Call::CloneFile, name, {}, directory, {}, source},
                  [&] { return m_system.cloneFile(source, directory, name, mode); });
}

Result<std::size_t> DecoratedFileSystem::copyRange(FileHandle source, FileHandle destination,
                                                   std::int64_t offset, std::size_t length)
{
    const std::size_t part = transferLimit(Call::CopyRange, length);
    return around(onFile(Call::CopyRange, destination),
                  [&] { return m_system.copyRange(source, destination, offset, part); });
}

Status DecoratedFileSystem::setOwner(FileHandle file, std::uint32_t owner, std::uint32_t group)
{
    return around(onFile(Call::SetOwner, file),
                  [&] { return m_system.setOwner(file, owner, group); });
}

Status DecoratedFileSystem::setMode(FileHandle file, ModeBits mode)
{
    return around(onFile(Call::SetMode, file), [&] { return m_system.setMode(file, mode); });
}

Status DecoratedFileSystem::setTimes(FileHandle file, Nanoseconds accessed, Nanoseconds modified)
{
    return around(onFile(Call::SetTimes, file),
                  [&] { return m_system.setTimes(file, accessed, modified); });
}

Result<AccessControl> DecoratedFileSystem::readAccessControl(FileHandle file)
{
    return around(onFile(Call::ReadAccessControl, file),
                  [&] { return m_system.readAccessControl(file); });
}

Status DecoratedFileSystem::writeAccessControl(FileHandle file, const AccessControl &list)
{
    return around(onFile(Call::WriteAccessControl, file),
                  [&] { return m_system.writeAccessControl(file, list); });
}

Result<std::vector<std::string>> DecoratedFileSystem::listAttributes(FileHandle file)
{
    return around(onFile(Call::ListAttributes, file),
                  [&] { return m_system.listAttributes(file); });
}

Result<AttributeValue> DecoratedFileSystem::readAttribute(FileHandle file, const std::string &name)
{
    return around(onFile(Call::ReadAttribute, file),
                  [&] { return m_system.readAttribute(file, name); });
}

Status DecoratedFileSystem::writeAttribute(FileHandle file, const std::string &name,
                                           const AttributeValue &value)
{
    return around(onFile(Call::WriteAttribute, file),
                  [&] { return m_system.writeAttribute(file, name, value); });
}

Status DecoratedFileSystem::setFlags(FileHandle file, FileFlags flags)
{
    return around(onFile(Call::SetFlags, file), [&] { return m_system.setFlags(file, flags); });
}

Status DecoratedFileSystem::writeOutFile(FileHandle file)
{
    return around(onFile(Call::WriteOutFile, file), [&] { return m_system.writeOutFile(file); });
}

Status DecoratedFileSystem::writeOutDirectory(DirectoryHandle directory)
{
    return around(onDirectory(Call::WriteOutDirectory, directory),
                  [&] { return m_system.writeOutDirectory(directory); });
}

Status DecoratedFileSystem::syncVolume(DirectoryHandle directory, std::int64_t most)
{
    return around(onDirectory(Call::SyncVolume, directory),
                  [&] { return m_system.syncVolume(directory, most); });
}

Status DecoratedFileSystem::syncFile(FileHandle file, SyncScope scope)
{
    return around(onFile(Call::SyncFile, file), [&] { return m_system.syncFile(file, scope); });
}

Status DecoratedFileSystem::pause(std::chrono::milliseconds duration)
{
    return around(onPath(Call::Pause, {}), [&] { return m_system.pause(duration); });
}

Status DecoratedFileSystem::random(std::span<std::byte> buffer)
{
    return around(onPath(Call::Random, {}), [&] { return m_system.random(buffer); });
}

} // namespace atomicfile::test
