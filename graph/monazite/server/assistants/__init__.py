"""Assistants: the questions of a view as tools of a model, by the Model Context Protocol."""
