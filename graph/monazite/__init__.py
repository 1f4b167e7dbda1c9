"""Monazite: what in the rare-earth supply chain can stop you, how sure that is, who says so.

>>> import monazite as mz
>>> view = mz.load()
>>> view.chokepoints("Dy", "USA").chokepoints[0].id
'separation/CHN'
"""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

from monazite.core.package import VERSION, register

__version__ = VERSION

_HOMES = {
    "graph" if name == "write_graph" else name: (home, name)
    for home, name in re.findall(
        r"^from (monazite\S+) import (\w+) as",
        __spec__.loader.get_data(f"{Path(__file__).with_suffix('.pyi')}").decode(),  # zipped too
        re.MULTILINE,
    )
}
"""Where a public name is defined, and what it is called there: read off the stub."""
__all__ = sorted([*_HOMES, "__version__"])

register(lambda: import_module("monazite.analysis.rule_lines").BY_NAME)


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for: networkx and pyvis are slow to import."""
    if name not in _HOMES:
        raise AttributeError(f"module 'monazite' has no attribute {name!r}")
    home, own = _HOMES[name]
    return getattr(import_module(home), own)


def __dir__() -> list[str]:
    return __all__
