"""What all pictures share: colours, letters, plotting, PNG, and pages without a script."""

from __future__ import annotations
