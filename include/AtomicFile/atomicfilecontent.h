// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include <AtomicFile/atomicfileresult.h>
#include <AtomicFile/atomicfileversion.h>

#include <QtCore/QByteArray>
#include <QtCore/QMetaType>

/// What AtomicFile::readFile() gives: all bytes of a file and the version that they belong to. On
/// failure bytes and version are empty and result says why.
struct AtomicFileContent
{
    QByteArray bytes;
    AtomicFileVersion version;
    AtomicFileResult result;
};

Q_DECLARE_METATYPE(AtomicFileContent)
