"""Where do rows differ, and is that a contradiction?"""

from __future__ import annotations
