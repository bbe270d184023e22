// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "published_p.h"

#include "conversion_p.h"

namespace {

constexpr std::size_t mostRemembered = 10'000;

std::string keyOf(const AtomicFileVersion &version)
{
    return AtomicFileConversion::version(version).toString();
}

} // namespace

AtomicFilePublished &AtomicFilePublished::shared()
{
    // Never deleted: operations may end after the static objects of the program have.
    static auto *const published = new AtomicFilePublished;
    return *published;
}

void AtomicFilePublished::note(const AtomicFileResult &result)
{
    if (m_watchers == 0 || result.version().isNull())
        return;
    const atomicfile::MutexLocker locker(m_mutex);
    add(result.version());
}

void AtomicFilePublished::note(const QList<AtomicFileResult> &results)
{
    for (const AtomicFileResult &result : results)
        note(result);
}

quint64 AtomicFilePublished::lastNumber() const
{
    const atomicfile::MutexLocker locker(m_mutex);
    return m_lastNumber;
}

quint64 AtomicFilePublished::numberOf(const AtomicFileVersion &version) const
{
    const atomicfile::MutexLocker locker(m_mutex);
    const auto found = m_numbers.find(keyOf(version));
    return found == m_numbers.end() ? 0 : found->second;
}

quint64 AtomicFilePublished::numberFor(const AtomicFileVersion &version)
{
    const atomicfile::MutexLocker locker(m_mutex);
    const auto found = m_numbers.find(keyOf(version));
    return found == m_numbers.end() ? add(version) : found->second;
}

quint64 AtomicFilePublished::add(const AtomicFileVersion &version)
{
    std::string key = keyOf(version);
    m_numbers[key] = ++m_lastNumber;
    m_order.emplace_back(std::move(key), m_lastNumber);
    if (m_order.size() > mostRemembered) {
        const auto &[oldest, number] = m_order.front();
        // It may have been published once more since.
        if (const auto found = m_numbers.find(oldest); found->second == number)
            m_numbers.erase(found);
        m_order.pop_front();
    }
    return m_lastNumber;
}
