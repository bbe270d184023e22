// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// A program outside of the project: it sees only what was installed, and is C++17.

#include <AtomicFile/AtomicFile>

#include <QCoreApplication>
#include <QFile>
#include <QTextStream>

static_assert(__cplusplus < 202002L, "The public headers have to be shown to compile as C++17");

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QTextStream errors(stderr);
    const QString path = application.arguments().value(1);
    if (path.isEmpty()) {
        errors << "usage: consumer FILE\n";
        return 2;
    }

    const QByteArray bytes("written by a program that uses the installed library\n");
    const AtomicFileResult result = AtomicFile::writeFile(path, bytes).result();
    if (!result) {
        errors << result.errorString() << '\n';
        return 1;
    }

    QFile file(path);
    if (!file.open(QIODevice::ReadOnly) || file.readAll() != bytes) {
        errors << path << " does not hold what was written\n";
        return 1;
    }
    return result.targetState() == AtomicFileResult::TargetState::Replaced ? 0 : 1;
}
