"""What an analysis returns: frozen dataclasses with `to_dict`, `to_frame`, `plot` and a notebook display."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from detente.report.charts import Chart


def plain(value: Any) -> Any:
    """`value` as JSON can hold it: dataclasses and arrays unfolded, NaN and infinities as null."""
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name.rstrip("_"): plain(getattr(value, f.name)) for f in fields(value) if not f.name.startswith("_")}
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, np.ndarray):
        return [plain(v) for v in value.tolist()]
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def rounded(value: Any, digits: int = 12) -> Any:
    """`value` with every number at `digits` significant digits: what JSON prints."""
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        if value == int(value) and abs(value) < 1e15:
            return int(value)
        return float(f"{value:.{digits}g}")
    if isinstance(value, dict):
        return {k: rounded(v, digits) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(v, digits) for v in value]
    return value


class Result:
    """What every analysis returns has in common. Subclasses are frozen dataclasses whose fields are the JSON keys."""

    def to_dict(self) -> dict[str, Any]:
        """The result as the JSON interface words it, numbers unrounded."""
        return {f.name.rstrip("_"): plain(getattr(self, f.name)) for f in fields(self) if not f.name.startswith("_")}  # type: ignore[arg-type]

    def to_json(self) -> str:
        """The result as JSON, numbers at 12 significant digits."""
        import json

        return json.dumps(rounded(self.to_dict()), ensure_ascii=False, indent=1)

    def rows(self) -> list[dict[str, Any]]:
        """The result as flat records, one a line of a table."""
        raise NotImplementedError  # abstract

    def charts(self) -> list[Chart]:
        """The pictures that carry the result."""
        raise NotImplementedError  # abstract

    def to_frame(self) -> pd.DataFrame:
        """The result as a pandas table (extra ``frame``)."""
        try:
            import pandas as pd
        except ImportError:  # the message says what to do
            raise ImportError("to_frame() needs pandas: pip install 'detente[frame]'") from None
        return pd.DataFrame(self.rows())

    def plot(self) -> Chart:
        """The first picture; it displays itself in a notebook."""
        return self.charts()[0]

    def sentences(self) -> list[str]:
        """The result in words."""
        raise NotImplementedError  # abstract

    def _repr_html_(self) -> str:
        from html import escape

        words = "".join(f"<p>{escape(s)}</p>" for s in self.sentences())
        rows = self.rows()
        if not rows:
            return words
        keys = list(dict.fromkeys(key for row in rows for key in row))
        head = "".join(f"<th>{escape(str(key))}</th>" for key in keys)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(_cell(row.get(key)))}</td>" for key in keys) + "</tr>" for row in rows
        )
        return f"{words}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.3g}" if isinstance(value, float) else str(value)
