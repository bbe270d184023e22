// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "contract_place.h"
#include "platform/windows/error_win.h"
#include "platform/windows/headers_win.h"

#include <algorithm>
#include <vector>

using namespace atomicfile;

/// The codes of Windows that a file system gives, in the words of this library.
class ErrorClassTable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void classes_data();
    void classes();
    void whatMayPass_data();
    void whatMayPass();
    void unknownNumbersStayUnknown();
    void theNativeCodeIsKept();
    void lacks();
};

namespace {

struct NamedCode
{
    const char *name;
    DWORD code;
};

#define CODE(name)                                                                                 \
    {                                                                                              \
        #name, name                                                                                \
    }

const std::vector<NamedCode> transientCodes = {
    CODE(ERROR_SHARING_VIOLATION),          CODE(ERROR_LOCK_VIOLATION),
    CODE(ERROR_USER_MAPPED_FILE),           CODE(ERROR_UNABLE_TO_REMOVE_REPLACED),
    CODE(ERROR_UNABLE_TO_MOVE_REPLACEMENT), CODE(ERROR_DELETE_PENDING),
};

} // namespace

void ErrorClassTable::classes_data()
{
    QTest::addColumn<unsigned>("code");
    QTest::addColumn<ErrorClass>("kind");

    struct Group
    {
        ErrorClass kind;
        std::vector<NamedCode> codes;
    };
    const Group groups[] = {
        {ErrorClass::NotFound,
         {CODE(ERROR_FILE_NOT_FOUND), CODE(ERROR_PATH_NOT_FOUND), CODE(ERROR_BAD_NETPATH),
          CODE(ERROR_BAD_NET_NAME), CODE(ERROR_DIRECTORY), CODE(ERROR_NO_MORE_FILES)}},
        {ErrorClass::PermissionDenied,
         {CODE(ERROR_ACCESS_DENIED), CODE(ERROR_PRIVILEGE_NOT_HELD),
          CODE(ERROR_NETWORK_ACCESS_DENIED)}},
        {ErrorClass::ReadOnlyFileSystem, {CODE(ERROR_WRITE_PROTECT)}},
        {ErrorClass::AlreadyExists,
         {CODE(ERROR_FILE_EXISTS), CODE(ERROR_ALREADY_EXISTS), CODE(ERROR_DIR_NOT_EMPTY)}},
        {ErrorClass::IsDirectory, {{"ERROR_DIRECTORY_NOT_SUPPORTED", 336}}},
        {ErrorClass::NoSpace,
         {CODE(ERROR_DISK_FULL),
          CODE(ERROR_HANDLE_DISK_FULL),
          {"ERROR_DISK_QUOTA_EXCEEDED", 1295}}},
        {ErrorClass::FileTooLarge,
         {CODE(ERROR_FILE_TOO_LARGE), {"ERROR_FILE_SYSTEM_LIMITATION", 665}}},
        {ErrorClass::TooManyLinks, {CODE(ERROR_TOO_MANY_LINKS)}},
        {ErrorClass::InvalidPath,
         {CODE(ERROR_INVALID_NAME), CODE(ERROR_BAD_PATHNAME), CODE(ERROR_CANT_RESOLVE_FILENAME)}},
        {ErrorClass::NameTooLong, {CODE(ERROR_FILENAME_EXCED_RANGE), CODE(ERROR_BUFFER_OVERFLOW)}},
        {ErrorClass::Busy, transientCodes},
        {ErrorClass::Busy, {CODE(ERROR_BUSY), CODE(ERROR_PATH_BUSY)}},
        {ErrorClass::HalfReplaced, {CODE(ERROR_UNABLE_TO_MOVE_REPLACEMENT_2)}},
        {ErrorClass::NotSameDevice, {CODE(ERROR_NOT_SAME_DEVICE)}},
        {ErrorClass::Unsupported,
         {CODE(ERROR_INVALID_FUNCTION), CODE(ERROR_NOT_SUPPORTED),
          CODE(ERROR_CALL_NOT_IMPLEMENTED)}},
        {ErrorClass::ResourceExhausted,
         {CODE(ERROR_TOO_MANY_OPEN_FILES), CODE(ERROR_NOT_ENOUGH_MEMORY), CODE(ERROR_OUTOFMEMORY),
          CODE(ERROR_NO_SYSTEM_RESOURCES), CODE(ERROR_NOT_ENOUGH_QUOTA)}},
        {ErrorClass::DeviceError,
         {CODE(ERROR_IO_DEVICE), CODE(ERROR_CRC), CODE(ERROR_NOT_READY), CODE(ERROR_GEN_FAILURE),
          CODE(ERROR_WRITE_FAULT), CODE(ERROR_SEM_TIMEOUT), CODE(ERROR_NETNAME_DELETED),
          CODE(ERROR_UNEXP_NET_ERR), CODE(ERROR_DISK_CORRUPT), CODE(ERROR_FILE_CORRUPT),
          CODE(ERROR_DEVICE_NOT_CONNECTED)}},
        // What they mean depends on the call; where no call says so, they mean a mistake of ours.
        {ErrorClass::Unknown, {CODE(ERROR_INVALID_PARAMETER), CODE(ERROR_INVALID_HANDLE)}},
    };
    for (const Group &group : groups) {
        for (const NamedCode &code : group.codes)
            QTest::newRow(code.name) << unsigned{code.code} << group.kind;
    }
}

