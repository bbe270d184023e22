// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "contract_place.h"
#include "errorclass_native.h"
#include "platform/posix/error_posix.h"

#include <cerrno>

using namespace atomicfile;

/// Every errno value that a file system gives, in the words of this library.
class ErrorClassTable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void classes_data();
    void classes();
    void unknownNumbersStayUnknown();
    void theNativeCodeIsKept();
    void namesOfCalls();
};

void ErrorClassTable::classes_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<ErrorClass>("kind");

    struct Group
    {
        ErrorClass kind;
        std::vector<test::NamedCode> codes;
    };
#define CODE(name)                                                                                 \
    {                                                                                              \
        #name, name                                                                                \
    }
    const Group groups[] = {
        {ErrorClass::NotFound, {CODE(ENOENT), CODE(ENOTDIR)}},
        {ErrorClass::PermissionDenied, {CODE(EACCES), CODE(EPERM)}},
        {ErrorClass::ReadOnlyFileSystem, {CODE(EROFS)}},
        {ErrorClass::AlreadyExists, {CODE(EEXIST), CODE(ENOTEMPTY)}},
        {ErrorClass::IsDirectory, {CODE(EISDIR)}},
        {ErrorClass::NotRegularFile, {CODE(ESPIPE)}},
        {ErrorClass::NoSpace, {CODE(ENOSPC), CODE(EDQUOT)}},
        {ErrorClass::FileTooLarge, {CODE(EFBIG), CODE(EOVERFLOW)}},
        {ErrorClass::TooManyLinks, {CODE(EMLINK)}},
        {ErrorClass::InvalidPath, {CODE(ELOOP), CODE(EILSEQ)}},
        {ErrorClass::NameTooLong, {CODE(ENAMETOOLONG)}},
        {ErrorClass::Busy,
         {CODE(EBUSY), CODE(ETXTBSY), CODE(EAGAIN), CODE(EWOULDBLOCK), CODE(EDEADLK)}},
        {ErrorClass::NotSameDevice, {CODE(EXDEV)}},
        {ErrorClass::Interrupted, {CODE(EINTR)}},
        {ErrorClass::Unsupported, {CODE(ENOSYS), CODE(ENOTSUP), CODE(EOPNOTSUPP), CODE(ENOTTY)}},
        {ErrorClass::ResourceExhausted,
         {CODE(EMFILE), CODE(ENFILE), CODE(ENOMEM), CODE(ENOBUFS), CODE(ENOLCK)}},
        {ErrorClass::DeviceError,
         {CODE(EIO), CODE(ENXIO), CODE(ENODEV), CODE(ESTALE), CODE(EBADMSG), CODE(EPROTO),
          CODE(ENOLINK), CODE(ENOTCONN), CODE(ESHUTDOWN), CODE(ETIMEDOUT), CODE(ECONNABORTED),
          CODE(ECONNREFUSED), CODE(ECONNRESET), CODE(EHOSTDOWN), CODE(EHOSTUNREACH), CODE(ENETDOWN),
          CODE(ENETUNREACH)}},
        // What they mean depends on the call; where no call says so, they mean a mistake of ours.
        {ErrorClass::Unknown, {CODE(EINVAL), CODE(EBADF), CODE(EFAULT)}},
        {ErrorClass::DeviceError, test::nativeDeviceErrors()},
        {ErrorClass::PermissionDenied, test::nativePermissionErrors()},
    };
#undef CODE
    for (const Group &group : groups) {
        for (const test::NamedCode &code : group.codes)
            QTest::newRow(code.name) << code.code << group.kind;
    }
}

void ErrorClassTable::classes()
{
    QFETCH(const int, code);
    QFETCH(const ErrorClass, kind);
    QCOMPARE(test::wordsOf(posix::classify(code)), test::wordsOf(kind));
}

void ErrorClassTable::unknownNumbersStayUnknown()
{
    for (const int code : {-1, 0, 100'000}) {
        errno = code;
        const SystemError error = posix::lastError(Call::Rename);
        QCOMPARE(error.kind, ErrorClass::Unknown);
        QCOMPARE(error.native.code, code);
    }
}

void ErrorClassTable::theNativeCodeIsKept()
{
    errno = EXDEV;
    const SystemError error = posix::lastError(Call::Rename);
    QCOMPARE(error.kind, ErrorClass::NotSameDevice);
    QCOMPARE(error.call, Call::Rename);
    QCOMPARE(error.native.scope, NativeScope::Errno);
    QCOMPARE(error.native.code, EXDEV);

    errno = EINVAL;
    const SystemError other = posix::lastErrorAs(ErrorClass::Unsupported, Call::Reserve);
    QCOMPARE(other.kind, ErrorClass::Unsupported);
    QCOMPARE(other.call, Call::Reserve);
    QCOMPARE(other.native.code, EINVAL);

    errno = ENOSPC;
    QVERIFY(posix::statusOf(Call::SyncFile, 0).ok());
    COMPARE_OUTCOME(posix::statusOf(Call::SyncFile, -1), "NoSpace from syncFile");
}

void ErrorClassTable::namesOfCalls()
{
    QCOMPARE(std::string(callName(Call::OpenDirectory)), std::string("openDirectory"));
    QCOMPARE(std::string(callName(Call::CopyRange)), std::string("copyRange"));
    QCOMPARE(std::string(callName(Call::Random)), std::string("random"));
}

QTEST_GUILESS_MAIN(ErrorClassTable)
#include "tst_errorclass.moc"
