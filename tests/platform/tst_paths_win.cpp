// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "contract_place.h"
#include "platform/windows/path_win.h"

#include <filesystem>

using namespace atomicfile;
using namespace atomicfile::test;

/// Which paths are possible on Windows, and what becomes of those that are.
class PathsOfWindows : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void judgements_data();
    void judgements();
    void verbatimForms_data();
    void verbatimForms();
    void relativePathsAreMadeAbsolute();
    void longPaths();
    void rootsOfVolumes();
};

void PathsOfWindows::judgements_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QByteArray>("judgement");

    struct Group
    {
        const char *judgement;
        std::vector<const wchar_t *> paths;
    };
    const Group groups[] = {
        {"possible",
         {L"", L"file", L"dir/file", LR"(dir\file)", LR"(C:\dir\file)", L"c:/dir/file",
          LR"(C:\dir\..\file)", L"./file", LR"(C:\dir\)", L".hidden", L"a.b.c", L"CONSOLE", L"COM",
          L"COM0", L"COM10", L"LPT", L"my con", L"con~", L"aux-file.txt", L"caf\u00e9",
          LR"(\\server\share\file)", L"//server/share/dir/file", LR"(\\server\C$\file)",
          LR"(\\?\C:\dir\file)", LR"(\\?\UNC\server\share\file)", LR"(\\?\C:\)",
          LR"(\\?\Volume{01234567-89ab-cdef-0123-456789abcdef}\file)",
          // The mark says that the name is meant as it is.
          LR"(\\?\C:\dir\nul)", LR"(\\?\C:\dir.\file)"}},
        {"InvalidPath",
         {// Devices, also where something stands behind or before them.
          L"CON", L"prn", LR"(C:\dir\Aux)", L"NUL", L"nul.txt", L"NUL .txt", L"COM1", L"com9.log",
          L"LPT1", L"lpt9", L"COM\u00b9", L"COM\u00b2.txt", L"LPT\u00b3", L"CONIN$", L"conout$",
          LR"(C:\con\file)", LR"(\\server\share\NUL)",
          // Names that would lose their end.
          L"file.", L"file ", L"...", LR"(dir.\file)", LR"(C:\dir \file)",
          // Characters that no name may hold.
          L"a<b", L"a>b", L"a\"b", L"a|b", L"what?", L"*", L"*.txt", L"a\nb", L"\x01",
          LR"(C:\d?r\file)", LR"(\\?\C:\a*b)", LR"(\\?\C:\dir/file)",
          // Forms that mean another file at another time.
          L"C:", L"C:file", L"c:dir/file", LR"(\file)", L"/dir/file", LR"(\)",
          // Devices by other names, and what is no path of a file.
          LR"(\\.\C:)", LR"(\\.\PhysicalDrive0)", L"//./NUL", L"//?/C:/file", LR"(\\?\)",
          LR"(\\?\C:)", LR"(\\?\C:file)", LR"(\\?\GLOBALROOT\Device\Null)", LR"(\\?\pipe\name)",
          LR"(\??\C:\file)", LR"(\\?\UNC\server)", LR"(\\?\UNC\\share)", LR"(\\server)",
          LR"(\\server\)", LR"(\\\share)", LR"(\\)", LR"(\\?\C:\dir\..\file)", LR"(\\?\C:\.)",
          // A stream of a directory on the way.
          LR"(dir:stream\file)", LR"(C:\a:b\)"}},
        {"Unsupported",
         {L"file:stream", L"file::$DATA", LR"(C:\dir\file:stream)", L"dir/file.txt:s",
          LR"(\\?\C:\file:stream)", LR"(\\server\share\file:stream)"}},
    };
    for (const Group &group : groups) {
        for (const wchar_t *path : group.paths) {
            const QString text = QString::fromWCharArray(path);
            QTest::newRow(qPrintable(QStringLiteral("\"%1\"").arg(text)))
                << text << QByteArray(group.judgement);
        }
    }
}

void PathsOfWindows::judgements()
{
    QFETCH(const QString, path);
    QFETCH(const QByteArray, judgement);
    const auto reason = systemFileSystem().judgePath(path.toStdWString());
    QCOMPARE(reason ? wordsOf(*reason) : QByteArray("possible"), judgement);
}

