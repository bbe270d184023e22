// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "this_system.h"

#include "core/operations.h"
#include "core/unique_handle.h"
#include "platform/filesystem.h"

#include <QDir>
#include <QFile>

#include <span>

using namespace atomicfile;

namespace thissystem {

namespace {

Path pathOf(const QString &path) { return QDir::toNativeSeparators(path).toStdU16String(); }

} // namespace

bool makeSymlink(const QString &destination, const QString &link)
{
    FileSystem &system = systemFileSystem();
    const Path path = pathOf(link);
    const auto opened = system.openDirectory(path.parent_path(), DirectoryAccess::Read);
    if (!opened.ok())
        return false;
    const UniqueDirectory directory(system, opened.value());
    return system.createSymlink(directory.get(), path.filename(), pathOf(destination)).ok()
        && system.readLink(directory.get(), path.filename()).ok();
}

bool ignoresPermissions() { return !hasModes() || systemFileSystem().effectiveUser() == 0; }

bool hasModes() { return systemFileSystem().capabilities().modesGuard; }

bool takesAnyName()
{
    return !systemFileSystem().judgePath(pathOf(QDir::tempPath() + QStringLiteral("/a?")));
}

bool replacesInOneStep() { return !systemFileSystem().capabilities().replaceKeepsMetadata; }

std::optional<QByteArray> contentBesideWriters(const QString &path)
{
    if (replacesInOneStep()) { // A plain reader is in nobody's way.
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? std::optional(file.readAll()) : std::nullopt;
    }
    QByteArray content;
    NullMonitor monitor;
    const auto resize = [&content](std::size_t size) {
        content.resize(static_cast<qsizetype>(size));
        return std::as_writable_bytes(std::span(content.data(), size));
    };
    const auto read = readFile(systemFileSystem(), pathOf(path), resize, monitor);
    if (!read && read.error().kind == ErrorClass::NotFound)
        return {};
    if (!read)
        qFatal("A reader beside writers failed: class %d, step %d, native code %d",
               static_cast<int>(read.error().kind), static_cast<int>(read.error().step),
               static_cast<int>(read.error().native.code));
    return content;
}

} // namespace thissystem
