// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "contract_place.h"

#include <array>
#include <utility>
#include <vector>

#include <QTest>

namespace atomicfile::test {

namespace {

/// A place that cannot be prepared leaves nothing to test; the program ends with the reason.
template<typename T>
T require(Result<T> result, const char *what)
{
    if (!result.ok()) {
        const QByteArray why = outcome(result);
        qFatal("Preparing the test failed: %s: %s", what, why.constData());
    }
    return std::move(result).value();
}

} // namespace

Place::~Place() = default;

bool Place::makesSymlinks() const { return true; }

void addBackends()
{
    QTest::addColumn<QString>("backend");
    std::vector<const char *> backends = {"system", "model", "model as somebody", "model of Darwin",
                                          "model of Windows"};
    if (mayHaveSharedMemory())
        backends.insert(backends.begin() + 1, "system on tmpfs");
    for (const char *backend : backends)
        QTest::newRow(backend) << QString::fromLatin1(backend);
}

std::unique_ptr<Place> makePlace(const QString &backend)
{
    if (backend == QLatin1String("model"))
        return makeMemoryPlace(Modelled::Linux, Privilege::Root);
    if (backend == QLatin1String("model as somebody"))
        return makeMemoryPlace(Modelled::Linux, Privilege::Somebody);
    if (backend == QLatin1String("model of Darwin"))
        return makeMemoryPlace(Modelled::Darwin, Privilege::Somebody);
    if (backend == QLatin1String("model of Windows"))
        return makeMemoryPlace(Modelled::Windows, Privilege::Somebody);
    if (backend == QLatin1String("system on tmpfs"))
        return makeSystemPlace(Medium::SharedMemory);
    return makeSystemPlace(Medium::Temporary);
}

Ground::Ground(const QString &backend) : Ground(makePlace(backend)) { }

Ground::Ground(std::unique_ptr<Place> where) : place(std::move(where))
{
    if (place)
        root = openDirectory(place->root());
}

UniqueDirectory Ground::openDirectory(const Path &path, DirectoryAccess access) const
{
    return {system(), require(system().openDirectory(path, access), "openDirectory")};
}

UniqueFile Ground::create(const Path &name, std::string_view content, ModeBits mode) const
{
    UniqueFile file(system(), require(system().createFile(directory(), name, mode), "createFile"));
    if (!content.empty()) {
        const auto count = require(system().writeAt(file.get(), 0, bytesOf(content)), "writeAt");
        if (count != content.size())
            qFatal("Preparing the test failed: a small write was cut short");
    }
    if (system().capabilities().publishesOpenFiles)
        return file;
    if (!file.close().ok())
        qFatal("Preparing the test failed: a file could not be closed");
    return open(name, FileAccess::ReadWrite);
}

UniqueFile Ground::open(const Path &name, FileAccess access) const
{
    return {system(), require(system().openFile(directory(), name, access), "openFile")};
}

std::string Ground::content(const Path &name) const
{
    auto opened = system().openFile(directory(), name, FileAccess::Read);
    if (!opened.ok())
        return outcome(opened).toStdString();
    const UniqueFile file(system(), opened.value());
    std::string bytes(1 << 16, '\0');
    const auto buffer = std::as_writable_bytes(std::span(bytes));
    bytes.resize(require(system().readAt(file.get(), 0, buffer), "readAt"));
    return bytes;
}

FileInfo Ground::info(const Path &name) const
{
    return require(system().stat(directory(), name), "stat");
}

FileInfo Ground::info(const UniqueFile &file) const
{
    return require(system().statFile(file.get(), Times::Asked), "statFile");
}

bool Ground::exists(const Path &name) const { return system().stat(directory(), name).ok(); }

std::span<const std::byte> bytesOf(std::string_view text)
{
    return std::as_bytes(std::span(text.data(), text.size()));
}

QByteArray wordsOf(ErrorClass kind)
{
    static constexpr std::array words = {
        "InvalidPath",   "NotFound",     "PermissionDenied", "ReadOnlyFileSystem",
        "AlreadyExists", "IsDirectory",  "NotRegularFile",   "NoSpace",
        "FileTooLarge",  "TooManyLinks", "NameTooLong",      "Busy",
        "Conflict",      "Cancelled",    "Unsupported",      "ResourceExhausted",
        "DeviceError",   "Unknown",      "NotSameDevice",    "HalfReplaced",
        "Interrupted",
    };
    static_assert(words.size() == static_cast<std::size_t>(ErrorClass::Interrupted) + 1);
    return words[static_cast<std::size_t>(kind)];
}

} // namespace atomicfile::test
