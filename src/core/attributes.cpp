// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "attributes.h"

#include "retry.h"

#include <algorithm>
#include <string>
#include <vector>

namespace atomicfile {

namespace {

using Names = std::vector<std::string>;

constexpr Losses attributesLost = Losses(0) | Loss::ExtendedAttributes;

/// The names of what a file has; none where it can have none.
Result<Names> namesOf(FileSystem &system, FileHandle file)
{
    auto names = retryInterrupted([&] { return system.listAttributes(file); });
    if (!names && names.error().kind == ErrorClass::Unsupported)
        return Names();
    return names;
}

/// Looks, once, whether all of these are there.
Result<Losses> missing(FileSystem &system, FileHandle file, const Names &names)
{
    const auto has = namesOf(system, file);
    if (!has)
        return isLoss(has.error()) ? Result<Losses>(attributesLost) : has.error();
    const auto isThere = [&](const std::string &name) {
        return std::find(has.value().begin(), has.value().end(), name) != has.value().end();
    };
    return std::all_of(names.begin(), names.end(), isThere) ? Losses(0) : attributesLost;
}

enum class State { Written, WasThere, Gone, Lost };

Result<State> lostOr(const SystemError &error)
{
    if (isLoss(error) || error.kind == ErrorClass::NotFound)
        return State::Lost;
    return error;
}

Result<State> carryOne(FileSystem &system, FileHandle staged, FileHandle source,
                       const std::string &name, SameContent content)
{
    const AttributeKind kind = system.attributeKind(name);
    if (kind == AttributeKind::OfContent && content == SameContent::No)
        return State::Lost;
    const auto value = retryInterrupted([&] { return system.readAttribute(source, name); });
    if (!value && value.error().kind == ErrorClass::NotFound)
        return State::Gone; // Since it was listed.
    if (!value)
        return lostOr(value.error());
    if (kind != AttributeKind::OfSystem) {
        const auto written = retryInterrupted(
            [&] { return system.writeAttribute(staged, name, value.value()); });
        if (written)
            return State::Written;
        if (!isLoss(written.error()) && written.error().kind != ErrorClass::NoSpace)
            return written.error();
    }
    // A label that nobody may set is the same in most directories all the same.
    const auto present = retryInterrupted([&] { return system.readAttribute(staged, name); });
    if (!present)
        return lostOr(present.error());
    return present.value() == value.value() ? State::WasThere : State::Lost;
}

} // namespace

bool isLoss(const SystemError &error)
{
    return error.kind == ErrorClass::PermissionDenied || error.kind == ErrorClass::Unsupported;
}

Result<Losses, SystemError> carryAttributes(FileSystem &system, FileHandle staged,
                                            FileHandle source, SameContent content)
{
    const auto names = namesOf(system, source);
    if (!names)
        return isLoss(names.error()) ? Result<Losses>(attributesLost) : names.error();
    Losses losses = 0;
    Names written;
    for (const std::string &name : names.value()) {
        const auto state = carryOne(system, staged, source, name, content);
        if (!state)
            return state.error();
        if (state.value() == State::Lost)
            losses |= attributesLost;
        else if (state.value() == State::Written)
            written.push_back(name);
    }
    if (written.empty())
        return losses;
    // Some file systems say ok and do nothing.
    const auto unwritten = missing(system, staged, written);
    if (!unwritten)
        return unwritten.error();
    return losses | unwritten.value();
}

Result<Losses, SystemError> lostAttributes(FileSystem &system, FileHandle staged, FileHandle source)
{
    const auto names = namesOf(system, source);
    if (!names)
        return isLoss(names.error()) ? Result<Losses>(attributesLost) : names.error();
    return names.value().empty() ? Losses(0) : missing(system, staged, names.value());
}

} // namespace atomicfile
