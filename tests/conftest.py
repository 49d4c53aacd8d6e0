"""Fixtures for all tests: real servers, and a small shop on them."""

from servers import Bucket, Database, connection_to

__all__ = ["Bucket", "Database", "connection_to"]

pytest_plugins = ["servers", "shop"]
