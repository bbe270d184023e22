// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// How long a durable save of 4 KiB onto an existing file takes: the bare system calls, AtomicFile,
// and QSaveFile (which syncs the file, but never the directory). The three take turns within every
// round, so that whatever else the machine does falls on all of them.
//
//     benchmark_durable_save FOLDER [--check]

#include "bare_save.h"

#include <AtomicFile/AtomicFile>

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QSaveFile>
#include <QTextStream>

#include <algorithm>
#include <functional>
#include <vector>

namespace {

constexpr int rounds = 11;
constexpr int savesPerRound = 25;
constexpr double limit = 1.15; ///< of what the bare system calls take

struct Method
{
    const char *name;
    std::function<bool()> save;
    std::vector<double> medians = {}; ///< microseconds, one for each round
};

double median(std::vector<double> values)
{
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

bool saveWithQt(const QString &path, const QByteArray &bytes)
{
    QSaveFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit();
}

/// One round: every method saves in turn, a different one first each time.
bool runRound(std::vector<Method> &methods, int round)
{
    std::vector<std::vector<double>> times(methods.size());
    for (int i = 0; i < savesPerRound; ++i) {
        for (std::size_t j = 0; j < methods.size(); ++j) {
            const std::size_t turn = (j + static_cast<std::size_t>(i + round)) % methods.size();
            QElapsedTimer timer;
            timer.start();
            if (!methods[turn].save())
                return false;
            times[turn].push_back(static_cast<double>(timer.nsecsElapsed()) / 1000.0);
        }
    }
    for (std::size_t j = 0; j < methods.size(); ++j)
        methods[j].medians.push_back(median(times[j]));
    return true;
}

/// The median over the rounds of how a method compares with the bare calls of the same round.
double ratio(const Method &method, const Method &bare)
{
    std::vector<double> ratios;
    for (std::size_t i = 0; i < method.medians.size(); ++i)
        ratios.push_back(method.medians[i] / bare.medians[i]);
    return median(ratios);
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QTextStream out(stdout);
    const QStringList arguments = application.arguments();
    if (arguments.size() < 2) {
        out << "usage: benchmark_durable_save FOLDER [--check]\n";
        return 2;
    }
    const QString &folder = arguments.at(1);
    const bool check = arguments.contains(QStringLiteral("--check"));
    const QByteArray bytes(4096, 'x');
    const std::string bareFolder = folder.toStdString();
    const QString atomicPath = folder + QStringLiteral("/atomicfile");
    const QString qtPath = folder + QStringLiteral("/qsavefile");

    std::vector<Method> methods = {
        {"bare system calls",
         [&] {
             bareSave(bareFolder, "bare", {bytes.data(), static_cast<std::size_t>(bytes.size())});
             return true;
         }},
        {"AtomicFile",
         [&] { return static_cast<bool>(AtomicFile::writeFile(atomicPath, bytes).result()); }},
        {"QSaveFile", [&] { return saveWithQt(qtPath, bytes); }},
    };

    for (int round = -1; round < rounds; ++round) {
        if (!runRound(methods, round + 1)) {
            out << "a save failed\n";
            return 1;
        }
        if (round < 0) { // the first round creates the files and warms up
            for (Method &method : methods)
                method.medians.clear();
        }
    }

    out << "durable save of " << bytes.size() << " bytes, median of " << rounds << " rounds of "
        << savesPerRound << " saves each\n";
    for (const Method &method : methods) {
        out << qSetFieldWidth(20) << Qt::left << method.name << qSetFieldWidth(10) << Qt::right
            << QString::number(median(method.medians), 'f', 1) << qSetFieldWidth(0) << " us  "
            << QString::number(ratio(method, methods.front()), 'f', 3) << " x bare\n";
    }
    const double measured = ratio(methods[1], methods.front());
    const bool within = measured <= limit;
    out << "AtomicFile takes " << QString::number(measured, 'f', 3) << " of the bare calls' time, "
        << (within ? "within" : "over") << " the limit of " << limit << '\n';
    return check && !within ? 1 : 0;
}
