"""What happened, in which order?"""

from __future__ import annotations
