"""Customs records: a reader's own shipments, summed by year into rows of the tables."""
