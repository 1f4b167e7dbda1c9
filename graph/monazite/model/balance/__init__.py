"""Does it add up: what is made, traded, taken and left over of an element in a year?"""
