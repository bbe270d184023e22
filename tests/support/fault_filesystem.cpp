// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "fault_filesystem.h"

#include "call_errors.h"
#include "errno_error.h"

#include <algorithm>
#include <cerrno>

namespace atomicfile::test {

namespace {

SystemError errorOf(const Fault &fault, Call call)
{
    SystemError error = errnoError(call, fault.kind, fault.code);
    if (fault.code != 0)
        error.native.scope = fault.scope;
    error.mayPass = fault.mayPass;
    return error;
}

} // namespace

FaultFileSystem::FaultFileSystem(FileSystem &system) : DecoratedFileSystem(system) { }

FaultFileSystem::~FaultFileSystem() = default;

std::size_t FaultFileSystem::faults() const
{
    const std::lock_guard lock(m_mutex);
    return m_faults;
}

bool FaultFileSystem::strikes(std::size_t index, Call call)
{
    if (!m_fault || index < m_fault->index)
        return false;
    if (index == m_fault->index) {
        m_struck = call;
        return true;
    }
    switch (m_fault->lasting) {
    case Fault::Lasting::Once:
        return false;
    case Fault::Lasting::Kind:
        return m_struck == call;
    case Fault::Lasting::Everything:
        break;
    }
    return true;
}

bool FaultFileSystem::interrupts(Call call)
{
    if (m_interruptions == 0 || call == Call::CloseFile || call == Call::CloseDirectory)
        return false;
    if (m_interruptedSoFar < m_interruptions) {
        ++m_interruptedSoFar;
        return true;
    }
    m_interruptedSoFar = 0;
    return false;
}

Verdict FaultFileSystem::before(const CallRecord &record)
{
    Verdict verdict;
    {
        const std::lock_guard lock(m_mutex);
        const std::size_t index = m_calls++;
        if (interrupts(record.call)) {
            return Verdict::fail(errnoError(record.call, ErrorClass::Interrupted, EINTR));
        } else if (strikes(index, record.call)) {
            ++m_faults;
            const SystemError error = errorOf(*m_fault, record.call);
            verdict = m_losesReplies && changesNames(record.call) ? Verdict::failAfter(error)
                                                                  : Verdict::fail(error);
        } else if (m_pretended == record.call) {
            verdict = Verdict::pretend();
        }
    }
    if (verdict.kind != Verdict::Kind::Pass && verdict.kind != Verdict::Kind::Pretend && m_onFault)
        m_onFault(record);
    return verdict;
}

std::size_t FaultFileSystem::transferLimit(Call, std::size_t wanted)
{
    return std::min(wanted, m_limit);
}

} // namespace atomicfile::test
