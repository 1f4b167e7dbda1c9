"""Data: tables in, as typed, checked and filtered rows; importers and customs records too."""
