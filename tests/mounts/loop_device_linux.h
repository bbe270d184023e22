// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QString>

/// A file as a block device, for as long as the object lives or something is mounted from it.
class LoopDevice
{
public:
    explicit LoopDevice(const QString &image);
    ~LoopDevice();

    /// Empty if there is none to be had.
    QString path() const { return m_path; }

private:
    Q_DISABLE_COPY(LoopDevice)
    int m_device = -1;
    QString m_path;
};
