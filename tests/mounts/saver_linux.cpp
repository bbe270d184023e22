// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// mounts_saver save FILE SIZE USER LIMIT IN_PLACE
//     makes SIZE letters n the content of FILE, as another user unless that is 0, with a limit for the size
//     of files unless that is 0, and in place, if it cannot be replaced, where IN_PLACE is 1; prints what
//     became of it as JSON
// mounts_saver hold FILE
//     writes into a device, says so, and waits for its end

#include <AtomicFile/AtomicFile>

#include <QtCore/QCoreApplication>
#include <QtCore/QFile>
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QMetaEnum>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include <grp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace {

template<typename Enum>
QString nameOf(Enum value)
{
    return QLatin1String(QMetaEnum::fromType<Enum>().valueToKey(static_cast<int>(value)));
}

bool becomeUser(uid_t user)
{
    return user == 0
        || (::setgroups(0, nullptr) == 0 && ::setresgid(user, user, user) == 0
            && ::setresuid(user, user, user) == 0);
}

/// Beyond it the kernel sends a signal first, which ends a program that has not said otherwise.
bool limitFiles(rlim_t size)
{
    const rlimit limit = {size, size};
    return size == 0
        || (std::signal(SIGXFSZ, SIG_IGN) != SIG_ERR && ::setrlimit(RLIMIT_FSIZE, &limit) == 0);
}

int save(const QString &path, qsizetype size, bool mayOverwrite)
{
    AtomicFileOptions options;
    if (mayOverwrite)
        options.inPlace = AtomicFileOptions::InPlace::WhenReplaceImpossible;
    const AtomicFileResult result = AtomicFile::writeFile(path, QByteArray(size, 'n'), options)
                                        .result();
    const QJsonObject told{
        {QStringLiteral("error"), nameOf(result.error())},
        {QStringLiteral("step"), nameOf(result.step())},
        {QStringLiteral("state"), nameOf(result.targetState())},
        {QStringLiteral("losses"), static_cast<int>(result.losses().toInt())},
        {QStringLiteral("native"), result.nativeError()},
        {QStringLiteral("retained"), QJsonArray::fromStringList(result.retainedFiles())},
    };
    std::puts(QJsonDocument(told).toJson(QJsonDocument::Compact).constData());
    return EXIT_SUCCESS;
}

int hold(const QString &path)
{
    AtomicFileDevice device(path);
    if (!device.open(QIODevice::WriteOnly) || device.write("never committed") < 0)
        return EXIT_FAILURE;
    std::puts("open");
    std::fflush(stdout);
    for (;;)
        ::pause();
}

} // namespace

int main(int argc, char *argv[])
{
    ::prctl(PR_SET_PDEATHSIG, SIGKILL); // It ends with the test, whatever becomes of that.
    const QCoreApplication application(argc, argv);
    const std::string_view way = argc > 2 ? argv[1] : "";
    const QString path = argc > 2 ? QFile::decodeName(argv[2]) : QString();
    if (way == "hold")
        return hold(path);
    if (way != "save" || argc != 7 || !limitFiles(QByteArray(argv[5]).toULongLong())
        || !becomeUser(QByteArray(argv[4]).toUInt()))
        return 2;
    return save(path, QByteArray(argv[3]).toLongLong(), QByteArray(argv[6]) == "1");
}
