"""Does it add up? What is made, traded, taken and left over of an element in a year."""
