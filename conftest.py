"""What all tests share: those in ``tests`` and the examples in the docstrings of the package."""

pytest_plugins = ["tests.sharing"]
