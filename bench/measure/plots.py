"""Draws a corpus as bars, in SVG without any library: a panel for each step, a bar for each program, least and most as a line."""

import statistics
from xml.sax.saxutils import escape

from . import tables

WIDTH, COLUMNS = 960, 3
LABEL, BAR, GAP, HEAD, FOOT = 72, 15, 5, 34, 14
OURS, OTHERS, LINE, INK, FAINT = "#1f6f8b", "#b9c4c9", "#5b2333", "#1c1c1c", "#6b7378"


def corpus(results, name, title):
    """One picture: seconds of each step, and megabytes stored at the end."""
    panels = []
    for step in tables.measured(results, name):
        panels.append((tables.TITLES[step] + ", s", {p: tables.values(results, name, p, step, tables.wall) for p in tables.names(results, name)}))
    last = tables.measured(results, name, tables.SNAPSHOTS)[-1:]
    for step in last:
        panels.append(("stored at the end, MB", {p: tables.values(results, name, p, step, tables.stored) for p in tables.names(results, name)}))
    rows = len(tables.names(results, name))
    high = HEAD + rows * (BAR + GAP) + FOOT
    lines = -(-len(panels) // COLUMNS)
    height = 40 + lines * high
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="12" y="24" font-size="15" fill="{INK}">{escape(title)}</text>',
    ]
    for place, (head, bars) in enumerate(panels):
        left, top = place % COLUMNS * (WIDTH // COLUMNS) + 12, 40 + place // COLUMNS * high
        out += panel(left, top, WIDTH // COLUMNS - 24, head, bars)
    return "\n".join([*out, "</svg>", ""])


def panel(left, top, width, head, bars):
    """Bars from zero, so that their lengths compare."""
    shown = {program: list(found.values()) for program, found in bars.items() if found}
    most = max((max(found) for found in shown.values()), default=1) or 1
    room = width - LABEL - 52
    out = [f'<text x="{left}" y="{top + 18}" fill="{INK}" font-weight="bold">{escape(head)}</text>']
    for row, program in enumerate(bars):
        y = top + HEAD + row * (BAR + GAP)
        out.append(f'<text x="{left + LABEL - 6}" y="{y + 12}" text-anchor="end" fill="{INK}">{escape(program)}</text>')
        if program not in shown:
            out.append(f'<text x="{left + LABEL}" y="{y + 12}" fill="{FAINT}">–</text>')
            continue
        found = shown[program]
        middle = statistics.median(found)
        colour = OURS if program == "packstone" else OTHERS
        length = room * middle / most
        out.append(f'<rect x="{left + LABEL}" y="{y}" width="{length:.1f}" height="{BAR}" fill="{colour}"/>')
        if len(found) > 1:
            low, high = (left + LABEL + room * value / most for value in (min(found), max(found)))
            out.append(f'<line x1="{low:.1f}" x2="{high:.1f}" y1="{y + BAR / 2}" y2="{y + BAR / 2}" stroke="{LINE}" stroke-width="1.5"/>')
        text = f"{middle:.2f}" if middle < 100 else f"{middle:.0f}"
        end = left + LABEL + room * max(found) / most + 5
        out.append(f'<text x="{end:.1f}" y="{y + 12}" fill="{FAINT}">{text}</text>')
    return out
