// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include <AtomicFile/atomicfileversion.h>

#include "conversion_p.h"

#include <QtCore/QDebug>

AtomicFileVersion AtomicFileVersion::of(const QString &path)
{
    const auto version = atomicfile::versionOf(atomicfile::systemFileSystem(),
                                               AtomicFileConversion::path(path));
    return version ? AtomicFileConversion::version(version.value()) : AtomicFileVersion();
}

QString AtomicFileVersion::toString() const
{
    return QString::fromStdString(AtomicFileConversion::version(*this).toString());
}

std::optional<AtomicFileVersion> AtomicFileVersion::fromString(const QString &text)
{
    const auto version = atomicfile::Version::fromString(text.toStdString());
    if (!version)
        return std::nullopt;
    return AtomicFileConversion::version(*version);
}

QDebug operator<<(QDebug debug, const AtomicFileVersion &version)
{
    const QDebugStateSaver saver(debug);
    debug.nospace().noquote() << "AtomicFileVersion(" << version.toString() << ')';
    return debug;
}
