// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "contract_place.h"
#include "platform/windows/access_win.h"
#include "platform/windows/native_win.h"

#include <string>
#include <vector>

#include <aclapi.h>
#include <sddl.h>

using namespace atomicfile;
using namespace atomicfile::test;
using atomicfile::windows::NativeHandle;

/// What only Windows shows of files: attributes, lists, streams, kinds of links.
class WindowsFiles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void handlesAreNotInherited();
    void replaceKeepsStreams();
    void replaceOverAReadOnlyFile();
    void replaceOfWhatIsMissing();
    void unlinkTakesReadOnlyFiles();
    void otherNamesStayReadOnly();
    void privateFiles();
    void ordinaryFilesTakeTheDirectorysList();
    void shortNamesAreNotPrefixes();
    void caseIsFolded();
    void junctions();
    void linkKinds_data();
    void linkKinds();
    void ownersStay();
};

namespace {

std::wstring pathOn(const Ground &ground, const Path &name)
{
    return (ground.place->root() / name).native();
}

DWORD attributesOf(const Ground &ground, const Path &name)
{
    return ::GetFileAttributesW(pathOn(ground, name).c_str());
}

void makeReadOnly(const Ground &ground, const Path &name)
{
    if (!::SetFileAttributesW(pathOn(ground, name).c_str(), FILE_ATTRIBUTE_READONLY))
        qFatal("Preparing the test failed: SetFileAttributesW");
}

/// The list in the words of SDDL.
QString listOf(const Ground &ground, const Path &name)
{
    PSECURITY_DESCRIPTOR descriptor = nullptr;
    if (::GetNamedSecurityInfoW(pathOn(ground, name).data(), SE_FILE_OBJECT,
                                DACL_SECURITY_INFORMATION, nullptr, nullptr, nullptr, nullptr,
                                &descriptor)
        != ERROR_SUCCESS)
        return QStringLiteral("unreadable");
    const windows::SecurityDescriptor owned(descriptor);
    LPWSTR text = nullptr;
    if (!::ConvertSecurityDescriptorToStringSecurityDescriptorW(
            descriptor, SDDL_REVISION_1, DACL_SECURITY_INFORMATION, &text, nullptr))
        return QStringLiteral("unprintable");
    const QString list = QString::fromWCharArray(text);
    (void)::LocalFree(text);
    return list;
}

} // namespace

void WindowsFiles::handlesAreNotInherited()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    (void)ground.create("file");
    for (const auto access : {FileAccess::Attributes, FileAccess::Read, FileAccess::ReadWrite}) {
        const UniqueFile file = ground.open("file", access);
        DWORD flags = 0;
        QVERIFY(::GetHandleInformation(windows::nativeOf(file.get()), &flags));
        QCOMPARE(flags & HANDLE_FLAG_INHERIT, DWORD{0});
    }
    DWORD flags = 0;
    const HANDLE directory = windows::directoryOf(ground.directory()).handle.get();
    QVERIFY(::GetHandleInformation(directory, &flags));
    QCOMPARE(flags & HANDLE_FLAG_INHERIT, DWORD{0});
}

/// The one thing that no other way of publishing keeps.
void WindowsFiles::replaceKeepsStreams()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    (void)ground.create("staged", "new");
    (void)ground.create("target", "old");
    const std::wstring stream = pathOn(ground, "target") + L":notes";
    {
        const NativeHandle notes(::CreateFileW(stream.c_str(), GENERIC_WRITE, 0, nullptr,
                                               CREATE_NEW, FILE_ATTRIBUTE_NORMAL, nullptr));
        if (!notes.isOpen())
            QSKIP("This file system has no named streams.");
    }
    const auto names = ground.system().readDirectory(ground.directory(), {});
    VERIFY_OK(names);
    if (names.value().size() != 2)
        QSKIP("This system makes files of their own of named streams.");
    const auto listed = ground.system().listAttributes(ground.open("target").get());
    VERIFY_OK(listed);
    QVERIFY(listed.value() == std::vector<std::string>{":notes:$DATA"});
    VERIFY_OK(ground.system().replace(ground.directory(), "staged", "target", "backup"));
    QCOMPARE(ground.content("target"), std::string("new"));
    QVERIFY(::GetFileAttributesW(stream.c_str()) != INVALID_FILE_ATTRIBUTES);
}

void WindowsFiles::replaceOverAReadOnlyFile()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    (void)ground.create("staged", "new");
    (void)ground.create("target", "old");
    makeReadOnly(ground, "target");
    const auto replaced = ground.system().replace(ground.directory(), "staged", "target", "backup");
    if (replaced.ok())
        QSKIP("This system replaces a read-only file.");
    COMPARE_OUTCOME(replaced, "PermissionDenied from replace");
    QVERIFY(!replaced.error().mayPass);
    QCOMPARE(ground.content("target"), std::string("old"));
    QCOMPARE(ground.content("staged"), std::string("new"));
    QVERIFY(!ground.exists("backup"));
}

