// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "contract_place.h"

#include <string>

using namespace atomicfile;
using namespace atomicfile::test;

/// What platform/filesystem.h says of holes, clones and copies, on every back-end.
class CopyContract : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addBackends(); }

    void dataAndHoles();
    void dataAndHolesOfAnEmptyFile();
    void aFullFileHasAHoleAtItsEnd();
    void cloning();
    void cloningToAName();
    void copyingARange();
    void copyingFromAnOffset();
};

namespace {

constexpr std::int64_t mebibyte = 1 << 20;

} // namespace

/// A hole of 1 MiB, 64 KiB of data, a hole up to 3 MiB. File systems keep holes in blocks of their
/// own size, so the borders are bounds; what is data may never be called a hole.
void CopyContract::dataAndHoles()
{
    ON_EVERY_BACKEND(ground);
    FileSystem &system = ground.system();
    const UniqueFile file = ground.create("file");
    (void)system.allowHoles(file.get()); // Without holes there is less to be seen, below.
    const std::string data(1 << 16, 'x');
    VERIFY_OK(system.writeAt(file.get(), mebibyte, bytesOf(data)));
    VERIFY_OK(system.setSize(file.get(), 3 * mebibyte));
    VERIFY_OK(system.syncFile(file.get(), SyncScope::Everything));

    const auto first = system.findData(file.get(), 0);
    if (outcome(first) == "Unsupported from findData")
        QSKIP("This file system does not tell where its holes are.");
    VERIFY_OK(first);
    QVERIFY(first.value().has_value());
    QVERIFY(*first.value() <= mebibyte);
    const std::int64_t dataEnd = mebibyte + static_cast<std::int64_t>(data.size());
    const auto hole = system.findHole(file.get(), mebibyte);
    VERIFY_OK(hole);
    QVERIFY(hole.value() >= dataEnd);
    QVERIFY(hole.value() <= 3 * mebibyte);
    const auto inside = system.findData(file.get(), mebibyte + 17);
    VERIFY_OK(inside);
    QVERIFY(inside.value() == mebibyte + 17);

    if (ground.info(file).allocated >= 3 * mebibyte)
        QSKIP("This file system keeps no holes.");
    QVERIFY(*first.value() > 0);
    QVERIFY(hole.value() < 2 * mebibyte);
    const auto start = system.findHole(file.get(), 0);
    VERIFY_OK(start);
    QCOMPARE(start.value(), std::int64_t{0});
    const auto tail = system.findData(file.get(), 2 * mebibyte);
    VERIFY_OK(tail);
    QVERIFY(!tail.value().has_value());
}

void CopyContract::dataAndHolesOfAnEmptyFile()
{
    ON_EVERY_BACKEND(ground);
    const UniqueFile file = ground.create("file");
    const auto data = ground.system().findData(file.get(), 0);
    if (outcome(data) == "Unsupported from findData")
        QSKIP("This file system does not tell where its holes are.");
    VERIFY_OK(data);
    QVERIFY(!data.value().has_value());
    const auto hole = ground.system().findHole(file.get(), 0);
    VERIFY_OK(hole);
    QCOMPARE(hole.value(), std::int64_t{0});
}

void CopyContract::aFullFileHasAHoleAtItsEnd()
{
    ON_EVERY_BACKEND(ground);
    const std::string content(mebibyte, 'x');
    const UniqueFile file = ground.create("file", content);
    const auto data = ground.system().findData(file.get(), 0);
    if (outcome(data) == "Unsupported from findData")
        QSKIP("This file system does not tell where its holes are.");
    VERIFY_OK(data);
    QVERIFY(data.value() == 0);
    const auto hole = ground.system().findHole(file.get(), 0);
    VERIFY_OK(hole);
    QCOMPARE(hole.value(), mebibyte);
    const auto beyond = ground.system().findData(file.get(), mebibyte);
    VERIFY_OK(beyond);
    QVERIFY(!beyond.value().has_value());
}

