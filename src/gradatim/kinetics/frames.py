"""Tidy tables: for pandas, Polars, Arrow and Parquet. `gradatim.kinetics.cubes` makes them of what the engine gives.

Columns have the field's names (ID, TIME, IPRED, DV, CMAX, AUC) and are NumPy arrays, which pandas and Arrow take as they are. Arrow
comes with ``pip install "gradatim[frames]"`` and is imported when it is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

import gradatim
from gradatim.domain.fault import one_fault
from gradatim.kinetics.published import PublishedModel
from gradatim.kinetics.structure import LinearModel

if TYPE_CHECKING:
    import pyarrow

Column = NDArray[Any]

INSTALL = 'Install it: pip install "gradatim[frames]"'
KEY = b"gradatim"
"""Under which the metadata of an Arrow table and of a Parquet file tell where its numbers come from, as JSON."""
UNITS = b"units"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frame:
    """Columns of one length by their names, the unit of each that has one, and where the numbers come from.

    ``pandas.DataFrame(frame.columns, copy=False)`` shares their memory. ``polars.DataFrame(frame)``, ``pyarrow.table(frame)`` and whatever else
    reads Arrow's C stream take the frame itself. A number that is not known is NaN, in Arrow null.
    """

    columns: dict[str, Column]
    units: Mapping[str, str] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len({len(column) for column in self.columns.values()}) > 1:
            raise one_fault("columns", "are not equally long", "Give each a value in every row")

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    @classmethod
    def of_rows(
        cls, heading: Sequence[str], rows: Sequence[Sequence[Any]], *, text: Sequence[str] = (), units: Mapping[str, str] | None = None,
        about: Mapping[str, Any] | None = None,
    ) -> Self:  # fmt: skip
        """From rows; columns named in ``text`` are text, the others numbers, in which None is NaN."""
        found: dict[str, Column] = {}
        for place, name in enumerate(heading):
            cells = [row[place] for row in rows]
            if name in text:
                found[name] = np.array(["" if cell is None else cell for cell in cells], dtype=np.str_)
            else:
                found[name] = np.array([np.nan if cell is None else cell for cell in cells], dtype=np.float64)
        return cls(columns=found, units=units or {}, about=origin(None) | dict(about or {}))

    def to_arrow(self) -> pyarrow.Table:
        """As an Arrow table over the same memory (text is copied), each unit and the origin in its metadata. Raises `BadInput` without pyarrow."""
        with needs("pyarrow"):
            import pyarrow
        arrays, fields = [], []
        for name, column in self.columns.items():
            array = pyarrow.array(column, from_pandas=True)
            unit = self.units.get(name)
            arrays.append(array)
            fields.append(pyarrow.field(name, array.type, metadata=None if unit is None else {UNITS: unit}))
        about = json.dumps(dict(self.about), ensure_ascii=False, sort_keys=True).encode()
        return pyarrow.Table.from_arrays(arrays, schema=pyarrow.schema(fields, metadata={KEY: about}))

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Arrow's PyCapsule interface."""
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def to_parquet(self, file: Path | None = None) -> bytes:
        """As a Parquet file: its bytes, written to ``file`` where one is given. Raises `BadInput` without pyarrow."""
        table = self.to_arrow()
        with needs("pyarrow"):
            import pyarrow
            import pyarrow.parquet
        sink = pyarrow.BufferOutputStream()
        pyarrow.parquet.write_table(table, sink)
        content = bytes(sink.getvalue().to_pybytes())
        if file is not None:
            file.write_bytes(content)
        return content


def origin(of: PublishedModel | LinearModel | None) -> dict[str, Any]:
    """Where numbers come from: the program, and of a published model its id, standing, sources and what these do not give."""
    found: dict[str, Any] = {"program": f"gradatim {gradatim.__version__}"}
    if isinstance(of, PublishedModel):
        found |= {
            "model": of.id, "name": of.name, "standing": str(of.standing), "source": [str(one) for one in of.source], "missing": list(of.missing),
        }  # fmt: skip
    return found


@contextmanager
def needs(name: str) -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as missing:
        raise one_fault("frames", f"needs {missing.name or name}, which is not installed", INSTALL) from None