void WindowsFiles::replaceOfWhatIsMissing()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    FileSystem &system = ground.system();
    (void)ground.create("file", "content");
    COMPARE_OUTCOME(system.replace(ground.directory(), "file", "none", "backup"),
                    "NotFound from replace");
    COMPARE_OUTCOME(system.replace(ground.directory(), "none", "file", "backup"),
                    "NotFound from replace");
    QCOMPARE(ground.content("file"), std::string("content"));
    QVERIFY(!ground.exists("backup"));
}

void WindowsFiles::unlinkTakesReadOnlyFiles()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    (void)ground.create("file");
    makeReadOnly(ground, "file");
    VERIFY_OK(ground.system().unlink(ground.directory(), "file"));
    QVERIFY(!ground.exists("file"));
}

void WindowsFiles::otherNamesStayReadOnly()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    (void)ground.create("one", "content");
    VERIFY_OK(ground.system().link(ground.directory(), "one", ground.directory(), "two"));
    makeReadOnly(ground, "one");
    VERIFY_OK(ground.system().unlink(ground.directory(), "one"));
    QVERIFY(!ground.exists("one"));
    QCOMPARE(ground.content("two"), std::string("content"));
    QVERIFY((attributesOf(ground, "two") & FILE_ATTRIBUTE_READONLY) != 0);
    VERIFY_OK(ground.system().unlink(ground.directory(), "two"));
}

/// For the owner and the system, whatever the directory says.
void WindowsFiles::privateFiles()
{
    const auto wanted = windows::descriptorFor(0600);
    VERIFY_OK(wanted);
    QVERIFY(wanted.value() != nullptr);
    LPWSTR text = nullptr;
    QVERIFY(::ConvertSecurityDescriptorToStringSecurityDescriptorW(
        wanted.value().get(), SDDL_REVISION_1, DACL_SECURITY_INFORMATION, &text, nullptr));
    const QString list = QString::fromWCharArray(text);
    (void)::LocalFree(text);
    QVERIFY2(list.startsWith(QStringLiteral("D:P")), qPrintable(list));

    const Ground ground(makeSystemPlace(Medium::Temporary));
    (void)ground.create("file", {}, 0600);
    if (!listOf(ground, "file").startsWith(QStringLiteral("D:P")))
        QSKIP("This file system keeps no access control lists.");
    QCOMPARE(listOf(ground, "file"), list);
}

void WindowsFiles::ordinaryFilesTakeTheDirectorysList()
{
    for (const ModeBits mode : {0644U, 0660U, 0604U, 0666U}) {
        const auto wanted = windows::descriptorFor(mode);
        VERIFY_OK(wanted);
        QVERIFY(wanted.value() == nullptr);
    }
    const Ground ground(makeSystemPlace(Medium::Temporary));
    (void)ground.create("ours", {}, 0644);
    const NativeHandle theirs(::CreateFileW(pathOn(ground, "theirs").c_str(), GENERIC_WRITE, 0,
                                            nullptr, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, nullptr));
    QVERIFY(theirs.isOpen());
    QCOMPARE(listOf(ground, "ours"), listOf(ground, "theirs"));
}

/// The system looks a pattern up among the short names, too.
void WindowsFiles::shortNamesAreNotPrefixes()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    (void)ground.create("long name with spaces.text");
    const auto names = ground.system().readDirectory(ground.directory(), "LONGNA");
    VERIFY_OK(names);
    QVERIFY(names.value().empty());
}

void WindowsFiles::caseIsFolded()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    FileSystem &system = ground.system();
    const Path name(L"D\u00f6cument.TXT");
    const Path other(L"d\u00d6CUMENT.txt");
    (void)ground.create(name, "content");
    if (!ground.exists(other))
        QSKIP("This directory tells letter case apart.");
    const auto stored = system.storedName(ground.directory(), other);
    VERIFY_OK(stored);
    QVERIFY(stored.value().native() == name.native());
    const auto names = system.readDirectory(ground.directory(), Path(L"d\u00d6c"));
    VERIFY_OK(names);
    QCOMPARE(names.value().size(), std::size_t{1});
    COMPARE_OUTCOME(system.createFile(ground.directory(), other, 0600),
                    "AlreadyExists from createFile");
    // Only the spelling changes.
    VERIFY_OK(system.rename(ground.directory(), other, ground.directory(), other));
    QCOMPARE(ground.content(other), std::string("content"));
    for (const char *pattern : {"*", "D?cument.TXT", "D<"}) {
        COMPARE_OUTCOME(system.storedName(ground.directory(), pattern),
                        "InvalidPath from storedName");
    }
}

