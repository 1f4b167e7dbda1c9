"""Columns: the engines that read and group what is too long for rows, each in one module."""
