// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "platform/filesystem.h"

#include <QtTest/QtTest>

#include <filesystem>

using atomicfile::Path;

/// Paths mean what they mean to the standard library.
class Paths : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void parts_data();
    void parts();
    void joins_data();
    void joins();
    void conversions();
};

namespace {

constexpr const char *texts[] = {
    "",    ".",    "..",       "/",    "///",    "a",          ".a",       "a/",           "a//",
    "/a",  "/a/",  "a/b",      "a//b", "/a/b.c", "/a/.",       "/a/../b/", "../a",         "C:",
    "C:a", "C:\\", "C:\\a\\b", "C:/a", "a\\b",   "//server/b", "\\\\s\\b", "\\\\?\\C:\\a", "a b/ c",
};

/// With what shows where an empty one begins and ends.
QByteArray shown(const Path &path) { return '<' + QByteArray::fromStdString(path.string()) + '>'; }

} // namespace

void Paths::parts_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : texts)
        QTest::addRow("<%s>", text) << QByteArray(text);
}

void Paths::parts()
{
    QFETCH(const QByteArray, text);
    const std::filesystem::path expected(text.toStdString());
    const Path path(text.toStdString());
    QCOMPARE(shown(path), shown(expected));
    QCOMPARE(shown(path.filename()), shown(expected.filename()));
    QCOMPARE(path.is_absolute(), expected.is_absolute());
    QCOMPARE(shown(path.root_name()), shown(expected.root_name()));
    QCOMPARE(path.empty(), expected.empty());
    // As paths: a root has one spelling here.
    QVERIFY2(path.parent_path().standard() == expected.parent_path(),
             shown(path.parent_path()).constData());
    // Who goes up ends where there is no more to go.
    Path up = path;
    for (qsizetype steps = 0; steps <= text.size(); ++steps)
        up = up.parent_path();
    QCOMPARE(shown(up.parent_path()), shown(up));
}

void Paths::joins_data()
{
    QTest::addColumn<QByteArray>("directory");
    QTest::addColumn<QByteArray>("name");
    for (const char *directory : texts) {
        for (const char *name : texts)
            QTest::addRow("<%s> and <%s>", directory, name)
                << QByteArray(directory) << QByteArray(name);
    }
}

void Paths::joins()
{
    QFETCH(const QByteArray, directory);
    QFETCH(const QByteArray, name);
    const Path joined = Path(directory.toStdString()) / Path(name.toStdString());
    QCOMPARE(shown(joined),
             shown(std::filesystem::path(directory.toStdString()) / name.toStdString()));
}

void Paths::conversions()
{
    const std::filesystem::path accented(u"d\u00f6c"); // Of another encoding on every system.
    QVERIFY(Path(u"d\u00f6c").native() == accented.native());
    QVERIFY(Path(accented).standard() == accented);
    Path longer("a");
    longer += ".b";
    QCOMPARE(shown(longer), QByteArray("<a.b>"));
    QVERIFY(Path("a/b") == Path("a/b"));
    QVERIFY(Path("a//b") != Path("a/b")); // Other than in the standard library.
    QVERIFY(Path("a") < Path("b"));
    // It would be cut where it holds a NUL.
    static_assert(!std::is_constructible_v<Path, QByteArray>);
}

QTEST_APPLESS_MAIN(Paths)

#include "tst_path.moc"
