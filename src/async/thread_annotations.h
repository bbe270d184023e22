// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

// What Clang's thread-safety analysis reads (https://clang.llvm.org/docs/ThreadSafetyAnalysis.html);
// other compilers see nothing.
#if defined(__clang__)
    #define ATOMICFILE_THREAD(x) __attribute__((x))
#else
    #define ATOMICFILE_THREAD(x)
#endif
#define ATOMICFILE_CAPABILITY ATOMICFILE_THREAD(capability("mutex"))
#define ATOMICFILE_SCOPED_CAPABILITY ATOMICFILE_THREAD(scoped_lockable)
#define ATOMICFILE_GUARDED_BY(x) ATOMICFILE_THREAD(guarded_by(x))
#define ATOMICFILE_REQUIRES(...) ATOMICFILE_THREAD(requires_capability(__VA_ARGS__))
#define ATOMICFILE_ACQUIRE(...) ATOMICFILE_THREAD(acquire_capability(__VA_ARGS__))
#define ATOMICFILE_RELEASE(...) ATOMICFILE_THREAD(release_capability(__VA_ARGS__))
