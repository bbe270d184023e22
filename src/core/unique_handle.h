// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "platform/filesystem.h"

#include <memory>
#include <utility>

namespace atomicfile {

/// Owns an open file or directory of one FileSystem. Destroying it closes, with the answer ignored:
/// whoever needs the answer calls close().
template<typename Handle, Status (FileSystem::*Close)(Handle)>
class UniqueHandle
{
public:
    UniqueHandle() = default;
    UniqueHandle(FileSystem &system, Handle handle) : m_system(&system), m_handle(handle) { }
    UniqueHandle(UniqueHandle &&other) noexcept
        : m_system(other.m_system)
        , m_handle(std::exchange(other.m_handle, Handle{}))
    {
    }
    UniqueHandle &operator=(UniqueHandle &&other) noexcept
    {
        if (this != &other) {
            (void)close(); // What is given up here was not written through, or is being discarded.
            m_system = other.m_system;
            m_handle = std::exchange(other.m_handle, Handle{});
        }
        return *this;
    }
    ~UniqueHandle() { (void)close(); }

    Handle get() const noexcept { return m_handle; }
    bool isOpen() const noexcept { return m_handle.isOpen(); }

    /// Closes once; a second call does nothing and says ok.
    Status close()
    {
        if (!isOpen())
            return {};
        return (m_system->*Close)(std::exchange(m_handle, Handle{}));
    }

private:
    FileSystem *m_system = nullptr;
    Handle m_handle;
};

using UniqueDirectory = UniqueHandle<DirectoryHandle, &FileSystem::closeDirectory>;
using UniqueFile = UniqueHandle<FileHandle, &FileSystem::closeFile>;

/// An open directory that is closed with the last of those who use it.
class SharedDirectory
{
public:
    SharedDirectory() = default;
    SharedDirectory(FileSystem &system, DirectoryHandle handle)
        : SharedDirectory(UniqueDirectory(system, handle))
    {
    }
    explicit SharedDirectory(UniqueDirectory directory)
        : m_directory(std::make_shared<const UniqueDirectory>(std::move(directory)))
    {
    }

    DirectoryHandle get() const noexcept
    {
        return m_directory ? m_directory->get() : DirectoryHandle{};
    }

private:
    std::shared_ptr<const UniqueDirectory> m_directory;
};

} // namespace atomicfile
