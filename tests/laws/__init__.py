"""Laws that hold of every world: of what is shipped, and of worlds that are drawn."""
