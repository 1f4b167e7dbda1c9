"""The view: filtered rows, not presentation; every command asks one, and so does Python.

A view is a subset of the rows: true on a day, known by a day, from sources of a tier, without a
source. What can be asked of it stands in a file for each question of the README; each verb has
the name, the options and the defaults of its command and returns a frozen result.
"""

from __future__ import annotations

from monazite.data.parameters import TIERS
from monazite.view.filtered_rows import news_read_to, release_date
from monazite.view.opening import load
from monazite.view.view import View

__all__ = ["TIERS", "View", "load", "news_read_to", "release_date"]
