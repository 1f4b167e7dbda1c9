"""Who holds a stage, and how did that change?"""

from __future__ import annotations
