"""Who could replace a country, how plans have slipped, and what of a need is covered."""
