// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include <AtomicFile/AtomicFile>

#include <QFuture>

#include <functional>

/// Runs the event loop until the operation has finished; calls cancel once if an interrupt comes.
AtomicFileResult await(const QFuture<AtomicFileResult> &operation,
                       const std::function<void()> &cancel);
