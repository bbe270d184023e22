// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "watch.h"

#include "interrupt.h"

#include <QEventLoop>
#include <QTimer>

#include <chrono>

ExitStatus watch(const Arguments &arguments, Output &output)
{
    using namespace std::chrono_literals;

    const QString path = arguments.paths.constFirst();
    QEventLoop loop;
    AtomicFileWatcher watcher(path);
    if (arguments.options.expectedVersion)
        watcher.setVersion(*arguments.options.expectedVersion);

    int changes = 0;
    const auto tell = [&](const AtomicFileVersion &version) {
        output.changed(path, version);
        if (++changes == arguments.changes)
            loop.exit(static_cast<int>(ExitStatus::Done));
    };
    QObject::connect(&watcher, &AtomicFileWatcher::changedByOther, &loop, tell);
    QObject::connect(&watcher, &AtomicFileWatcher::removed, &loop, [&] { tell({}); });

    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, &loop, [&] {
        if (isInterrupted())
            loop.exit(static_cast<int>(ExitStatus::Interrupted));
    });
    timer.start(20ms);
    return static_cast<ExitStatus>(loop.exec());
}
