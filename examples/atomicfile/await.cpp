// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "await.h"

#include "interrupt.h"

#include <QEventLoop>
#include <QFutureWatcher>
#include <QTimer>

#include <chrono>

AtomicFileResult await(const QFuture<AtomicFileResult> &operation,
                       const std::function<void()> &cancel)
{
    using namespace std::chrono_literals;

    QEventLoop loop;
    QFutureWatcher<AtomicFileResult> watcher;
    QObject::connect(&watcher, &QFutureWatcher<AtomicFileResult>::finished, &loop,
                     &QEventLoop::quit);

    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, &loop, [&] {
        if (!isInterrupted())
            return;
        timer.stop();
        cancel();
    });
    timer.start(20ms);

    watcher.setFuture(operation);
    if (!operation.isFinished())
        loop.exec();
    return operation.result();
}
