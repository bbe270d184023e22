// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "program.h"

// Before the others, which need its types.
#include <windows.h>

#include <psapi.h>

qint64 peakMemory(qint64 processId)
{
    HANDLE process = ::OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION | PROCESS_VM_READ, FALSE,
                                   static_cast<DWORD>(processId));
    if (!process)
        return -1;
    PROCESS_MEMORY_COUNTERS counters = {};
    const bool told = ::GetProcessMemoryInfo(process, &counters, sizeof counters) != FALSE;
    ::CloseHandle(process);
    return told ? static_cast<qint64>(counters.PeakWorkingSetSize) : -1;
}
