// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "contract_place.h"

#include <algorithm>
#include <cerrno>

#include <sys/xattr.h>

using namespace atomicfile;
using namespace atomicfile::test;

/// Access control lists as Linux stores them, on every back-end.
class AccessControlLinux : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addBackends(); }

    void roundTrip();
    void listsOfAnyLength();
    void theMaskIsTheGroupBits();
    void listsAreNoAttributes();
};

namespace {

enum Tag : unsigned { UserObject = 1, User = 2, GroupObject = 4, Mask = 16, Other = 32 };

void append(AccessControl &list, std::uint64_t number, int bytes)
{
    for (int i = 0; i < bytes; ++i)
        list.push_back(static_cast<std::byte>((number >> (8 * i)) & 0xff));
}

void appendEntry(AccessControl &list, Tag tag, unsigned permissions, std::uint32_t id = 0xffffffff)
{
    append(list, tag, 2);
    append(list, permissions, 2);
    append(list, id, 4);
}

/// rw for the owner, r for each of so many other users, r for the group, nothing for the rest.
AccessControl listFor(std::uint32_t users, unsigned mask = 4)
{
    AccessControl list;
    append(list, 2, 4); // The version of the format, from linux/posix_acl_xattr.h.
    appendEntry(list, UserObject, 6);
    for (std::uint32_t i = 0; i < users; ++i)
        appendEntry(list, User, 4, 10000 + i);
    appendEntry(list, GroupObject, 4);
    appendEntry(list, Mask, mask);
    appendEntry(list, Other, 0);
    return list;
}

} // namespace

/// A system whose modes say nothing of who may use a file has no lists that go with them either.
#define WRITE_OR_SKIP(ground, file, list)                                                          \
    do {                                                                                           \
        const auto written = ground.system().writeAccessControl(file.get(), list);                 \
        if (outcome(written) == "Unsupported from writeAccessControl") {                           \
            if (!ground.system().capabilities().modesGuard)                                        \
                return;                                                                            \
            QSKIP("This file system has no access control lists.");                                \
        }                                                                                          \
        VERIFY_OK(written);                                                                        \
    } while (false)

void AccessControlLinux::roundTrip()
{
    ON_EVERY_BACKEND(ground);
    const UniqueFile file = ground.create("file", "content", 0600);
    WRITE_OR_SKIP(ground, file, listFor(1));
    auto read = ground.system().readAccessControl(file.get());
    VERIFY_OK(read);
    QVERIFY(read.value() == listFor(1));

    VERIFY_OK(ground.system().writeAccessControl(file.get(), listFor(2)));
    QVERIFY(ground.system().readAccessControl(file.get()).value() == listFor(2));
    VERIFY_OK(ground.system().writeAccessControl(file.get(), {}));
    read = ground.system().readAccessControl(file.get());
    VERIFY_OK(read);
    QVERIFY(read.value().empty());
}

/// 200 entries are more than the buffer that the first attempt at reading has.
void AccessControlLinux::listsOfAnyLength()
{
    ON_EVERY_BACKEND(ground);
    const UniqueFile file = ground.create("file", "content", 0600);
    WRITE_OR_SKIP(ground, file, listFor(200));
    const auto read = ground.system().readAccessControl(file.get());
    VERIFY_OK(read);
    QVERIFY(read.value() == listFor(200));
}

void AccessControlLinux::theMaskIsTheGroupBits()
{
    ON_EVERY_BACKEND(ground);
    const UniqueFile file = ground.create("file", "content", 0600);
    WRITE_OR_SKIP(ground, file, listFor(1, 6));
    QCOMPARE(ground.info(file).mode, ModeBits{0660});
    VERIFY_OK(ground.system().setMode(file.get(), 0640));
    QVERIFY(ground.system().readAccessControl(file.get()).value() == listFor(1, 4));
}

/// Long names, so that the buffer that the first attempt at listing has is too small for all of them.
void AccessControlLinux::listsAreNoAttributes()
{
    QFETCH_GLOBAL(const QString, backend);
    if (!backend.startsWith(QLatin1String("system")))
        return; // Set by the system's own call; the model has no names but those that tests give it.
    const Ground ground(backend);
    if (!ground.place)
        QSKIP("No directory for this back-end can be had on this machine.");
    const UniqueFile file = ground.create("file", "content", 0600);
    std::vector<std::string> expected;
    for (char last = 'a'; last <= 'h'; ++last) {
        expected.push_back("user." + std::string(200, 'n') + last);
        const int set = ::fsetxattr(static_cast<int>(file.get().value), expected.back().c_str(),
                                    "v", 1, 0);
        if (set == -1 && errno == ENOTSUP)
            QSKIP("This file system has no extended attributes.");
        QCOMPARE(set, 0);
    }
    WRITE_OR_SKIP(ground, file, listFor(1));
    auto names = ground.system().listAttributes(file.get());
    VERIFY_OK(names);
    std::erase_if(names.value(),
                  [](const std::string &name) { return name.starts_with("security."); });
    std::sort(names.value().begin(), names.value().end());
    QVERIFY(names.value() == expected);
}

QTEST_GUILESS_MAIN(AccessControlLinux)
#include "tst_accesscontrol_linux.moc"