/// The links that every user may make: to directories.
void WindowsFiles::junctions()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    FileSystem &system = ground.system();
    ground.place->makeDirectory("real");
    ground.place->makeDirectory("junction");
    {
        const std::wstring destination = LR"(\??\)"
            + std::filesystem::path(pathOn(ground, "real")).make_preferred().native();
        const auto length = static_cast<WORD>(destination.size() * sizeof(wchar_t));
        struct
        {
            DWORD tag = IO_REPARSE_TAG_MOUNT_POINT;
            WORD dataLength = 0;
            WORD reserved = 0;
            WORD destinationOffset = 0;
            WORD destinationLength = 0;
            WORD printOffset = 0;
            WORD printLength = 0;
            wchar_t text[1000] = {};
        } data;
        data.destinationLength = length;
        data.printOffset = static_cast<WORD>(length + sizeof(wchar_t));
        data.dataLength = static_cast<WORD>(length + 2 * sizeof(wchar_t) + 8);
        destination.copy(data.text, destination.size());
        const NativeHandle handle = windows::openItself(pathOn(ground, "junction"), GENERIC_WRITE);
        DWORD got = 0;
        if (!::DeviceIoControl(handle.get(), FSCTL_SET_REPARSE_POINT, &data, data.dataLength + 8U,
                               nullptr, 0, &got, nullptr))
            QSKIP("This system makes no junctions.");
    }
    QCOMPARE(ground.info("junction").kind, FileKind::Symlink);
    const auto read = system.readLink(ground.directory(), "junction");
    VERIFY_OK(read);
    const UniqueDirectory through = ground.openDirectory(read.value());
    const auto info = system.statDirectory(through.get());
    VERIFY_OK(info);
    QVERIFY(info.value().identity == ground.info("real").identity);
    COMPARE_OUTCOME(system.openFile(ground.directory(), "junction", FileAccess::Read),
                    "NotRegularFile from openFile");
    VERIFY_OK(system.unlink(ground.directory(), "junction"));
    QVERIFY(!ground.exists("junction"));
    QVERIFY(ground.exists("real"));
}

void WindowsFiles::linkKinds_data()
{
    QTest::addColumn<unsigned>("attributes");
    QTest::addColumn<unsigned>("tag");
    QTest::addColumn<FileKind>("kind");
    const unsigned reparse = FILE_ATTRIBUTE_REPARSE_POINT;
    const unsigned directory = FILE_ATTRIBUTE_DIRECTORY;
    QTest::newRow("file") << 0U << 0U << FileKind::Regular;
    QTest::newRow("directory") << directory << 0U << FileKind::Directory;
    QTest::newRow("link to a file") << reparse << 0xA000000CU << FileKind::Symlink;
    QTest::newRow("link to a directory")
        << (reparse | directory) << 0xA000000CU << FileKind::Symlink;
    QTest::newRow("junction") << (reparse | directory) << 0xA0000003U << FileKind::Symlink;
    QTest::newRow("file in a cloud") << reparse << 0x9000001AU << FileKind::Regular;
    QTest::newRow("directory in a cloud")
        << (reparse | directory) << 0x9000101AU << FileKind::Directory;
    QTest::newRow("deduplicated file") << reparse << 0x80000013U << FileKind::Regular;
    QTest::newRow("compressed by the system") << reparse << 0x80000017U << FileKind::Regular;
    QTest::newRow("socket") << reparse << 0x80000023U << FileKind::Socket;
    QTest::newRow("Linux link") << reparse << 0xA000001DU << FileKind::Other;
    QTest::newRow("Linux FIFO") << reparse << 0x80000024U << FileKind::Fifo;
    QTest::newRow("Linux character device") << reparse << 0x80000025U << FileKind::CharacterDevice;
    QTest::newRow("Linux block device") << reparse << 0x80000026U << FileKind::BlockDevice;
}

void WindowsFiles::linkKinds()
{
    QFETCH(const unsigned, attributes);
    QFETCH(const unsigned, tag);
    QFETCH(const FileKind, kind);
    QCOMPARE(windows::kindOf({attributes, tag}), kind);
}

void WindowsFiles::ownersStay()
{
    const Ground ground(makeSystemPlace(Medium::Temporary));
    const UniqueFile file = ground.create("file");
    VERIFY_OK(ground.system().setOwner(file.get(), 0, 0));
    COMPARE_OUTCOME(ground.system().setOwner(file.get(), 1, 0), "Unsupported from setOwner");
    COMPARE_OUTCOME(ground.system().setOwner(file.get(), 0, 1), "Unsupported from setOwner");
}

QTEST_GUILESS_MAIN(WindowsFiles)
#include "tst_windowsfilesystem.moc"
