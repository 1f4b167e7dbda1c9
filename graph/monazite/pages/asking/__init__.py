"""A page to ask on: questions with a name, SPARQL with completion, and answers as tables."""
