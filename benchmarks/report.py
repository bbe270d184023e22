# SPDX-FileCopyrightText: 2026 The AtomicFile authors
# SPDX-License-Identifier: MIT
"""Tables, plots, and whether a target was met."""

import html
from statistics import median


def seconds(value):
    for unit, factor in (('s', 1), ('ms', 1e3), ('µs', 1e6)):
        if value * factor >= 1:
            return f'{value * factor:.3g} {unit}'
    return f'{value * 1e9:.0f} ns'


def ratio(numerator, denominator):
    """The median of the ratios of each round: whatever else the machine did then fell on both."""
    return median(a / b for a, b in zip(numerator, denominator))


def table(rows):
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ['  '.join(cell.ljust(width) if i == 0 else cell.rjust(width)
                       for i, (cell, width) in enumerate(zip(row, widths))) for row in rows]
    return '\n'.join(lines)


def bars(title, values, note):
    """An SVG with one bar for each (name, value, text), to scale."""
    step, left, width = 26, 190, 760
    height = 70 + step * len(values)
    longest = max(value for _, value, _ in values)
    # REUSE-IgnoreStart
    parts = ['<!-- SPDX-FileCopyrightText: 2026 The AtomicFile authors -->',
             '<!-- SPDX-License-Identifier: MIT -->']
    # REUSE-IgnoreEnd
    parts += [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
             f'font-family="sans-serif" font-size="13">',
             f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
             f'<text x="12" y="24" font-size="15">{html.escape(title)}</text>']
    for i, (name, value, text) in enumerate(values):
        y = 40 + step * i
        length = max(1.0, (width - left - 170) * value / longest)
        colour = '#2a6fb0' if name.startswith('AtomicFile') else '#9aa5b1'
        parts += [f'<text x="{left - 8}" y="{y + 14}" text-anchor="end">{html.escape(name)}</text>',
                  f'<rect x="{left}" y="{y}" width="{length:.1f}" height="18" fill="{colour}"/>',
                  f'<text x="{left + length + 6:.1f}" y="{y + 14}">{html.escape(text)}</text>']
    parts += [f'<text x="12" y="{height - 10}" fill="#555555">{html.escape(note)}</text>', '</svg>', '']
    return '\n'.join(parts)


class Targets:
    """What this library means to reach, each a ratio or a count that may not be exceeded."""

    def __init__(self):
        self.rows = [('target', 'limit', 'measured', '')]
        self.missed = 0

    def judge(self, what, limit, measured):
        met = measured <= limit
        self.missed += not met
        self.rows.append((what, f'<= {limit:g}', f'{measured:.3g}', 'met' if met else 'MISSED'))

    def text(self):
        return table(self.rows)
