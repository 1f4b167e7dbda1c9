"""What may fail, how, and within which time, and what is being built meanwhile?"""

from __future__ import annotations
