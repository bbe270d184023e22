// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// streamless FILE DURABILITY CONTENT  saves CONTENT as a program that was started without standard
// streams and prints all the same, between the writing and the commit

#include <AtomicFile/AtomicFile>

#include <QtCore/QByteArray>

#include <cstdio>
#include <cstdlib>

#include <unistd.h>

int main(int argc, char *argv[])
{
    if (argc != 4)
        return 2;
    for (int stream = 0; stream <= 2; ++stream)
        ::close(stream);

    AtomicFileDevice device(QString::fromLocal8Bit(argv[1]));
    AtomicFileOptions options;
    options.durability = static_cast<AtomicFileOptions::Durability>(QByteArray(argv[2]).toInt());
    device.setOptions(options);
    if (!device.open(QIODevice::WriteOnly | QIODevice::Unbuffered) || device.write(argv[3]) == -1)
        return EXIT_FAILURE;
    const QByteArray stray(10'000, '!');
    for (std::FILE *stream : {stdout, stderr}) {
        std::fputs(stray.constData(), stream);
        std::fflush(stream);
    }
    return device.commit() ? EXIT_SUCCESS : EXIT_FAILURE;
}
