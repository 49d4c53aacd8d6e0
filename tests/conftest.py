"""Fixtures for all tests: real servers, and a small shop on them."""

pytest_plugins = ["servers", "shop"]
