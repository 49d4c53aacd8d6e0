"""Fixtures for all tests: real servers, and a small shop on them."""

import sys

import pytest

pytest_plugins = ["servers", "shop"]

main = sys.modules["__main__"]
if not hasattr(main, "__file__"):  # a worker beside others; PySpark would take it for a run of doctests, and end it
    main.__file__ = __file__


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first, so that no worker waits for it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
