// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>

#include <initializer_list>

/// An access control list as the attributes "system.posix_acl_access" and "_default" hold it.
namespace accesslist {

enum Tag : unsigned {
    OwningUser = 1,
    User = 2,
    OwningGroup = 4,
    Group = 8,
    Mask = 16,
    Others = 32
};

struct Entry
{
    Tag tag;
    unsigned permissions;
    unsigned id = 0xffffffff;
};

inline QByteArray packed(std::initializer_list<Entry> entries)
{
    QByteArray list;
    const auto append = [&list](unsigned number, int bytes) {
        for (int i = 0; i < bytes; ++i)
            list += static_cast<char>((number >> (8 * i)) & 0xff);
    };
    append(2, 4); // The version of the format, from linux/posix_acl_xattr.h.
    for (const Entry &entry : entries) {
        append(entry.tag, 2);
        append(entry.permissions, 2);
        append(entry.id, 4);
    }
    return list;
}

/// Read and write for the owner, so much for one more user and the group, cut by the mask, none for others.
inline QByteArray shared(unsigned user, unsigned permissions)
{
    return packed({{OwningUser, 6},
                   {User, permissions, user},
                   {OwningGroup, permissions},
                   {Mask, permissions},
                   {Others, 0}});
}

} // namespace accesslist
