// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "decorated_filesystem.h"

#include <cstddef>
#include <functional>
#include <limits>
#include <mutex>
#include <optional>

namespace atomicfile::test {

/// An error that a call is to give.
struct Fault
{
    enum class Lasting {
        Once,       ///< the call with that number only
        Kind,       ///< every call of that kind from that number on
        Everything, ///< every call from that number on: the disk has gone
    };

    std::size_t index = 0; ///< of all calls, from 0
    ErrorClass kind = ErrorClass::Unknown;
    int code = 0; ///< 0 where the back-end answers without a system call
    Lasting lasting = Lasting::Once;
    NativeScope scope = NativeScope::Errno; ///< of the code
    bool mayPass = false;
};

/// Makes calls fail, cuts transfers short, lets signals interrupt. Set up before the first call.
class FaultFileSystem final : public DecoratedFileSystem
{
public:
    explicit FaultFileSystem(FileSystem &system);
    ~FaultFileSystem() override;

    void setFault(const Fault &fault) { m_fault = fault; }
    /// Every call of this kind says that it went well and does nothing: a lie that tests must notice.
    void pretend(Call call) { m_pretended = call; }
    /**
     * A call that changes names and is made to fail does its work all the same, as one does whose
     * server is asked and whose answer is lost. Others fail without having done anything.
     */
    void loseReplies() { m_losesReplies = true; }
    /// No transfer gets more bytes than this.
    void limitTransfers(std::size_t bytes) { m_limit = bytes; }
    /// Every call but the closes is interrupted so many times before it passes.
    void interruptEach(std::size_t times) { m_interruptions = times; }
    /// Runs after each call that was made to fail.
    void setOnFault(std::function<void(const CallRecord &)> hook) { m_onFault = std::move(hook); }

    /// How many calls were made to fail.
    std::size_t faults() const;

protected:
    Verdict before(const CallRecord &record) override;
    std::size_t transferLimit(Call call, std::size_t wanted) override;

private:
    bool strikes(std::size_t index, Call call);
    bool interrupts(Call call);

    mutable std::mutex m_mutex;
    std::optional<Fault> m_fault;
    std::optional<Call> m_struck; ///< the kind of call that the fault hit
    std::optional<Call> m_pretended;
    bool m_losesReplies = false;
    std::size_t m_limit = std::numeric_limits<std::size_t>::max();
    std::size_t m_interruptions = 0;
    std::size_t m_interruptedSoFar = 0;
    std::size_t m_calls = 0;
    std::size_t m_faults = 0;
    std::function<void(const CallRecord &)> m_onFault;
};

} // namespace atomicfile::test
