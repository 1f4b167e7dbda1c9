"""The cells of an XLSX file: every one, or a sentence about why not."""
