"""``fazhi serve`` from the outside."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import zipfile

import httpx2
import pytest

RUN = [sys.executable, "-c", "from pipeline.cli.app import main; main()", "serve", "--no-open"]


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def test_the_command_serves_and_ends_cleanly(own_corpus, port):
    process = subprocess.Popen([*RUN, "--corpus", str(own_corpus), "--port", str(port), "--read-only"], stderr=subprocess.PIPE, text=True)
    try:
        for _ in range(400):
            try:
                page = httpx2.get(f"http://127.0.0.1:{port}/")
                break
            except httpx2.TransportError:
                time.sleep(0.05)
        assert "只读" in page.text
    finally:
        process.terminate()
        said = process.communicate(timeout=20)[1]
    assert f"http://127.0.0.1:{port}/" in said
    assert "Traceback" not in said


def test_a_port_that_is_taken_is_said_in_one_line(own_corpus, port):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        done = subprocess.run([*RUN, "--corpus", str(own_corpus), "--port", str(port)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


def test_another_address_without_a_token_is_misuse(own_corpus):
    done = subprocess.run([*RUN, "--corpus", str(own_corpus), "--host", "0.0.0.0"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "token" in done.stderr


def test_the_package_holds_what_the_pages_are_made_of(root, tmp_path):
    """The wheel, as it is installed elsewhere."""
    pytest.importorskip("hatchling")
    from hatchling.builders.wheel import WheelBuilder

    made = next(iter(WheelBuilder(str(root)).build(directory=str(tmp_path), versions=["standard"])))
    names = set(zipfile.ZipFile(made).namelist())
    wanted = {path.relative_to(root).as_posix() for folder in ("templates", "static", "locales") for path in (root / "pipeline" / "web" / folder).iterdir()}
    assert wanted
    assert wanted <= names
