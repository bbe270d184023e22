// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT

// A program of its own for tests that need a second process, or one that ends. Usage:
//   child write FILE BYTE SIZE TIMES   replaces FILE again and again by SIZE times BYTE
//   child return DIRECTORY COUNT       asks for COUNT saves and returns from main
//   child exit DIRECTORY COUNT         the same, ending by exit() without a QCoreApplication
//   child quit DIRECTORY COUNT         the same, by quitting its event loop

#include <AtomicFile/AtomicFile>

#include <QtCore/QCoreApplication>
#include <QtCore/QTimer>

#include <cstdlib>

namespace {

int writeAgainAndAgain(const QStringList &arguments)
{
    const QByteArray content(arguments.at(3).toInt(), arguments.at(2).at(0).toLatin1());
    for (int i = 0; i < arguments.at(4).toInt(); ++i) {
        AtomicFileOptions options;
        options.durability = AtomicFileOptions::Durability::None;
        if (!AtomicFile::writeFile(arguments.at(1), content, options).result())
            return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}

void askForSaves(const QString &directory, int count)
{
    for (int i = 0; i < count; ++i) {
        const QString path = directory + QLatin1Char('/') + QString::number(i);
        AtomicFile::writeFile(path, QByteArray::number(i));
    }
}

} // namespace

int main(int argc, char *argv[])
{
    QStringList arguments;
    for (int i = 1; i < argc; ++i)
        arguments.append(QString::fromLocal8Bit(argv[i]));
    if (arguments.value(0) == QLatin1String("exit")) {
        askForSaves(arguments.at(1), arguments.at(2).toInt());
        std::exit(EXIT_SUCCESS);
    }
    QCoreApplication application(argc, argv);
    if (arguments.value(0) == QLatin1String("write"))
        return writeAgainAndAgain(arguments);
    askForSaves(arguments.at(1), arguments.at(2).toInt());
    if (arguments.value(0) == QLatin1String("return"))
        return EXIT_SUCCESS;
    QTimer::singleShot(0, &application, &QCoreApplication::quit);
    return QCoreApplication::exec();
}
