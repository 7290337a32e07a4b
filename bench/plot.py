"""Draws lines over logarithmic scales as SVG, readable on light and dark pages."""

from __future__ import annotations

import math
from html import escape
from pathlib import Path

WIDTH, HEIGHT, MARGIN, RIGHT = 780, 440, 56, 44
COLOURS = ["#c9372c", "#0c66e4", "#6a9a23", "#8270db"]


def draw(file: Path, title: str, across: list[float], lines: dict[str, list[float]]) -> None:
    """Writes one line a name, with a mark at each value; all values are above 0."""
    values = [value for line in lines.values() for value in line]
    x, y = _scale(across, MARGIN, WIDTH - RIGHT), _scale(values, HEIGHT - MARGIN, 64)
    parts = [_text(MARGIN, 24, title, "start"), *_grid(across, x, y)]
    for at, (name, line) in enumerate(lines.items()):
        colour = COLOURS[at % len(COLOURS)]
        points = " ".join(f"{x(one):.1f},{y(value):.1f}" for one, value in zip(across, line, strict=True))
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [
            f'<circle cx="{x(one):.1f}" cy="{y(value):.1f}" r="3" fill="{colour}"/>'
            for one, value in zip(across, line, strict=True)
        ]
        parts.append(_text(MARGIN + 12, 76 + 18 * at, f"{name}: {line[-1]:,.0f} ms", "start", colour))
    body = "\n".join(parts)
    file.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">\n'
        f"<title>{escape(title)}</title>\n"
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>\n{body}\n</svg>\n'
    )


class _Scale:
    """Places a value between two edges by its logarithm."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        self.low, self.high, self.start, self.end = math.log10(low), math.log10(high), start, end

    def __call__(self, value: float) -> float:
        part = (math.log10(value) - self.low) / (self.high - self.low or 1)
        return self.start + part * (self.end - self.start)


def _scale(values: list[float], start: float, end: float) -> _Scale:
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return _Scale(10.0**low, 10.0**high, start, end)


def _grid(across: list[float], x: _Scale, y: _Scale) -> list[str]:
    parts = []
    for decade in range(round(y.low), round(y.high) + 1):
        at = y(10.0**decade)
        parts.append(
            f'<line x1="{MARGIN}" x2="{WIDTH - RIGHT}" y1="{at:.1f}" y2="{at:.1f}" stroke="#dcdfe4"/>'
        )
        parts.append(_text(MARGIN - 8, at + 4, f"{10.0**decade:,g}", "end"))
    parts += [_text(x(one), HEIGHT - MARGIN + 22, f"{one:,.0f}", "middle") for one in across]
    return parts


def _text(x: float, y: float, text: str, anchor: str, colour: str = "#172b4d") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}" '
        f'font-family="sans-serif" font-size="13">{escape(text)}</text>'
    )
