// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "contract_place.h"
#include "platform/windows/native_win.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string>

using namespace atomicfile;
using namespace atomicfile::test;

/// Sizes, offsets and storage of files on Windows.
class WindowsStorage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sparseRanges();
    void reservingCutsNothing();
    void offsetsBeyondFourGibibytes();
    void sizesThatNoFileMayHave();
    void transfersAreBounded();
};

void WindowsStorage::sparseRanges()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    FileSystem &system = ground.system();
    const UniqueFile file = ground.create("file");
    VERIFY_OK(system.allowHoles(file.get()));
    const std::wstring path = (ground.place->root() / "file").native();
    if ((::GetFileAttributesW(path.c_str()) & FILE_ATTRIBUTE_SPARSE_FILE) == 0)
        QSKIP("This system says yes to sparse files and keeps none.");
    constexpr std::int64_t mebibyte = 1 << 20;
    VERIFY_OK(system.setSize(file.get(), 8 * mebibyte));
    for (const std::int64_t offset : {2, 3, 6})
        VERIFY_OK(
            system.writeAt(file.get(), offset * mebibyte, bytesOf(std::string(mebibyte, 'x'))));
    const auto first = system.findData(file.get(), 0);
    VERIFY_OK(first);
    QVERIFY(first.value() == 2 * mebibyte);
    const auto hole = system.findHole(file.get(), 2 * mebibyte);
    VERIFY_OK(hole);
    QCOMPARE(hole.value(), 4 * mebibyte);
    const auto second = system.findData(file.get(), hole.value());
    VERIFY_OK(second);
    QVERIFY(second.value() == 6 * mebibyte);
    const auto last = system.findData(file.get(), 7 * mebibyte);
    VERIFY_OK(last);
    QVERIFY(!last.value().has_value());
}

/// An allocation that is smaller than the file would shorten it.
void WindowsStorage::reservingCutsNothing()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    const std::string content(100'000, 'x');
    const UniqueFile file = ground.create("file", content);
    for (const std::int64_t size : {std::int64_t{0}, std::int64_t{1}, std::int64_t{99'999}}) {
        VERIFY_OK(ground.system().reserve(file.get(), size));
        QCOMPARE(ground.info(file).size, std::int64_t{100'000});
    }
}

void WindowsStorage::offsetsBeyondFourGibibytes()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    FileSystem &system = ground.system();
    const UniqueFile file = ground.create("file", "start");
    if (outcome(system.allowHoles(file.get())) == "Unsupported from allowHoles")
        QSKIP("This file system keeps no holes, and 4 GiB are too much to ask for.");
    constexpr std::int64_t distant = (std::int64_t{1} << 32) + 12345;
    VERIFY_OK(system.writeAt(file.get(), distant, bytesOf("far")));
    QCOMPARE(ground.info(file).size, distant + 3);
    QCOMPARE(ground.content("file").substr(0, 5), std::string("start"));
    std::array<std::byte, 8> buffer = {};
    const auto count = system.readAt(file.get(), distant - 1, buffer);
    VERIFY_OK(count);
    QCOMPARE(count.value(), std::size_t{4});
    QVERIFY(std::equal(buffer.begin() + 1, buffer.begin() + 4, bytesOf("far").begin()));
    VERIFY_OK(system.setSize(file.get(), distant));
    QCOMPARE(ground.info(file).size, distant);
}

void WindowsStorage::sizesThatNoFileMayHave()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    const UniqueFile file = ground.create("file", "content");
    COMPARE_OUTCOME(ground.system().setSize(file.get(), -1), "FileTooLarge from setSize");
    QCOMPARE(ground.content("file"), std::string("content"));
}

void WindowsStorage::transfersAreBounded()
{
    constexpr std::size_t gibibyte = 1U << 30;
    QCOMPARE(windows::transferSize(0), DWORD{0});
    QCOMPARE(windows::transferSize(gibibyte), DWORD{gibibyte});
    QCOMPARE(windows::transferSize(gibibyte + 1), DWORD{gibibyte});
    QCOMPARE(windows::transferSize(std::numeric_limits<std::size_t>::max()), DWORD{gibibyte});
}

QTEST_GUILESS_MAIN(WindowsStorage)
#include "tst_storage_win.moc"
