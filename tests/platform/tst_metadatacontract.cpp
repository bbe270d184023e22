// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "contract_place.h"

#include <algorithm>

using namespace atomicfile;
using namespace atomicfile::test;

/// What platform/filesystem.h says of what belongs to a file beside its content, on every back-end.
class MetadataContract : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addBackends(); }

    void modes();
    void ownerKept();
    void ownerGivenAway();
    void times();
    void writingMovesTheModificationTime();
    void namingDoesNotMoveTheModificationTime();
    void birthTimes();
    void noAccessControlAtFirst();
    void noAttributesAtFirst();
    void attributes_data();
    void attributes();
    void attributesAreNotForReadersToWrite();
    void flags();
};

namespace {

/// What a file has after it was to get a mode: where modes guard nothing, there is read-only or not.
ModeBits keptOf(const Ground &ground, ModeBits mode)
{
    if (ground.system().capabilities().modesGuard)
        return mode;
    return (mode & 0200) != 0 ? 0666 : 0444;
}

/// Some file systems count in steps of 100 ns. None rounds up: a file would be newer than it is.
bool isTime(Nanoseconds kept, Nanoseconds asked) { return kept <= asked && asked - kept < 100; }

} // namespace

void MetadataContract::modes()
{
    ON_EVERY_BACKEND(ground);
    const UniqueFile file = ground.create("file", "content", 0600);
    for (const ModeBits mode : {0640U, 0444U, 0777U, 04755U, 01600U, 0U, 0600U}) {
        VERIFY_OK(ground.system().setMode(file.get(), mode));
        QCOMPARE(ground.info("file").mode, keptOf(ground, mode));
    }
    QCOMPARE(ground.info("file").kind, FileKind::Regular);
}

void MetadataContract::ownerKept()
{
    ON_EVERY_BACKEND(ground);
    const UniqueFile file = ground.create("file", "content", 0640);
    const FileInfo before = ground.info(file);
    VERIFY_OK(ground.system().setOwner(file.get(), before.owner, before.group));
    QCOMPARE(ground.info(file).owner, before.owner);
    QCOMPARE(ground.info(file).group, before.group);
    QCOMPARE(ground.info(file).mode, before.mode);
}

void MetadataContract::ownerGivenAway()
{
    ON_EVERY_BACKEND(ground);
    const UniqueFile file = ground.create("file", "content", 0700);
    VERIFY_OK(ground.system().setMode(file.get(), 06755));
    const FileInfo before = ground.info(file);
    const std::uint32_t owner = before.owner + 12345;
    const std::uint32_t group = before.group + 23456;
    const auto given = ground.system().setOwner(file.get(), owner, group);
    if (!ground.system().capabilities().modesGuard) {
        COMPARE_OUTCOME(given, "Unsupported from setOwner");
        QCOMPARE(ground.info(file).owner, before.owner);
        return;
    }
    if (!given.ok()) {
        QVERIFY(ground.place->privilege() == Privilege::Somebody);
        COMPARE_OUTCOME(given, "PermissionDenied from setOwner");
        QCOMPARE(ground.info(file).owner, before.owner);
        QCOMPARE(ground.info(file).mode, ModeBits{06755});
        return;
    }
    QVERIFY(ground.place->privilege() == Privilege::Root);
    QCOMPARE(ground.info(file).owner, owner);
    QCOMPARE(ground.info(file).group, group);
    QCOMPARE(ground.info(file).mode, ModeBits{0755}); // No set-id bits for the new owner.
}

void MetadataContract::times()
{
    ON_EVERY_BACKEND(ground);
    const UniqueFile file = ground.create("file", "content");
    constexpr Nanoseconds year2026 = 1'770'000'000'123'456'789;
    const Nanoseconds moments[] = {
        year2026, 0, 1, -1, -1'000'000'000, -1'500'000'001, 4'000'000'000'000'000'007};
    for (const Nanoseconds modified : moments) {
        VERIFY_OK(ground.system().setTimes(file.get(), year2026, modified));
        QVERIFY(isTime(ground.info("file").modified, modified));
        QVERIFY(isTime(ground.info("file").accessed, year2026));
    }
}

/// Versions rest on this. Other handles write, for a system may take what was set through one for
/// what is wanted, and writes show at the latest when their handle is closed.
void MetadataContract::writingMovesTheModificationTime()
{
    ON_EVERY_BACKEND(ground);
    FileSystem &system = ground.system();
    const UniqueFile file = ground.create("file", "content");
    VERIFY_OK(system.setTimes(file.get(), 0, 0));
    {
        const UniqueFile writing = ground.open("file", FileAccess::ReadWrite);
        VERIFY_OK(system.writeAt(writing.get(), 0, bytesOf("x")));
    }
    QVERIFY(ground.info(file).modified > 0);
    VERIFY_OK(system.setTimes(file.get(), 0, 0));
    {
        const UniqueFile writing = ground.open("file", FileAccess::ReadWrite);
        VERIFY_OK(system.setSize(writing.get(), 3));
    }
    QVERIFY(ground.info(file).modified > 0);
}

void MetadataContract::namingDoesNotMoveTheModificationTime()
{
    ON_EVERY_BACKEND(ground);
    FileSystem &system = ground.system();
    const UniqueFile file = ground.create("file", "content");
    VERIFY_OK(system.setTimes(file.get(), 700, 900));
    VERIFY_OK(system.setMode(file.get(), 0600));
    VERIFY_OK(system.link(ground.directory(), "file", ground.directory(), "second"));
    VERIFY_OK(system.rename(ground.directory(), "file", ground.directory(), "moved"));
    VERIFY_OK(system.syncFile(file.get(), SyncScope::Everything));
    QCOMPARE(ground.info("moved").modified, Nanoseconds{900});
}

