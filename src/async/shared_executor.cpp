// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// The executor that the public API uses, and how what is pending there outlasts neither an application
// nor the program.
#include "executor.h"

#include "platform/program_end.h"

#include <QtCore/QCoreApplication>

#include <atomic>

namespace atomicfile {

namespace {

Executor &sharedExecutor();

/// The next end of a QCoreApplication is going to wait for the shared executor.
std::atomic<bool> applicationWaits = false;

/// Qt forgets what it has called, hence the application after this one has to be told again.
void finishBeforeApplicationEnds()
{
    applicationWaits = false;
    sharedExecutor().finish();
}

/// With a plugin that links the library this may be when the plugin is unloaded: the application goes
/// on, and must not call a function that is gone when it ends.
void finishBeforeProgramEnds()
{
    applicationWaits = true; // Whoever still saves must not tell it again.
    qRemovePostRoutine(finishBeforeApplicationEnds);
    sharedExecutor().finishEachFromNowOn();
}

Executor &sharedExecutor()
{
    // Never deleted: static objects that were there before it may still save when they are destroyed.
    static Executor *const executor = [] {
        if (!callAtProgramEnd(finishBeforeProgramEnds))
            qWarning("AtomicFile: what is pending may be lost when the program ends, unless an "
                     "application object waits for it");
        return new Executor(systemFileSystem());
    }();
    return *executor;
}

} // namespace

Executor &Executor::shared()
{
    if (!applicationWaits.exchange(true))
        qAddPostRoutine(finishBeforeApplicationEnds);
    return sharedExecutor();
}

} // namespace atomicfile
