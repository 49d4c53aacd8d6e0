"""Starting, recognising and ending processes, with processes that are nobody's server."""

import os
import signal
import socket
import sys

import psutil
import pytest

from hoeder.errors import StackError
from hoeder.stack import ports, processes
from hoeder.stack.home import make_home


@pytest.fixture
def home(tmp_path):
    home = make_home(tmp_path)
    yield home
    processes.end([p for s in processes.known(home).values() if (p := processes.process_of(s))], seconds=0)
    processes.end(processes.orphans(home), seconds=0)


def _spawn(home, code, *, name="server"):
    return processes.spawn(home, name, [sys.executable, "-c", code], env={})


def test_a_server_that_ends_while_starting_is_told_with_the_end_of_its_log(home):
    server = _spawn(home, "for i in range(40): print('line', i, flush=True)\nraise SystemExit('no disk')")
    with pytest.raises(StackError, match="server ended while starting") as error:
        processes.wait_until(home, server, lambda: False, seconds=20)
    assert "no disk" in str(error.value)
    assert "line 39" in str(error.value)
    assert "line 3\n" not in str(error.value)
    assert str(processes.log_path(home, "server")) in str(error.value)


def test_a_server_that_is_never_ready_is_told_so(home):
    server = _spawn(home, "import time; time.sleep(60)")
    with pytest.raises(StackError, match="not ready after"):
        processes.wait_until(home, server, lambda: False, seconds=0.3)


def test_hidden_lines_are_not_written(home):
    code = "import time; print('keep'); print('drop: a key'); print('ready', flush=True); time.sleep(60)"
    server = processes.spawn(home, "quiet", [sys.executable, "-c", code], env={}, hide="drop")
    log = processes.log_path(home, "quiet")
    processes.wait_until(home, server, lambda: "ready" in log.read_text(), seconds=20)
    assert log.read_text() == "keep\nready\n"


def test_a_process_that_ignores_a_polite_stop_is_killed_with_its_children(home):
    code = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); print('ready', flush=True);"
        "time.sleep(60)"
    )
    server = _spawn(home, code)
    processes.wait_until(home, server, lambda: "ready" in processes.log_path(home, "server").read_text(), seconds=20)
    family = [psutil.Process(server.pid), *psutil.Process(server.pid).children()]
    assert len(family) == 2
    assert processes.stop(home, "server", seconds=0.2)
    assert not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in family)
    assert not processes.stop(home, "server")


def test_children_of_a_killed_server_are_found_and_those_of_a_living_one_are_not(home):
    code = (
        "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
        "print('ready', flush=True); time.sleep(60)"
    )
    for name in ("killed", "living"):
        server = _spawn(home, code, name=name)
        log = processes.log_path(home, name)
        processes.wait_until(home, server, lambda log=log: "ready" in log.read_text(), seconds=20)
    killed = processes.known(home)["killed"]
    [child] = psutil.Process(killed.pid).children()
    assert processes.orphans(home) == []
    os.kill(killed.pid, signal.SIGKILL)
    psutil.Process(killed.pid).wait(10)
    assert [p.pid for p in processes.orphans(home)] == [child.pid]
    processes.stop(home, "living", seconds=1)


def test_a_taken_port_is_passed_over_when_any_will_do_and_refused_when_it_was_asked_for():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        found = ports.free_ports(3, preferred=[port])
        assert len({*found, port}) == 4
        with pytest.raises(StackError, match=rf"port {port} is already taken by .* \(pid {os.getpid()}\)"):
            ports.claim_port(port)
    assert ports.claim_port(port) == port


def test_a_damaged_state_file_is_said_with_its_path(home):
    (home / "state.json").write_text('{"postgres": {"pid": "many"}}')
    with pytest.raises(StackError, match=r"state\.json: postgres is not a server"):
        processes.known(home)
    (home / "state.json").unlink()
