"""What a view needs to work the page of a bill out again."""
