// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "outcome.h"

#include <utility>

namespace atomicfile {

Failure failureOf(const SystemError &error, Step step, Path path)
{
    Failure failure{error.kind, step, error.native, std::move(path)};
    // A rename within one directory that says "other device" meets an overlay or a bind mount.
    if (failure.kind == ErrorClass::NotSameDevice)
        failure.kind = ErrorClass::Unsupported;
    else if (failure.kind == ErrorClass::HalfReplaced || failure.kind == ErrorClass::Interrupted)
        failure.kind = ErrorClass::Unknown;
    return failure;
}

Failure refusal(ErrorClass kind, Step step, Path path)
{
    return Failure{kind, step, NativeCode{}, std::move(path)};
}

Outcome failedOutcome(Failure failure, Path target)
{
    Outcome outcome;
    outcome.failure = std::move(failure);
    outcome.target = std::move(target);
    return outcome;
}

void Outcome::fail(Failure cause)
{
    if (!failure)
        failure = std::move(cause);
}

} // namespace atomicfile
