// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// An application that does not know the library itself:
// plugin_host unload PLUGIN DIRECTORY COUNT  lets PLUGIN ask for COUNT saves, unloads it, and goes on
// plugin_host stay PLUGIN DIRECTORY COUNT    lets a static object of PLUGIN do so when the process ends

#include <QtCore/QByteArray>
#include <QtCore/QCoreApplication>
#include <QtCore/QLibrary>

#include <cstdlib>
#include <string_view>

int main(int argc, char *argv[])
{
    if (argc != 5)
        return 2;
    const bool unloads = std::string_view(argv[1]) == "unload";
    const QCoreApplication application(argc, argv);
    QLibrary plugin(QString::fromLocal8Bit(argv[2]));
    using Save = void (*)(const char *, int);
    const auto save = reinterpret_cast<Save>(
        plugin.resolve(unloads ? "queueSaves" : "saveAtTheEnd"));
    if (!save)
        return 2;
    save(argv[3], QByteArray(argv[4]).toInt());
    return !unloads || plugin.unload() ? EXIT_SUCCESS : EXIT_FAILURE;
}
