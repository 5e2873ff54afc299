"""The built wheel works in another environment, away from the checkout: its data travels inside it."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path


def run(*words: str | Path, cwd: Path) -> str:
    environment = {key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "FAZHI_CORPUS"}}
    done = subprocess.run([str(word) for word in words], cwd=cwd, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_wheel_does_the_main_job_in_an_empty_folder(root, tmp_path):
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path / "dist", root, cwd=tmp_path)
    (wheel,) = (tmp_path / "dist").glob("fazhi-*.whl")
    assert wheel.stat().st_size < 10_000_000
    venv.create(tmp_path / "env", with_pip=True)
    scripts = tmp_path / "env" / ("Scripts" if sys.platform == "win32" else "bin")
    run(scripts / "python", "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel, cwd=tmp_path)
    # The libraries come from this environment; a path file shows them without this environment's own copy of the project.
    (own,) = (tmp_path / "env").rglob("site-packages")
    (own / "libraries.pth").write_text(sysconfig.get_paths()["purelib"], encoding="utf-8")
    empty = tmp_path / "empty"
    empty.mkdir()
    where = run(scripts / "python", "-c", "import pipeline; print(pipeline.__file__)", cwd=empty)
    assert where.startswith(str(tmp_path / "env"))
    shown = run(scripts / "fazhi", "demo", cwd=empty)
    assert "daxing-2023" in shown
    assert "【行政复议】" in shown
    run(scripts / "fazhi", "add", "--baseline", cwd=empty)
    assert "【出庭应诉】" in run(scripts / "fazhi", "search", "出庭应诉 category:oversight", cwd=empty)
