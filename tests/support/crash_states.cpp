// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "effects.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace atomicfile::test {

namespace {

bool isData(const Effect &effect)
{
    return effect.kind == Effect::Kind::Write || effect.kind == Effect::Kind::Clone;
}

std::vector<Part> partsOfData(const Effect &effect)
{
    if (effect.kind == Effect::Kind::Clone)
        return {Part::Nothing, Part::All};
    return {Part::Nothing, Part::SizeOnly, Part::FirstHalf, Part::All};
}

/// What each effect may come to when all are independent.
std::vector<Part> partsUnderWeak(const Effect &effect)
{
    if (effect.kind == Effect::Kind::Rename) {
        if (effect.removalDurable)
            return {Part::All};
        const bool within = effect.fromDirectory == effect.toDirectory;
        if (effect.durable)
            return within ? std::vector{Part::All} : std::vector{Part::AdditionOnly, Part::All};
        if (!within)
            return {Part::Nothing, Part::AdditionOnly, Part::All};
    }
    if (effect.durable)
        return {Part::All};
    return isData(effect) ? partsOfData(effect) : std::vector{Part::Nothing, Part::All};
}

Part partOnlySynced(const Effect &effect)
{
    if (effect.kind != Effect::Kind::Rename || effect.durable == effect.removalDurable)
        return effect.durable ? Part::All : Part::Nothing;
    return effect.durable ? Part::AdditionOnly : Part::RemovalOnly;
}

/// One thing that a power cut decides, and what each of its choices makes of the effects concerned.
struct Decision
{
    std::vector<std::size_t> effects;
    std::vector<std::vector<Part>> choices; ///< for each choice one part for each of the effects
};

Decision alone(std::size_t effect, const std::vector<Part> &parts)
{
    Decision decision{{effect}, {}};
    for (const Part part : parts)
        decision.choices.push_back({part});
    return decision;
}

/// How far a volume's journal got: everything up to some point and nothing after it.
Decision prefix(const std::vector<std::size_t> &effects)
{
    Decision decision{effects, {}};
    for (std::size_t length = 0; length <= effects.size(); ++length) {
        std::vector<Part> parts(effects.size(), Part::Nothing);
        std::fill_n(parts.begin(), length, Part::All);
        decision.choices.push_back(std::move(parts));
    }
    return decision;
}

using Journal = std::map<std::uint64_t, std::size_t>;

std::vector<Decision> decisionsUnderOrdered(const std::vector<Effect> &effects,
                                            const Journal &journal)
{
    std::vector<Decision> decisions;
    std::map<std::uint64_t, std::vector<std::size_t>> waiting;
    for (std::size_t i = 0; i < effects.size(); ++i) {
        const Effect &effect = effects[i];
        const auto committed = journal.find(effect.volume);
        const bool isCommitted = !isData(effect) && committed != journal.end()
            && i < committed->second;
        if (effect.durable || isCommitted)
            decisions.push_back(alone(i, {Part::All}));
        else if (isData(effect))
            decisions.push_back(alone(i, partsOfData(effect)));
        else
            waiting[effect.volume].push_back(i);
    }
    for (const auto &volume : waiting)
        decisions.push_back(prefix(volume.second));
    return decisions;
}

std::vector<Decision> decisionsOf(CrashModel model, const std::vector<Effect> &effects,
                                  const Journal &journal)
{
    std::vector<Decision> decisions;
    switch (model) {
    case CrashModel::Ordered:
        return decisionsUnderOrdered(effects, journal);
    case CrashModel::Weak:
        for (std::size_t i = 0; i < effects.size(); ++i)
            decisions.push_back(alone(i, partsUnderWeak(effects[i])));
        break;
    case CrashModel::OnlySynced:
        for (std::size_t i = 0; i < effects.size(); ++i)
            decisions.push_back(alone(i, {partOnlySynced(effects[i])}));
        break;
    }
    return decisions;
}

void requireFew(const std::vector<Decision> &decisions)
{
    std::size_t states = 1;
    for (const Decision &decision : decisions) {
        states *= decision.choices.size();
        if (states > EffectLog::mostStates)
            throw std::length_error("too many unsynced effects to try every subset of them");
    }
}

/// Counts through all combinations; false after the last one.
bool advance(std::vector<std::size_t> &chosen, const std::vector<Decision> &decisions)
{
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        if (++chosen[i] < decisions[i].choices.size())
            return true;
        chosen[i] = 0;
    }
    return false;
}

} // namespace

std::vector<Tree> EffectLog::crashStates(CrashModel model) const
{
    const std::vector<Decision> decisions = decisionsOf(model, m_effects, m_journal);
    requireFew(decisions);
    std::vector<Tree> states;
    std::vector<std::size_t> chosen(decisions.size(), 0);
    do {
        std::vector<Part> parts(m_effects.size(), Part::Nothing);
        for (std::size_t i = 0; i < decisions.size(); ++i) {
            const Decision &decision = decisions[i];
            for (std::size_t k = 0; k < decision.effects.size(); ++k)
                parts[decision.effects[k]] = decision.choices[chosen[i]][k];
        }
        Tree tree = m_durable;
        for (std::size_t i = 0; i < m_effects.size(); ++i)
            apply(tree, m_effects[i], parts[i]);
        tree.collect();
        states.push_back(std::move(tree));
    } while (advance(chosen, decisions));
    return states;
}

} // namespace atomicfile::test
