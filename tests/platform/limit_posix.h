// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QtGlobal>

#include <sys/resource.h>

namespace atomicfile::test {

/// Sets a limit of the process for one test function. glibc has an enumeration for the resources,
/// everybody else a number.
template<typename Resource>
class Limit
{
public:
    Limit(Resource resource, rlim_t value) : m_resource(resource)
    {
        if (::getrlimit(m_resource, &m_before) == -1)
            qFatal("getrlimit failed");
        rlimit limit = m_before;
        limit.rlim_cur = value;
        if (::setrlimit(m_resource, &limit) == -1)
            qFatal("setrlimit failed");
    }
    Limit(const Limit &) = delete;
    Limit &operator=(const Limit &) = delete;
    ~Limit() { (void)::setrlimit(m_resource, &m_before); }

private:
    Resource m_resource;
    rlimit m_before = {};
};

} // namespace atomicfile::test
