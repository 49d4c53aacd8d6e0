"""Fixtures for all tests: real servers, and a small shop on them."""

import pytest

pytest_plugins = ["servers", "shop"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first, so that no worker waits for it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
