"""Catalogues: a view described for catalogues of data, with a checksum of each of its files."""
