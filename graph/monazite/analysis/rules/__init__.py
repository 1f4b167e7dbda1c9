"""Which rule catches an item on a day: by its text, by guidance and in practice."""
