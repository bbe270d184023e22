// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// plugin_host PLUGIN DIRECTORY COUNT  an application that does not know the library itself: it lets
//                                     PLUGIN ask for COUNT saves, unloads it, and goes on to its end

#include <QtCore/QByteArray>
#include <QtCore/QCoreApplication>
#include <QtCore/QLibrary>

#include <cstdlib>

int main(int argc, char *argv[])
{
    if (argc != 4)
        return 2;
    const QCoreApplication application(argc, argv);
    QLibrary plugin(QString::fromLocal8Bit(argv[1]));
    using QueueSaves = void (*)(const char *, int);
    const auto queueSaves = reinterpret_cast<QueueSaves>(plugin.resolve("queueSaves"));
    if (!queueSaves)
        return 2;
    queueSaves(argv[2], QByteArray(argv[3]).toInt());
    return plugin.unload() ? EXIT_SUCCESS : EXIT_FAILURE;
}
