// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "core/version.h"

#include <QtTest>

#include <limits>

using namespace atomicfile;

Q_DECLARE_METATYPE(atomicfile::Version)

class VersionTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void roundTrip_data();
    void roundTrip();
    void malformed_data();
    void malformed();
    void differs_data();
    void differs();
    void ofInfo();
};

void VersionTest::roundTrip_data()
{
    constexpr auto largest = std::numeric_limits<std::uint64_t>::max();
    constexpr auto longest = std::numeric_limits<std::int64_t>::max();
    QTest::addColumn<Version>("version");
    QTest::newRow("no file") << Version{};
    QTest::newRow("zeros") << Version{true, {0, 0}, 0, 0};
    QTest::newRow("usual") << Version{true, {1234567, 0}, 4096, 1'700'000'000'123'456'789};
    QTest::newRow("wide identity") << Version{true, {1, largest}, 1, 1};
    QTest::newRow("largest") << Version{true, {largest, largest}, longest, longest};
    QTest::newRow("before 1970") << Version{true, {1, 0}, 1, -1};
    QTest::newRow("long before 1970")
        << Version{true, {1, 0}, 1, std::numeric_limits<std::int64_t>::min()};
}

void VersionTest::roundTrip()
{
    QFETCH(Version, version);
    const std::string text = version.toString();
    QVERIFY(!text.empty());
    for (const char letter : text) {
        const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z')
            || (letter >= '0' && letter <= '9') || letter == '-';
        QVERIFY2(plain, text.c_str());
    }
    const auto back = Version::fromString(text);
    QVERIFY(back);
    QVERIFY(*back == version);
}

void VersionTest::malformed_data()
{
    QTest::addColumn<QByteArray>("text");
    const QByteArray good = QByteArray::fromStdString(Version{true, {7, 0}, 5, 9}.toString());
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("word") << QByteArray("version");
    QTest::newRow("number") << QByteArray("17");
    QTest::newRow("prefix alone") << good.left(good.indexOf('-') + 1);
    QTest::newRow("other prefix") << QByteArray("v9") + good.mid(2);
    QTest::newRow("cut") << good.left(good.lastIndexOf('-'));
    QTest::newRow("cut after the dash") << good.left(good.lastIndexOf('-') + 1);
    QTest::newRow("one field more") << good + "-1";
    QTest::newRow("trailing dash") << good + "-";
    QTest::newRow("trailing space") << good + " ";
    QTest::newRow("trailing newline") << good + "\n";
    QTest::newRow("leading space") << QByteArray(" ") + good;
    QTest::newRow("letters") << good.left(good.lastIndexOf('-')) + "-xyz";
    QTest::newRow("sign") << good.left(good.lastIndexOf('-')) + "-+1";
    QTest::newRow("too large") << good.left(good.lastIndexOf('-')) + "-11111111111111111";
    QTest::newRow("empty field") << QByteArray(good).replace("-7-", "--");
    QTest::newRow("embedded NUL") << good + QByteArray("\0", 1);
    QTest::newRow("no file and more") << QByteArray("none-1");
}

void VersionTest::malformed()
{
    QFETCH(QByteArray, text);
    const std::string_view view(text.constData(), static_cast<std::size_t>(text.size()));
    QVERIFY(!Version::fromString(view));
}

void VersionTest::differs_data()
{
    QTest::addColumn<Version>("other");
    QTest::newRow("other file") << Version{true, {8, 0}, 5, 9};
    QTest::newRow("other file, upper part") << Version{true, {7, 1}, 5, 9};
    QTest::newRow("other size") << Version{true, {7, 0}, 6, 9};
    QTest::newRow("other time") << Version{true, {7, 0}, 5, 10};
    QTest::newRow("no file") << Version{};
}

void VersionTest::differs()
{
    QFETCH(Version, other);
    const Version version{true, {7, 0}, 5, 9};
    QVERIFY(version != other);
    QVERIFY(version.toString() != other.toString());
}

void VersionTest::ofInfo()
{
    FileInfo info;
    info.identity = {3, {7, 1}};
    info.size = 5;
    info.modified = 9;
    const Version expected{true, {7, 1}, 5, 9};
    QVERIFY(Version::of(info) == expected);
    // What a remount, a chmod, a hard link or a reader changes is not part of it.
    info.identity.volume = 4;
    info.mode = 0600;
    info.linkCount = 2;
    info.accessed = 11;
    QVERIFY(Version::of(info) == expected);
}

QTEST_APPLESS_MAIN(VersionTest)
#include "tst_version.moc"
