"""Charts as files: SVG and PNG (extra ``charts``), CSV, and the Vega-Lite specification itself."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.errors import UsageError
from detente.report.theme import for_paper

if TYPE_CHECKING:
    from detente.report.charts.chart import Chart

VEGA_LITE = "6.4"  # the vendored one
ENDINGS = (".svg", ".png", ".csv", ".json")


def _converter() -> Any:
    try:
        import vl_convert
    except ImportError as error:
        raise UsageError("pictures as SVG or PNG need vl-convert: pip install 'detente[charts]'") from error
    return vl_convert


def _paper(chart: Chart) -> dict[str, Any]:
    if chart.spec is None:
        raise UsageError(f"{chart.name}: there is nothing to draw: {chart.note}")
    return for_paper(chart.spec)


def to_svg(chart: Chart) -> str:
    """The chart as SVG, black on white. `UsageError` where the extra is missing or there is nothing to draw."""
    spec = _paper(chart)
    return str(_converter().vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[]))


def to_png(chart: Chart, *, scale: float = 2.0) -> bytes:
    """The chart as PNG, black on white."""
    spec = _paper(chart)
    return bytes(_converter().vegalite_to_png(spec, vl_version=VEGA_LITE, scale=scale, allowed_base_urls=[]))


def to_csv(chart: Chart) -> str:
    """The chart's table as CSV. A cell that a spreadsheet would take for a formula is prefixed with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([_cell(name) for name in chart.columns])
    writer.writerows([_cell(row.get(name)) for name in chart.columns] for row in chart.table)
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("=", "+", "@", "-", "\t", "\r") and not _is_number(value):
        return "'" + value
    return "" if value is None else value


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def to_json(chart: Chart) -> str:
    """The Vega-Lite specification."""
    return json.dumps(_paper(chart), ensure_ascii=False, indent=1) + "\n"


def save(chart: Chart, file: Path) -> Path:
    """Write a chart by the ending of the name, whole or not at all."""
    from detente.files import replacing

    makers = {".svg": to_svg, ".csv": to_csv, ".json": to_json}
    if file.suffix == ".png":
        content = to_png(chart)
    elif file.suffix in makers:
        content = makers[file.suffix](chart).encode()
    else:
        raise UsageError(f"chart: found the ending {file.suffix!r}; expected one of {', '.join(ENDINGS)}")
    with replacing(file) as temporary:
        temporary.write_bytes(content)
    return file


def export_charts(charts: Iterable[Chart], folder: Path) -> list[Path]:
    """Every chart as SVG, PNG, CSV and Vega-Lite JSON in a folder; of one with nothing to draw, its table."""
    _converter()
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for chart in charts:
        endings = ENDINGS if chart.spec is not None else (".csv",) if chart.table else ()
        found += [save(chart, folder / f"{chart.name}{ending}") for ending in endings]
    return found


def notebook_bundle(chart: Chart) -> dict[str, Any]:
    """How a notebook shows the chart: as SVG where the extra is there, and its table as words."""
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(str(row.get(c, '')))}</td>" for c in chart.columns) + "</tr>"
        for row in chart.table
    )
    head = "".join(f"<th>{escape(c)}</th>" for c in chart.columns)
    table = (
        f"<table><caption>{escape(chart.title)}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )
    found: dict[str, Any] = {"text/plain": f"{chart.title}: {chart.description}", "text/html": table}
    if chart.spec is not None:
        try:
            found["image/svg+xml"] = to_svg(chart)
        except UsageError:
            return found
        del found["text/html"]
    return found
