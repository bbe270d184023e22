// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "observe.h"

#include "operations.h"
#include "retry.h"
#include "target.h"

#include <algorithm>
#include <utility>

namespace atomicfile {

namespace {

std::optional<UniqueDirectory> openToLook(FileSystem &system, const Path &path)
{
    for (const auto access : {DirectoryAccess::Read, DirectoryAccess::SearchOnly}) {
        const auto opened = retryInterrupted([&] { return system.openDirectory(path, access); });
        if (opened)
            return UniqueDirectory(system, opened.value());
    }
    return std::nullopt;
}

/// Collects the directories of one observation.
class Directories
{
public:
    explicit Directories(FileSystem &system) : m_system(system) { }

    /// The directory in which something stands, or should.
    void addHolder(const Path &directory)
    {
        // A directory that is moved away does not say so, and another may take its place.
        if (add(directory))
            addNearest(directory.parent_path());
        else
            addNearest(directory);
        addHoldersOfLinks(directory);
    }

    std::vector<Watched> take() { return std::move(m_found); }

private:
    /// False if there is no such directory.
    bool add(const Path &path)
    {
        if (isKnown(path))
            return true;
        const auto directory = openToLook(m_system, path);
        if (!directory)
            return false;
        const auto info = retryInterrupted(
            [&] { return m_system.statDirectory(directory->get()); });
        if (!info)
            return false;
        m_found.push_back({path, info.value().identity});
        return true;
    }

    void addNearest(Path path)
    {
        while (!path.empty() && !add(path) && path != path.parent_path())
            path = path.parent_path();
    }

    /// A directory on the way may be a symbolic link, to be led elsewhere.
    void addHoldersOfLinks(const Path &directory)
    {
        for (Path path = directory.parent_path(); path != path.parent_path();
             path = path.parent_path()) {
            const Path holder = path.parent_path();
            const auto opened = openToLook(m_system, holder);
            if (!opened)
                continue;
            const auto info = retryInterrupted(
                [&] { return m_system.stat(opened->get(), path.filename()); });
            if (info && info.value().kind == FileKind::Symlink)
                (void)add(holder); // If it has gone by now, a directory that is watched says so.
        }
    }

    bool isKnown(const Path &path) const
    {
        return std::any_of(m_found.begin(), m_found.end(),
                           [&](const Watched &known) { return known.path == path; });
    }

    FileSystem &m_system;
    std::vector<Watched> m_found;
};

/// True where nothing that could be called a file stands at the path.
bool meansAbsence(ErrorClass kind)
{
    return kind == ErrorClass::NotFound || kind == ErrorClass::IsDirectory
        || kind == ErrorClass::NotRegularFile || kind == ErrorClass::InvalidPath;
}

} // namespace

Observation observe(FileSystem &system, const Path &path)
{
    Observation seen;
    Directories directories(system);
    const auto target = followLinks(system, path, Symlinks::Follow, [&](const Place &link) {
        directories.addHolder(link.path.parent_path());
    });
    if (target) {
        const Place &place = target.value().place;
        seen.target = place.path;
        if (const auto &existing = target.value().existing)
            seen.file = Watched{place.path, existing->identity};
        directories.addHolder(place.path.parent_path());
    } else {
        directories.addHolder(path.parent_path());
        directories.addHolder(target.error().path);
    }
    seen.directories = directories.take();

    const auto version = versionOf(system, path);
    if (version)
        seen.version = version.value();
    else if (!meansAbsence(version.error().kind))
        seen.failure = version.error();
    return seen;
}

} // namespace atomicfile
