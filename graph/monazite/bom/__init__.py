"""Bills of materials: from the sheet of a reader to grams, open questions and stopping plants."""
