// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace atomicfile {

/**
 * How a running operation talks to whoever asked for it.
 *
 * Both methods are called on the thread that runs the operation, between chunks, and must be cheap.
 */
class Monitor
{
public:
    Monitor() = default;
    Monitor(const Monitor &) = delete;
    Monitor &operator=(const Monitor &) = delete;
    virtual ~Monitor();

    /// True once the operation is no longer wanted. Asked until publishing, ignored afterwards.
    virtual bool isCancelled() noexcept = 0;
    /// total is -1 where it is unknown.
    virtual void progress(std::int64_t bytesDone, std::int64_t bytesTotal) noexcept = 0;
};

/// For operations that nobody watches.
class NullMonitor final : public Monitor
{
public:
    ~NullMonitor() override;
    bool isCancelled() noexcept override { return false; }
    void progress(std::int64_t, std::int64_t) noexcept override { }
};

} // namespace atomicfile
