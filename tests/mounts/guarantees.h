// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include <QString>
#include <QStringList>

#include <vector>

/// One table of docs/guarantees.md. The tests measure and compare with its cells, so that neither can
/// change without the other.
class Guarantees
{
public:
    /// The table whose first column has this heading; without rows if there is none.
    explicit Guarantees(const QString &heading);

    /// The first column.
    QStringList rows() const;
    /// Without the marks of Markdown; null if there is no such cell.
    QString cell(const QString &row, const QString &column) const;

private:
    std::vector<QStringList> m_lines;
};