/// What was created before it was written to, and before another was created.
void MetadataContract::birthTimes()
{
    ON_EVERY_BACKEND(ground);
    FileSystem &system = ground.system();
    const UniqueFile first = ground.create("first");
    const UniqueFile second = ground.create("second", "content");
    const auto born = system.birthTime(first.get());
    if (outcome(born) == "Unsupported from birthTime")
        QSKIP("This file system does not know when files came into being.");
    VERIFY_OK(born);
    VERIFY_OK(system.birthTime(second.get()));
    QVERIFY(born.value() <= system.birthTime(second.get()).value());
    QVERIFY(system.birthTime(second.get()).value() <= ground.info(second).modified);
    VERIFY_OK(system.rename(ground.directory(), "first", ground.directory(), "moved"));
    QCOMPARE(system.birthTime(first.get()).value(), born.value());
}

void MetadataContract::noAccessControlAtFirst()
{
    ON_EVERY_BACKEND(ground);
    const UniqueFile file = ground.create("file", "content");
    const auto list = ground.system().readAccessControl(file.get());
    if (outcome(list) == "Unsupported from readAccessControl") {
        COMPARE_OUTCOME(ground.system().writeAccessControl(file.get(), {}),
                        "Unsupported from writeAccessControl");
        return;
    }
    VERIFY_OK(list);
    QVERIFY(list.value().empty());
    // Removing what is not there is no failure.
    VERIFY_OK(ground.system().writeAccessControl(file.get(), {}));
}

/// But for what a security module puts on every file.
void MetadataContract::noAttributesAtFirst()
{
    ON_EVERY_BACKEND(ground);
    const UniqueFile file = ground.create("file", "content");
    const auto names = ground.system().listAttributes(file.get());
    if (outcome(names) == "Unsupported from listAttributes")
        QSKIP("This file system has no extended attributes.");
    VERIFY_OK(names);
    for (const std::string &name : names.value())
        QVERIFY2(name.starts_with("security."), name.c_str());
}

/// A system whose modes say nothing of who may use a file brings its attributes along by other means.
#define SKIP_WITHOUT_ATTRIBUTES(ground, written)                                                   \
    do {                                                                                           \
        if (outcome(written) == "Unsupported from writeAttribute") {                               \
            if (!ground.system().capabilities().modesGuard)                                        \
                return;                                                                            \
            QSKIP("This file system has no extended attributes.");                                 \
        }                                                                                          \
    } while (false)

void MetadataContract::attributes_data()
{
    QTest::addColumn<int>("size");
    QTest::newRow("empty") << 0;
    QTest::newRow("short") << 5;
    QTest::newRow("longer than the first buffer") << 5000;
    QTest::newRow("longer than any") << 100'000;
}

void MetadataContract::attributes()
{
    ON_EVERY_BACKEND(ground);
    QFETCH(int, size);
    FileSystem &system = ground.system();
    const UniqueFile file = ground.create("file", "content");
    const AttributeValue value(static_cast<std::size_t>(size), std::byte('v'));
    const auto written = system.writeAttribute(file.get(), "user.name", value);
    SKIP_WITHOUT_ATTRIBUTES(ground, written);
    if (!written.ok()) { // Each has its own limit, and all are beyond 3000 bytes.
        QVERIFY(size > 3000);
        COMPARE_OUTCOME(written, "NoSpace from writeAttribute");
        COMPARE_OUTCOME(system.readAttribute(file.get(), "user.name"),
                        "NotFound from readAttribute");
        return;
    }
    const auto names = system.listAttributes(file.get());
    VERIFY_OK(names);
    QCOMPARE(std::count(names.value().begin(), names.value().end(), "user.name"), 1);
    const auto read = system.readAttribute(file.get(), "user.name");
    VERIFY_OK(read);
    QVERIFY(read.value() == value);
    VERIFY_OK(system.writeAttribute(file.get(), "user.name", AttributeValue(1)));
    QVERIFY(system.readAttribute(file.get(), "user.name").value() == AttributeValue(1));
    COMPARE_OUTCOME(system.readAttribute(file.get(), "user.other"), "NotFound from readAttribute");
}

/// Only some systems ask who may write, and not which way the file was opened.
void MetadataContract::attributesAreNotForReadersToWrite()
{
    ON_EVERY_BACKEND(ground);
    const UniqueFile file = ground.create("file", "content");
    VERIFY_OK(ground.system().setMode(file.get(), 0444));
    const auto written = ground.system().writeAttribute(file.get(), "user.name", AttributeValue(1));
    SKIP_WITHOUT_ATTRIBUTES(ground, written);
    if (ground.place->privilege() == Privilege::Root)
        VERIFY_OK(written);
    else
        COMPARE_OUTCOME(written, "PermissionDenied from writeAttribute");
}

void MetadataContract::flags()
{
    ON_EVERY_BACKEND(ground);
    const UniqueFile file = ground.create("file", "content");
    QCOMPARE(ground.info(file).flags, FileFlags(0));
    constexpr FileFlags hidden = 0x8000;
    const auto set = ground.system().setFlags(file.get(), hidden);
    if (outcome(set) == "Unsupported from setFlags")
        return; // Such a system never tells of any: see above.
    VERIFY_OK(set);
    QCOMPARE(ground.info(file).flags, hidden);
    VERIFY_OK(ground.system().setFlags(file.get(), 0));
    QCOMPARE(ground.info(file).flags, FileFlags(0));
}

QTEST_GUILESS_MAIN(MetadataContract)
#include "tst_metadatacontract.moc"
