"""The view: filtered rows, not presentation; every command asks one, and so does Python.

A view is a subset of the rows: true on a day, known by a day, from sources of a tier, without a
source. What can be asked of it stands in a file for each question of the README; each verb has
the name, the options and the defaults of its command and returns a frozen result.
"""
