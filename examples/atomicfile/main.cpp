// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// atomicfile: the library on the command line.

#include "arguments.h"
#include "binary_streams.h"
#include "commands.h"
#include "interrupt.h"
#include "output.h"

#include <QCoreApplication>

int main(int argc, char *argv[])
{
    catchInterrupts();
    makeStreamsBinary();
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("atomicfile"));

    const auto parsed = parseArguments(application.arguments());
    if (const auto *information = std::get_if<Information>(&parsed)) {
        Output({}).line(information->text.trimmed());
        return static_cast<int>(ExitStatus::Done);
    }
    if (const auto *usage = std::get_if<UsageError>(&parsed)) {
        Output({}).error(usage->message);
        return static_cast<int>(ExitStatus::Usage);
    }
    const auto *arguments = std::get_if<Arguments>(&parsed);
    Output output(*arguments);
    return static_cast<int>(run(*arguments, output));
}
