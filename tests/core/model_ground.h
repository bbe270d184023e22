// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "outcome_text.h"
#include "support/memory_filesystem.h"

#include <set>
#include <string>
#include <string_view>

#include <QByteArray>
#include <QMetaType>

namespace atomicfile::test {

inline MemoryOptions optionsOf(Profile profile)
{
    MemoryOptions options;
    options.profile = profile;
    options.hasClone = true;
    return options;
}

/// A model with one directory, open, to ask the model itself.
struct ModelGround
{
    explicit ModelGround(Profile profile) : system(optionsOf(profile))
    {
        system.addDirectory("/there");
        directory = system.openDirectory("/there", DirectoryAccess::Read).value();
    }

    Status rename(const Path &from, const Path &to)
    {
        return system.rename(directory, from, directory, to);
    }
    Status replace() { return system.replace(directory, "staged", "target", "backup"); }
    FileHandle create(const Path &name, std::string_view content = {})
    {
        const FileHandle file = system.createFile(directory, name, 0600).value();
        (void)system.writeAt(file, 0, bytesOf(content)).value(); // The model has room.
        return file;
    }
    void createClosed(const Path &name, std::string_view content = {})
    {
        (void)system.closeFile(create(name, content)); // Closing tells nothing here.
    }

    /// The directory's names and what is in them, in one text for each state.
    std::set<std::string> states() const
    {
        std::set<std::string> texts;
        for (const Tree &state : system.crashStates(CrashModel::Ordered))
            texts.insert(textOf(state));
        return texts;
    }
    static std::string textOf(const Tree &tree)
    {
        std::string text;
        for (const std::string &name : tree.listing("/there"))
            text += name + '=' + tree.content(Path("/there") / name).value_or("?") + ' ';
        return text;
    }

    MemoryFileSystem system;
    DirectoryHandle directory;
};

/// "ok", or class, native code and whether it may pass.
template<typename T>
QByteArray answer(const Result<T> &result)
{
    if (result.ok())
        return "ok";
    const SystemError &error = result.error();
    const std::string_view kind = nameOf(error.kind);
    QByteArray text(kind.data(), static_cast<qsizetype>(kind.size()));
    if (error.native.scope == NativeScope::Win32)
        text += " win32 " + QByteArray::number(error.native.code);
    else if (error.native.scope == NativeScope::Errno)
        text += " errno";
    return error.mayPass ? text + " may pass" : text;
}

using Texts = std::set<std::string>;

} // namespace atomicfile::test

Q_DECLARE_METATYPE(atomicfile::test::Profile)
