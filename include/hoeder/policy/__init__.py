"""Policy as data: read, checked, and cited by its digest in everything that is done under it."""

from hoeder.policy.dataset import Prefix, Store, Table
from hoeder.policy.load import default_folder, load
from hoeder.policy.models import Policy
from hoeder.policy.release import Release
from hoeder.policy.retention import RetentionRule

__all__ = ["Policy", "Prefix", "Release", "RetentionRule", "Store", "Table", "default_folder", "load"]
