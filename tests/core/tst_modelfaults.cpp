// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// The faults themselves: that a call which is made to fail does what the test asked for and reports
// what the system would have said, and that the tables hold no errors that the back-ends cannot give.
#include "model_ground.h"
#include "support/call_errors.h"
#include "support/fault_filesystem.h"
#include "support/win32_error.h"

#include <QtTest>

#include <algorithm>

using namespace atomicfile;
using namespace atomicfile::test;

class ModelFaultsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void lostReplies_data();
    void lostReplies();
    void lostRepliesAreOfNamesOnly();
    void faultsSayWhatTheSystemSays();
    void errorsOfWindows_data();
    void errorsOfWindows();
    void errorsThatMayPass();
};

void ModelFaultsTest::lostReplies_data()
{
    QTest::addColumn<Profile>("profile");
    QTest::newRow("Linux") << Profile::Linux;
    QTest::newRow("Darwin") << Profile::Darwin;
    QTest::newRow("Windows") << Profile::Windows;
}

/// Each says that it failed, and has done what it was asked.
void ModelFaultsTest::lostReplies()
{
    QFETCH(Profile, profile);
    ModelGround ground(profile);
    ground.system.addFile("/there/a", "content");
    FaultFileSystem faulty(ground.system);
    faulty.setFault({0, ErrorClass::DeviceError, EIO, Fault::Lasting::Everything});
    faulty.loseReplies();
    std::size_t told = 0;
    faulty.setOnFault([&](const CallRecord &) { ++told; });
    const DirectoryHandle directory = ground.directory;
    const auto is = [&](const char *text) {
        return ModelGround::textOf(ground.system.tree()) == text;
    };
    QVERIFY(!faulty.rename(directory, "a", directory, "b").ok());
    QVERIFY(is("b=content "));
    QVERIFY(!faulty.renameNoReplace(directory, "b", directory, "c").ok());
    QVERIFY(is("c=content "));
    QVERIFY(!faulty.link(directory, "c", directory, "d").ok());
    QVERIFY(is("c=content d=content "));
    QVERIFY(!faulty.unlink(directory, "d").ok());
    QVERIFY(is("c=content "));
    QVERIFY(!faulty.createSymlink(directory, "e", "c").ok());
    QVERIFY(is("c=content e=content "));
    ground.system.addFile("/there/f", "new");
    QVERIFY(!faulty.replace(directory, "f", "c", "g").ok());
    QVERIFY(
        is(profile == Profile::Windows ? "c=new e=new g=content " : "c=content e=content f=new "));
    QCOMPARE(faulty.faults(), std::size_t(6));
    QCOMPARE(told, std::size_t(6));
}

void ModelFaultsTest::lostRepliesAreOfNamesOnly()
{
    ModelGround ground(Profile::Linux);
    ground.system.addFile("/there/file", "content");
    const auto file = ground.system.openFile(ground.directory, "file", FileAccess::ReadWrite);
    FaultFileSystem faulty(ground.system);
    faulty.setFault({0, ErrorClass::DeviceError, EIO, Fault::Lasting::Everything});
    faulty.loseReplies();
    QVERIFY(!faulty.writeAt(file.value(), 0, bytesOf("other")).ok());
    QVERIFY(!faulty.setSize(file.value(), 0).ok());
    QVERIFY(!faulty.createFile(ground.directory, "created", 0600).ok());
    QCOMPARE(ModelGround::textOf(ground.system.tree()), std::string("file=content "));
}

void ModelFaultsTest::faultsSayWhatTheSystemSays()
{
    ModelGround ground(Profile::Windows);
    ground.system.addFile("/there/file", "content");
    FaultFileSystem faulty(ground.system);
    faulty.setFault({0, ErrorClass::Busy, win32::unableToRemoveReplaced, Fault::Lasting::Once,
                     NativeScope::Win32, true});
    QCOMPARE(answer(faulty.unlink(ground.directory, "file")),
             QByteArray("Busy win32 1175 may pass"));
    faulty.setFault({1, ErrorClass::NotFound, ENOENT, Fault::Lasting::Once});
    QCOMPARE(answer(faulty.unlink(ground.directory, "file")), QByteArray("NotFound errno"));
    QVERIFY(faulty.unlink(ground.directory, "file").ok());
}

void ModelFaultsTest::errorsOfWindows_data()
{
    QTest::addColumn<int>("call");
    for (const NamedCall &named : allCalls)
        QTest::newRow(named.name.data()) << static_cast<int>(named.call);
}

void ModelFaultsTest::errorsOfWindows()
{
    QFETCH(int, call);
    for (const CallError &error : errorsOf(static_cast<Call>(call), Profile::Windows)) {
        QVERIFY(error.scope == (error.code == 0 ? NativeScope::None : NativeScope::Win32));
        // Only the model can be half-way, and there are no signals.
        QVERIFY(error.kind != ErrorClass::HalfReplaced);
        QVERIFY(error.kind != ErrorClass::Interrupted);
        const bool isViolation = error.code == win32::sharingViolation
            || error.code == win32::lockViolation || error.code == win32::unableToRemoveReplaced
            || error.code == win32::unableToMoveReplacement || error.code == win32::userMappedFile;
        QVERIFY(!isViolation || (error.mayPass && error.kind == ErrorClass::Busy));
        QVERIFY(!error.mayPass || error.kind == ErrorClass::Busy
                || error.code == win32::accessDenied);
    }
}

/// What the retries are for: each of these calls can meet somebody who has the file open.
void ModelFaultsTest::errorsThatMayPass()
{
    for (const Call call :
         {Call::Rename, Call::RenameNoReplace, Call::Replace, Call::Unlink, Call::OpenFile}) {
        const auto errors = errorsOf(call, Profile::Windows);
        for (const ErrorClass kind : {ErrorClass::Busy, ErrorClass::PermissionDenied}) {
            const auto passes = [kind](const CallError &error) {
                return error.mayPass && error.kind == kind;
            };
            QVERIFY2(std::any_of(errors.begin(), errors.end(), passes), callName(call).data());
        }
    }
    for (const NamedCall &named : allCalls) {
        for (const CallError &error : errorsOf(named.call, Profile::Linux))
            QVERIFY2(!error.mayPass, named.name.data());
    }
}

QTEST_APPLESS_MAIN(ModelFaultsTest)
#include "tst_modelfaults.moc"