void ErrorClassTable::classes()
{
    QFETCH(const unsigned, code);
    QFETCH(const ErrorClass, kind);
    QCOMPARE(test::wordsOf(windows::classify(code).kind), test::wordsOf(kind));
}

/// Nothing else passes on its own: waiting for a missing file or a full disk would be a waste.
void ErrorClassTable::whatMayPass_data() { classes_data(); }

void ErrorClassTable::whatMayPass()
{
    QFETCH(const unsigned, code);
    const bool expected = std::any_of(transientCodes.begin(), transientCodes.end(),
                                      [&](const NamedCode &named) { return named.code == code; });
    QCOMPARE(windows::classify(code).mayPass, expected);
    QCOMPARE(windows::errorOf(code, Call::Rename).mayPass, expected);
}

void ErrorClassTable::unknownNumbersStayUnknown()
{
    for (const DWORD code : {0UL, 100'000UL, 0xFFFFFFFFUL}) {
        ::SetLastError(code);
        const SystemError error = windows::lastError(Call::Rename);
        QCOMPARE(error.kind, ErrorClass::Unknown);
        QCOMPARE(static_cast<DWORD>(error.native.code), code);
        QVERIFY(!error.mayPass);
    }
}

void ErrorClassTable::theNativeCodeIsKept()
{
    ::SetLastError(ERROR_NOT_SAME_DEVICE);
    const SystemError error = windows::lastError(Call::Rename);
    QCOMPARE(error.kind, ErrorClass::NotSameDevice);
    QCOMPARE(error.call, Call::Rename);
    QCOMPARE(error.native.scope, NativeScope::Win32);
    QCOMPARE(error.native.code, ERROR_NOT_SAME_DEVICE);

    ::SetLastError(ERROR_INVALID_PARAMETER);
    const SystemError other = windows::lastErrorAs(ErrorClass::FileTooLarge, Call::SetSize);
    QCOMPARE(other.kind, ErrorClass::FileTooLarge);
    QCOMPARE(other.call, Call::SetSize);
    QCOMPARE(other.native.code, ERROR_INVALID_PARAMETER);

    ::SetLastError(ERROR_DISK_FULL);
    QVERIFY(windows::statusOf(Call::SyncFile, TRUE).ok());
    COMPARE_OUTCOME(windows::statusOf(Call::SyncFile, FALSE), "NoSpace from syncFile");
}

void ErrorClassTable::lacks()
{
    QVERIFY(windows::isLack(ERROR_INVALID_PARAMETER));
    QVERIFY(windows::isLack(ERROR_INVALID_FUNCTION));
    QVERIFY(windows::isLack(ERROR_NOT_SUPPORTED));
    QVERIFY(!windows::isLack(ERROR_ACCESS_DENIED));
    QVERIFY(!windows::isLack(ERROR_SHARING_VIOLATION));
    QVERIFY(!windows::isLack(ERROR_SUCCESS));
}

QTEST_GUILESS_MAIN(ErrorClassTable)
#include "tst_errorclass_win.moc"
