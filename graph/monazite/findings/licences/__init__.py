"""What passes a border day by day, when part of it waits for licences?"""
