// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "platform/path.h"

#include <cstddef>

namespace atomicfile {

namespace {

constexpr char separator = '/';

/// Where the name begins.
std::size_t nameBegin(const std::string &text)
{
    const std::size_t last = text.rfind(separator);
    return last == std::string::npos ? 0 : last + 1;
}

} // namespace

Path Path::filename() const { return m_text.substr(nameBegin(m_text)); }

Path Path::parent_path() const
{
    const std::size_t begin = nameBegin(m_text);
    if (begin == 0)
        return {};
    const std::size_t last = m_text.find_last_not_of(separator, begin - 1);
    return last == std::string::npos ? Path(std::string(1, separator)) : m_text.substr(0, last + 1);
}

Path Path::root_name() const { return {}; }

bool Path::is_absolute() const { return m_text.starts_with(separator); }

Path operator/(const Path &directory, const Path &path)
{
    if (directory.empty() || path.is_absolute())
        return path;
    std::string joined;
    joined.reserve(directory.m_text.size() + 1 + path.m_text.size());
    joined += directory.m_text;
    if (!joined.ends_with(separator))
        joined += separator;
    joined += path.m_text;
    return joined;
}

} // namespace atomicfile
