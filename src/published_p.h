// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "async/mutex.h"

#include <AtomicFile/atomicfileresult.h>

#include <QtCore/QList>

#include <atomic>
#include <deque>
#include <string>
#include <unordered_map>
#include <utility>

/**
 * The versions that operations of this process have published while somebody watches: what tells a
 * watcher that a change is nobody else's.
 *
 * Numbers are given in the order of publishing. A version is noted before the operation leaves the queue
 * of its target, so whoever looks at a target in turn, as an operation on it, finds here whatever was
 * published on it before. The last ten thousand are remembered.
 *
 * Thread-safe.
 */
class AtomicFilePublished
{
public:
    static AtomicFilePublished &shared();

    /// Nothing is noted while nobody watches.
    void watchBegins() { ++m_watchers; }
    void watchEnds() { --m_watchers; }

    void note(const AtomicFileResult &result);
    void note(const QList<AtomicFileResult> &results);
    /// What other operations give tells of no target.
    template<typename T>
    void note(const T &)
    {
    }

    quint64 lastNumber() const;
    /// The number of a version; 0 if it was not published here, or too long ago.
    quint64 numberOf(const AtomicFileVersion &version) const;
    /// The same, and it gets one if it has none.
    quint64 numberFor(const AtomicFileVersion &version);

private:
    quint64 add(const AtomicFileVersion &version) ATOMICFILE_REQUIRES(m_mutex);

    std::atomic<int> m_watchers = 0;
    mutable atomicfile::Mutex m_mutex;
    quint64 m_lastNumber ATOMICFILE_GUARDED_BY(m_mutex) = 0;
    std::unordered_map<std::string, quint64> m_numbers ATOMICFILE_GUARDED_BY(m_mutex);
    std::deque<std::pair<std::string, quint64>> m_order ATOMICFILE_GUARDED_BY(m_mutex);
};
