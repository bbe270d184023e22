// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "patient_reader_linux.h"

#include <QFile>

#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace {

constexpr int shortest = 20'000;
constexpr int longest = 30'000;

} // namespace

QByteArray PatientReader::wholeContent(int number)
{
    return QByteArray(shortest + number, static_cast<char>('a' + number));
}

PatientReader::PatientReader(const QString &path)
    : m_thread([this, name = QFile::encodeName(path)] { read(name); })
{
    m_begun.acquire();
}

PatientReader::~PatientReader() { stop(); }

Sightings PatientReader::stop()
{
    m_end = true;
    if (m_thread.joinable())
        m_thread.join();
    return m_seen;
}

void PatientReader::read(const QByteArray &name)
{
    QByteArray content(longest, Qt::Uninitialized);
    for (bool first = true; !m_end;) {
        const int file = ::open(name.constData(), O_RDONLY | O_CLOEXEC);
        const ssize_t size = file == -1 ? -1 : ::read(file, content.data(), longest);
        if (file != -1)
            ::close(file);
        if (file == -1)
            ++m_seen.nothing;
        else if (size >= shortest && content.left(size) == wholeContent(int(size) - shortest))
            ++m_seen.whole;
        else
            ++m_seen.torn;
        if (std::exchange(first, false))
            m_begun.release();
    }
}
