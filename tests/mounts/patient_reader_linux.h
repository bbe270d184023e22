// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QString>

#include <atomic>
#include <semaphore>
#include <thread>

/// What a program that reads a file again and again has met.
struct Sightings
{
    int whole = 0;
    int nothing = 0;
    int torn = 0;
};

/// Opens and reads a file again and again, in a thread of its own.
class PatientReader
{
public:
    /// Returns when it has read for the first time.
    explicit PatientReader(const QString &path);
    ~PatientReader();

    Sightings stop();

    /// What the file may hold: each number makes another length and another letter.
    static QByteArray wholeContent(int number);

private:
    Q_DISABLE_COPY(PatientReader)
    void read(const QByteArray &name);

    std::atomic<bool> m_end = false;
    std::binary_semaphore m_begun{0};
    Sightings m_seen;
    std::thread m_thread;
};
