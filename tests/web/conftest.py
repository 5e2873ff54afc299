"""A served corpus of the baseline and a hostile report, and clients that talk to it."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from pathlib import Path

import pytest
import uvicorn
from starlette.testclient import TestClient

from pipeline import resources
from pipeline.corpus import Corpus
from pipeline.tag import Tagger
from pipeline.web.app import create_app
from pipeline.web.settings import Settings

HOME = "http://127.0.0.1:8765"
HOSTILE = "<script>alert(1)</script>"
SAMPLES = ("qingshuiwan-2024.html", "yunhu-2019.txt")


@pytest.fixture(scope="session")
def made_corpus(tmp_path_factory) -> Path:
    """A corpus that tests copy or only read."""
    folder = tmp_path_factory.mktemp("web")
    hostile = folder / "<img src=x onerror=alert(2)>.txt"
    hostile.write_text(
        f"青禾区<b>2022</b>年法治政府建设年度情况报告\n一、主要举措和成效\n(一)加强<i>复议</i>工作{HOSTILE}\n"
        f"受理行政复议案件12件{HOSTILE}。“><svg onload=alert(3)>组织应急演练3次。\n",
        encoding="utf-8",
    )
    with Corpus.open(folder / "corpus", create=True) as corpus:
        samples = [resources.corpus_dir() / "samples" / name for name in SAMPLES]
        corpus.add([resources.baseline_path(), *samples, hostile], tagger=Tagger.load(), jobs=1)
        corpus.find(__import__("pipeline.search", fromlist=["parse"]).parse("复议"))
    return folder / "corpus"


@pytest.fixture(scope="session")
def client(made_corpus):
    """Reads the corpus."""
    with TestClient(create_app(Settings(made_corpus)), base_url=HOME, raise_server_exceptions=False) as one:
        yield one


@pytest.fixture
def own_corpus(made_corpus, tmp_path) -> Path:
    """A copy that a test may change."""
    shutil.copytree(made_corpus, tmp_path / "corpus")
    return tmp_path / "corpus"


@pytest.fixture
def own_client(own_corpus):
    """Reads and changes a copy of the corpus."""
    with TestClient(create_app(Settings(own_corpus)), base_url=HOME, raise_server_exceptions=False) as one:
        yield one


@pytest.fixture
def live(own_corpus):
    """The address of a server that runs beside the test."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(create_app(Settings(own_corpus, port=port)), port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


def wait_for(client, job: str) -> dict:
    """The state of a job when it is finished."""
    for _ in range(600):
        state = client.get("/tag/job.json", params={"id": job}).json()
        if state["finished"]:
            return state
        time.sleep(0.05)
    raise AssertionError(f"the job did not end: {state}")