void PathsOfWindows::verbatimForms_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("verbatim");
    const auto row = [](const wchar_t *path, const wchar_t *verbatim) {
        const QString text = QString::fromWCharArray(path);
        QTest::newRow(qPrintable(text)) << text << QString::fromWCharArray(verbatim);
    };
    row(LR"(C:\dir\file)", LR"(\\?\C:\dir\file)");
    row(L"C:/dir/file", LR"(\\?\C:\dir\file)");
    row(LR"(C:\dir\.\a\..\file)", LR"(\\?\C:\dir\file)");
    row(LR"(C:\)", LR"(\\?\C:\)");
    row(LR"(\\server\share\file)", LR"(\\?\UNC\server\share\file)");
    row(L"//server/share/a/../file", LR"(\\?\UNC\server\share\file)");
    row(LR"(\\?\C:\dir\file)", LR"(\\?\C:\dir\file)");
    row(LR"(\\?\C:)", LR"(\\?\C:\)");
    row(LR"(\\?\Volume{0}\file)", LR"(\\?\Volume{0}\file)");
    row(LR"(\\?\Volume{0})", LR"(\\?\Volume{0}\)");
}

void PathsOfWindows::verbatimForms()
{
    QFETCH(const QString, path);
    QFETCH(const QString, verbatim);
    const auto made = windows::verbatim(path.toStdWString(), Call::OpenDirectory);
    VERIFY_OK(made);
    QCOMPARE(QString::fromStdWString(made.value()), verbatim);
}

void PathsOfWindows::relativePathsAreMadeAbsolute()
{
    const std::wstring here = std::filesystem::current_path().native();
    const auto dot = windows::verbatim(".", Call::OpenDirectory);
    VERIFY_OK(dot);
    QVERIFY(dot.value().ends_with(here));
    QVERIFY(dot.value().starts_with(LR"(\\?\)"));
    COMPARE_OUTCOME(windows::verbatim("NUL", Call::OpenDirectory),
                    "InvalidPath from openDirectory");
}

/// Beyond the 260 characters that the system takes without a mark.
void PathsOfWindows::longPaths()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    FileSystem &system = ground.system();
    Path path = ground.place->root();
    const std::wstring component(100, L'd');
    for (int depth = 0; depth < 5; ++depth) {
        path = path / component;
        const auto marked = windows::verbatim(path, Call::OpenDirectory);
        VERIFY_OK(marked);
        QVERIFY(std::filesystem::create_directory(marked.value()));
    }
    const UniqueDirectory opened = ground.openDirectory(path);
    const DirectoryHandle directory = opened.get();
    const Path longName(std::wstring(255, L'n'));

    const auto created = system.createFile(directory, longName, 0600);
    VERIFY_OK(created);
    VERIFY_OK(system.closeFile(created.value()));
    VERIFY_OK(system.stat(directory, longName));
    VERIFY_OK(system.checkWritable(directory, longName));
    VERIFY_OK(system.link(directory, longName, directory, "second"));
    VERIFY_OK(system.renameNoReplace(directory, "second", directory, "third"));
    VERIFY_OK(system.replace(directory, "third", longName, "backup"));
    VERIFY_OK(system.rename(directory, longName, directory, "fourth"));
    const auto names = system.readDirectory(directory, "f");
    VERIFY_OK(names);
    QCOMPARE(names.value().size(), std::size_t{1});
    const auto stored = system.storedName(directory, "FOURTH");
    VERIFY_OK(stored);
    QCOMPARE(stored.value().string(), std::string("fourth"));
    VERIFY_OK(system.unlink(directory, "fourth"));
    VERIFY_OK(system.unlink(directory, "backup"));
}

/// std::filesystem takes the drive behind the mark for a directory, and so its parent for a path.
void PathsOfWindows::rootsOfVolumes()
{
    const Path root = std::filesystem::current_path().root_path();
    FileSystem &system = systemFileSystem();
    std::optional<FileIdentity> expected;
    const std::wstring marked = LR"(\\?\)" + root.native();
    for (const Path &spelling : {root, Path(marked), Path(marked.substr(0, marked.size() - 1))}) {
        const auto opened = system.openDirectory(spelling, DirectoryAccess::Read);
        VERIFY_OK(opened);
        const UniqueDirectory directory(system, opened.value());
        const auto info = system.statDirectory(directory.get());
        VERIFY_OK(info);
        QVERIFY(!expected || *expected == info.value().identity);
        expected = info.value().identity;
        VERIFY_OK(system.readDirectory(directory.get(), {}));
    }
}

QTEST_GUILESS_MAIN(PathsOfWindows)
#include "tst_paths_win.moc"
