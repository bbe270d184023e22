// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Races on purpose, in the places where this library runs code of its own: with tests/tsan.supp
// ThreadSanitizer still has to see it.

#include <QFuture>
#include <QPromise>
#include <QThreadPool>

#include <atomic>
#include <cstring>
#include <thread>

namespace {

int shared = 0;
std::atomic<bool> touched = false;

void touchAndSay(std::memory_order order)
{
    ++shared;
    touched.store(true, order);
}

/// With memory_order_relaxed nothing orders the two accesses, though one is always the first.
void waitAndTouch(std::memory_order order)
{
    while (!touched.load(order)) { }
    ++shared;
}

void raceWithATask()
{
    QThreadPool pool;
    pool.start([] { touchAndSay(std::memory_order_relaxed); });
    waitAndTouch(std::memory_order_relaxed);
    pool.waitForDone();
}

void raceWithAContinuation()
{
    QPromise<int> promise;
    promise.start();
    const QFuture<void> continued = promise.future().then(
        [](int) { touchAndSay(std::memory_order_relaxed); });
    std::thread thread([&promise] {
        promise.addResult(1);
        promise.finish();
    });
    waitAndTouch(std::memory_order_relaxed);
    thread.join();
}

void takeTurnsWithATask()
{
    QThreadPool pool;
    pool.start([] { touchAndSay(std::memory_order_release); });
    waitAndTouch(std::memory_order_acquire);
    pool.waitForDone();
}

} // namespace

int main(int argc, char *argv[])
{
    const char *way = argc == 2 ? argv[1] : "";
    if (std::strcmp(way, "task") == 0)
        raceWithATask();
    else if (std::strcmp(way, "continuation") == 0)
        raceWithAContinuation();
    else if (std::strcmp(way, "turns") == 0)
        takeTurnsWithATask();
    else
        return 2;
    return 0;
}
