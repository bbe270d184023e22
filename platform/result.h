// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "error.h"

#include <utility>
#include <variant>

namespace atomicfile {

/**
 * A value or an error, and nothing else; ignoring one is a compiler warning.
 *
 * value() and error() have the precondition that ok() is true, respectively false.
 */
template<typename T, typename E = SystemError>
class [[nodiscard]] Result
{
public:
    // Implicit, so that a function says `return value;` or `return error;`.
    // NOLINTNEXTLINE(google-explicit-constructor)
    Result(T &&value) : m_state(std::in_place_index<0>, std::move(value)) { }
    // NOLINTNEXTLINE(google-explicit-constructor)
    Result(const T &value) : m_state(std::in_place_index<0>, value) { }
    // NOLINTNEXTLINE(google-explicit-constructor)
    Result(E error) : m_state(std::in_place_index<1>, std::move(error)) { }

    bool ok() const noexcept { return m_state.index() == 0; }
    explicit operator bool() const noexcept { return ok(); }

    T &value() & { return *std::get_if<0>(&m_state); }
    const T &value() const & { return *std::get_if<0>(&m_state); }
    T &&value() && { return std::move(*std::get_if<0>(&m_state)); }
    const E &error() const { return *std::get_if<1>(&m_state); }

private:
    std::variant<T, E> m_state;
};

/// The result of a call that has nothing to return: `return {};` is success.
template<typename E>
class [[nodiscard]] Result<void, E>
{
public:
    Result() = default;
    // NOLINTNEXTLINE(google-explicit-constructor): as above
    Result(E error) : m_state(std::move(error)) { }

    bool ok() const noexcept { return m_state.index() == 0; }
    explicit operator bool() const noexcept { return ok(); }
    const E &error() const { return *std::get_if<1>(&m_state); }

private:
    std::variant<std::monostate, E> m_state;
};

using Status = Result<void>;

} // namespace atomicfile
