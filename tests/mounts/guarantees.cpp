// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "guarantees.h"

#include <QFile>

namespace {

bool isRow(const QString &line) { return line.startsWith(QLatin1Char('|')); }

QStringList cellsOf(QString line)
{
    QStringList cells = line.remove(QLatin1Char('`')).split(QLatin1Char('|'));
    // What is before the first bar and after the last.
    cells.removeFirst();
    cells.removeLast();
    for (QString &cell : cells)
        cell = cell.trimmed();
    return cells;
}

} // namespace

Guarantees::Guarantees(const QString &heading)
{
    QFile file(QStringLiteral(GUARANTEES));
    if (!file.open(QIODevice::ReadOnly))
        return;
    const QStringList lines = QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'));
    for (auto line = lines.begin(); line != lines.end(); ++line) {
        if (!isRow(*line) || cellsOf(*line).value(0) != heading)
            continue;
        for (; line != lines.end() && isRow(*line); ++line)
            m_lines.push_back(cellsOf(*line));
        m_lines.erase(m_lines.begin() + 1); // The line of dashes.
        return;
    }
}

QStringList Guarantees::rows() const
{
    QStringList names;
    for (std::size_t line = 1; line < m_lines.size(); ++line)
        names.append(m_lines[line].value(0));
    return names;
}

QString Guarantees::cell(const QString &row, const QString &column) const
{
    for (std::size_t line = 1; line < m_lines.size(); ++line) {
        if (m_lines[line].value(0) == row)
            return m_lines[line].value(m_lines.front().indexOf(column));
    }
    return {};
}
