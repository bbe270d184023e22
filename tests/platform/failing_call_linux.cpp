// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "failing_call_linux.h"

#include <cstddef>
#include <cstdint>
#include <thread>

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace atomicfile::test {

namespace {

constexpr std::uint16_t loadWord = BPF_LD | BPF_W | BPF_ABS;
constexpr std::uint16_t jumpIfEqual = BPF_JMP | BPF_JEQ | BPF_K;
constexpr std::uint16_t giveBack = BPF_RET | BPF_K;

/// The half of an argument that holds a small number, on a little-endian machine.
std::uint32_t offsetOf(unsigned argument)
{
    return static_cast<std::uint32_t>(offsetof(seccomp_data, args) + 8 * argument);
}

std::vector<sock_filter> filterFor(const Refusal &refusal)
{
    const std::uint32_t allow = SECCOMP_RET_ALLOW;
    const std::uint32_t refuse = SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(refusal.code);
    std::vector<sock_filter> filter;
    for (const long number : refusal.numbers) {
        const auto wanted = static_cast<std::uint32_t>(number);
        const std::uint8_t skipped = refusal.onlyWith ? 3 : 1;
        filter.push_back({loadWord, 0, 0, offsetof(seccomp_data, nr)});
        filter.push_back({jumpIfEqual, 0, skipped, wanted});
        if (refusal.onlyWith) {
            filter.push_back({loadWord, 0, 0, offsetOf(refusal.onlyWith->index)});
            filter.push_back({jumpIfEqual, 0, 1, refusal.onlyWith->value});
        }
        filter.push_back({giveBack, 0, 0, refuse});
    }
    filter.push_back({giveBack, 0, 0, allow});
    return filter;
}

bool install(const Refusal &refusal)
{
    std::vector<sock_filter> filter = filterFor(refusal);
    const sock_fprog program = {static_cast<unsigned short>(filter.size()), filter.data()};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
        && ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

} // namespace

bool runRefusing(const Refusal &refusal, const std::function<void()> &function)
{
    bool installed = false;
    // A filter cannot be taken off again, but it ends with its thread.
    std::thread thread([&] {
        installed = install(refusal);
        if (installed)
            function();
    });
    thread.join();
    return installed;
}

} // namespace atomicfile::test
