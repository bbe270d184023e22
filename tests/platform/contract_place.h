// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/unique_handle.h"
#include "platform/filesystem.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <QByteArray>
#include <QString>
#include <QTest>

namespace atomicfile::test {

/// Whether permissions hold the caller back.
enum class Privilege { Root, Somebody };

/// An empty directory on one back-end, for the experiments of one test function. What is made in it
/// disappears with it.
class Place
{
public:
    Place() = default;
    Place(const Place &) = delete;
    Place &operator=(const Place &) = delete;
    virtual ~Place();

    virtual FileSystem &system() = 0;
    virtual Path root() const = 0;
    /// A directory on another volume, if there is one.
    virtual std::optional<Path> otherVolume() const = 0;
    virtual Privilege privilege() const = 0;
    /// Not every system lets everybody make symbolic links.
    virtual bool makesSymlinks() const;
    /// By other means than the interface, which has no calls for these.
    virtual void makeDirectory(const Path &name) = 0;
    /// False where a FIFO cannot have a name in a directory.
    virtual bool makeFifo(const Path &name) = 0;
};

/// Where a place of the system is: in the usual temporary directory, or in memory, which is a volume
/// of its own on most Linux systems. Nothing where this machine lacks it.
enum class Medium { Temporary, SharedMemory };
std::unique_ptr<Place> makeSystemPlace(Medium medium);
/// False on systems that know no directories in memory: no machine could have one.
bool mayHaveSharedMemory();
enum class Modelled { Linux, Darwin, Windows };
std::unique_ptr<Place> makeMemoryPlace(Modelled modelled, Privilege privilege);

/// For initTestCase_data(): one row for each back-end, so that every function runs on all of them.
void addBackends();
/// Nothing where this machine lacks the back-end.
std::unique_ptr<Place> makePlace(const QString &backend);

/// What most test functions start from: a place and its open root.
struct Ground
{
    explicit Ground(const QString &backend);
    explicit Ground(std::unique_ptr<Place> where);

    FileSystem &system() const { return place->system(); }
    DirectoryHandle directory() const { return root.get(); }

    UniqueDirectory openDirectory(const Path &path,
                                  DirectoryAccess access = DirectoryAccess::Read) const;
    /// Open for reading and writing. Where a created file is nobody else's while it is open, it has
    /// been closed and opened again, so that a test can look at it from all sides.
    UniqueFile create(const Path &name, std::string_view content = {}, ModeBits mode = 0644) const;
    UniqueFile open(const Path &name, FileAccess access = FileAccess::Read) const;
    /// Everything in the file of that name, or an error text that no test writes.
    std::string content(const Path &name) const;
    FileInfo info(const Path &name) const;
    FileInfo info(const UniqueFile &file) const;
    bool exists(const Path &name) const;

    std::unique_ptr<Place> place;
    UniqueDirectory root;
};

std::span<const std::byte> bytesOf(std::string_view text);

/// The outcome of a call in words, for QCOMPARE: "ok" or the name of the class and of the call.
QByteArray wordsOf(ErrorClass kind);
template<typename T>
QByteArray outcome(const Result<T> &result)
{
    if (result.ok())
        return "ok";
    const std::string_view call = callName(result.error().call);
    return wordsOf(result.error().kind) + " from "
        + QByteArray(call.data(), static_cast<qsizetype>(call.size()));
}

} // namespace atomicfile::test

/// The first line of a test function: a Ground of the given name on the back-end of this row.
#define ON_EVERY_BACKEND(ground)                                                                   \
    QFETCH_GLOBAL(const QString, backend);                                                         \
    const atomicfile::test::Ground ground(backend);                                                \
    if (!ground.place)                                                                             \
    QSKIP("No directory for this back-end can be had on this machine.")

/// For what is only about symbolic links.
#define REQUIRE_SYMLINKS(ground)                                                                   \
    if (!ground.place->makesSymlinks())                                                            \
    QSKIP("This system does not let this user make symbolic links.")

#define COMPARE_OUTCOME(result, words)                                                             \
    QCOMPARE(atomicfile::test::outcome(result), QByteArray(words))
#define VERIFY_OK(result) COMPARE_OUTCOME(result, "ok")
