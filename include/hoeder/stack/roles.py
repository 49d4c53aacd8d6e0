"""Who may do what in Airflow. Run as a program it brings Airflow's own database up to date and sets roles and accounts.

One run of one process, since importing Airflow costs more than all the rest:

    echo '{"dpo": {"role": "DPO", "password": "…"}}' | python -m hoeder.stack.roles

needs Airflow's environment, reads the accounts from standard input and prints {"dpo": "2"}, the ids that Airflow knows
them by. No account gets one of Airflow's built-in roles, Admin among them. What is granted here is granted
exactly: what an earlier run granted beyond it is taken back, except rights on single DAGs, which DAGs grant themselves
(access_control).
"""

import json
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from airflow.providers.fab.www.security_appless import ApplessAirflowSecurityManager

_READ, _CREATE, _EDIT, _MENU = "can_read", "can_create", "can_edit", "menu_access"
Grants = frozenset[tuple[str, str]]


def _grants(action: str, *resources: str) -> Grants:
    return frozenset((action, resource) for resource in resources)


_OWN_ACCOUNT = _grants(_READ, "Website", "My Profile", "My Password") | _grants(_EDIT, "My Profile", "My Password")
_WATCH_RUNS = (
    _grants(_READ, "DAGs", "DAG Runs", "DAG Versions", "DAG Warnings", "DAG Dependencies", "Task Instances")
    | _grants(_READ, "Task Logs", "HITL Detail", "Assets", "Asset Aliases", "Plugins", "Documentation")
    | _grants(_MENU, "Browse", "DAGs", "DAG Runs", "Task Instances", "HITL Detail", "Assets", "Docs", "Documentation")
)

ROLES: Mapping[str, Grants] = {
    # Deploys, triggers, clears and repairs. May not answer for the DPO, forge a task's result (XCom), nor delete a run:
    # the stored answer of the DPO goes with it.
    "Engineer": (
        _OWN_ACCOUNT
        | _WATCH_RUNS
        | _grants(_READ, "DAG Code", "XComs", "ImportError", "Jobs", "Pools", "Backfills", "Providers", "Audit Logs")
        | _grants(_READ, "Cluster Activity", "Connections", "Variables", "Triggers", "Task Reschedules")
        | _grants(_CREATE, "DAG Runs", "Task Instances", "Assets", "Backfills", "Pools", "Connections", "Variables")
        | _grants(_EDIT, "DAGs", "DAG Runs", "Task Instances", "Backfills", "Pools", "Connections", "Variables")
        | _grants("can_delete", "Connections", "Variables", "Pools", "Backfills")
        | _grants(_MENU, "Admin", "Connections", "Variables", "Pools", "Plugins", "Providers", "XComs", "Jobs")
        | _grants(_MENU, "DAG Dependencies", "Cluster Activity", "Audit Logs")
    ),
    # Answers what a DAG asks. Airflow wants can_edit on the DAG for that too: each such DAG grants it, for itself only.
    "DPO": _OWN_ACCOUNT | _WATCH_RUNS | _grants(_EDIT, "HITL Detail"),
    # Answers for data: decides who may see them. As the officer's role, on the DAGs that grant it.
    "Owner": _OWN_ACCOUNT | _WATCH_RUNS | _grants(_EDIT, "HITL Detail"),
    # Works with releases in the object store; has an account here to change its password, and nothing to see.
    "Analyst": _OWN_ACCOUNT,
    # Reads who has which role, and which connections there are, for the review of access; nothing of a run.
    "Auditor": _grants(_READ, "Users", "Roles", "Connections"),
    # The erasing tasks read the DPO's stored answer as this one.
    "Service": _grants(_READ, "DAGs", "DAG Runs", "Task Instances", "HITL Detail"),
}


def main() -> None:
    """Migrate, set roles and accounts, print the accounts' ids."""
    from airflow.utils.providers_configuration_loader import providers_configuration_loaded

    accounts = json.load(sys.stdin)
    print(json.dumps(providers_configuration_loaded(_apply)(accounts)))


def _apply(accounts: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    from airflow.providers.fab.www.security_appless import ApplessAirflowSecurityManager
    from airflow.utils.db import upgradedb
    from airflow.utils.session import create_session

    upgradedb()
    with create_session() as session:
        manager = ApplessAirflowSecurityManager(session=session)
        for name, grants in ROLES.items():
            _set_role(manager, name, grants)
        return {name: _set_account(manager, name, **fields) for name, fields in accounts.items()}


def _set_role(manager: "ApplessAirflowSecurityManager", name: str, grants: Iterable[tuple[str, str]]) -> None:
    role = manager.find_role(name) or manager.add_role(name)
    wanted = [manager.create_permission(action, resource) for action, resource in sorted(grants)]
    own = [permission for permission in role.permissions if permission.resource.name.startswith(("DAG:", "DAG Run:"))]
    role.permissions = wanted + own


def _set_account(manager: "ApplessAirflowSecurityManager", username: str, role: str, password: str) -> str:
    from werkzeug.security import generate_password_hash

    user: Any = manager.find_user(username=username)
    if user:
        user.roles = [manager.find_role(role)]
        manager.update_user(user)
    else:
        user = manager.add_user(
            username=username,
            first_name=role,
            last_name="account",
            email=f"{username}@localhost",
            role=manager.find_role(role),
            hashed_password=generate_password_hash(password, method="scrypt"),
        )
    return str(user.id)


if __name__ == "__main__":
    main()