void CopyContract::cloning()
{
    ON_EVERY_BACKEND(ground);
    const UniqueFile source = ground.create("source", "content");
    const UniqueFile destination = ground.create("destination");
    const auto cloned = ground.system().cloneContent(source.get(), destination.get());
    if (cloned.ok()) {
        QCOMPARE(ground.content("destination"), std::string("content"));
        // Shared storage, not a shared file.
        VERIFY_OK(ground.system().writeAt(destination.get(), 0, bytesOf("other")));
    } else {
        COMPARE_OUTCOME(cloned, "Unsupported from cloneContent");
        QCOMPARE(ground.info(destination).size, std::int64_t{0});
    }
    QCOMPARE(ground.content("source"), std::string("content"));
}

void CopyContract::cloningToAName()
{
    ON_EVERY_BACKEND(ground);
    FileSystem &system = ground.system();
    (void)ground.create("source", "content", 0444);
    (void)ground.create("taken", "taken");
    const UniqueFile source = ground.open("source", FileAccess::Read);
    const auto cloned = system.cloneFile(source.get(), ground.directory(), "clone", 0600);
    const auto refused = system.cloneFile(source.get(), ground.directory(), "taken", 0600);
    QCOMPARE(ground.content("taken"), std::string("taken"));
    if (!cloned.ok()) {
        COMPARE_OUTCOME(cloned, "Unsupported from cloneFile");
        COMPARE_OUTCOME(refused, "Unsupported from cloneFile");
        QVERIFY(!ground.exists("clone"));
        return;
    }
    VERIFY_OK(cloned);
    const UniqueFile clone(system, cloned.value());
    COMPARE_OUTCOME(refused, "AlreadyExists from cloneFile");
    QCOMPARE(ground.content("clone"), std::string("content"));
    QCOMPARE(ground.info("clone").mode, ModeBits{0600});
    QVERIFY(ground.info("clone").identity == ground.info(clone).identity);
    // Storage is shared, content is not.
    VERIFY_OK(system.writeAt(clone.get(), 0, bytesOf("CON")));
    QCOMPARE(ground.content("clone"), std::string("CONtent"));
    QCOMPARE(ground.content("source"), std::string("content"));
}

void CopyContract::copyingARange()
{
    ON_EVERY_BACKEND(ground);
    FileSystem &system = ground.system();
    const std::string content(100'000, 'x');
    (void)ground.create("source", content);
    const UniqueFile source = ground.open("source", FileAccess::Read);
    const UniqueFile destination = ground.create("destination");
    std::int64_t done = 0;
    for (;;) {
        const auto count = system.copyRange(source.get(), destination.get(), done, 1 << 16);
        if (outcome(count) == "Unsupported from copyRange") {
            // The caller copies through memory, and finds nothing done.
            QCOMPARE(ground.info(destination).size, std::int64_t{0});
            return;
        }
        VERIFY_OK(count);
        QVERIFY(count.value() <= 1 << 16);
        if (count.value() == 0)
            break;
        done += static_cast<std::int64_t>(count.value());
        QCOMPARE(ground.info(destination).size, done);
    }
    QCOMPARE(done, std::int64_t{100'000});
    QVERIFY(ground.content("destination") == content.substr(0, 1 << 16));
}

void CopyContract::copyingFromAnOffset()
{
    ON_EVERY_BACKEND(ground);
    FileSystem &system = ground.system();
    const UniqueFile source = ground.create("source", "0123456789");
    const UniqueFile destination = ground.create("destination", "abcdefgh");
    const auto count = system.copyRange(source.get(), destination.get(), 4, 2);
    if (outcome(count) == "Unsupported from copyRange") {
        QCOMPARE(ground.content("destination"), std::string("abcdefgh"));
        return;
    }
    VERIFY_OK(count);
    QCOMPARE(count.value(), std::size_t{2});
    QCOMPARE(ground.content("destination"), std::string("abcd45gh"));
    const auto beyond = system.copyRange(source.get(), destination.get(), 10, 2);
    VERIFY_OK(beyond);
    QCOMPARE(beyond.value(), std::size_t{0});
    QCOMPARE(ground.content("source"), std::string("0123456789"));
}

QTEST_GUILESS_MAIN(CopyContract)
#include "tst_copycontract.moc"
