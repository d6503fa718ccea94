"""setup.sh, as far as it can be tried without changing the machine."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NEED = re.compile(r"\bneed\((.+)\)$", re.MULTILINE)
NAMED = re.compile(r'[=:] ?"([^"]+)"')
"""Where a part of the rig asks for programs, and the Debian package of each that it names there."""
VERBS = ("run", "test", "doctor", "judge", "bench", "rig", "install", "upgrade", "uninstall", "help")


def setup(*words: str, here: Path = ROOT, path: str | None = None) -> "subprocess.CompletedProcess[str]":
    environment = os.environ | ({"PATH": path} if path else {})
    return subprocess.run(
        [str(here / "setup.sh"), *words], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        env=environment, timeout=120,
    )  # fmt: skip


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A clone whose path has a space, on a machine where every installer only tells what it was asked."""
    clone = tmp_path / "a clone"
    clone.mkdir()
    for name in ("setup.sh", "pyproject.toml"):
        shutil.copy(ROOT / name, clone / name)
    tools = tmp_path / "tools"
    tools.mkdir()
    for name, does in {
        "apt-get": f'echo "apt-get $*" >> "{tmp_path}/asked"',
        "sudo": f'echo "sudo" >> "{tmp_path}/asked"; exec "$@"',
        "systemctl": f'echo "systemctl $*" >> "{tmp_path}/asked"',
        "dpkg": "",
        "dpkg-query": "exit 1",
    }.items():
        (tools / name).write_text(f"#!/bin/sh\n{does}\n")
        (tools / name).chmod(0o755)
    return clone


def pretend(clone: Path) -> str:
    return f"{clone.parent / 'tools'}:/usr/bin:/bin"


def fake_python(clone: Path) -> None:
    """An environment whose pip and modules only tell that they were called."""
    environment = clone / ".venv"
    (environment / "bin").mkdir(parents=True)
    python = environment / "bin" / "python"
    python.write_text(
        f'#!/bin/sh\ncase "$*" in *sys.prefix*) echo "{environment}" ;; -VV) echo 3.11 ;; '
        f'"-c "*) exit 0 ;; *) echo "python $*" >> "{clone.parent}/asked" ;; esac\n'
    )
    python.chmod(0o755)


def asked(clone: Path) -> list[str]:
    file = clone.parent / "asked"
    return file.read_text().splitlines() if file.exists() else []


def test_help_explains_each_verb_and_so_does_no_verb() -> None:
    told = setup("help")
    assert told.returncode == 0
    for verb in VERBS:
        assert f"./setup.sh {verb}" in told.stdout
    assert setup().stdout == told.stdout


def test_a_verb_that_is_not_known_fails_and_says_what_there_is() -> None:
    told = setup("instal")
    assert told.returncode != 0
    assert '"instal"' in told.stderr
    assert "./setup.sh run" in told.stderr


def test_run_installs_what_is_missing_starts_the_speaker_and_is_silent_the_second_time(bare: Path) -> None:
    fake_python(bare)
    first = setup("run", "--camera", "actor", here=bare, path=pretend(bare))
    assert first.returncode == 0, first.stderr
    assert "Debian packages: mpd" in first.stdout
    words = asked(bare)
    assert any(line.startswith("apt-get install") and "mpd" in line.split() for line in words)
    assert any("pip install" in line and ".[eye,songs]" in line for line in words)
    assert words[-1] == "python -P -m desk --camera actor"
    (bare.parent / "asked").unlink()
    (bare.parent / "tools" / "dpkg-query").write_text("#!/bin/sh\nprintf installed\n")
    second = setup("run", here=bare, path=pretend(bare))
    assert (second.stdout, second.returncode) == ("", 0)
    assert asked(bare) == ["python -P -m desk"]


def test_the_rig_brings_what_its_parts_need_when_it_is_asked_for_all_of_them(bare: Path) -> None:
    fake_python(bare)
    assert setup("rig", here=bare, path=pretend(bare)).returncode == 0
    told = asked(bare)
    brought = {package for line in told if line.startswith("apt-get install") for package in line.split()[2:]}
    asks = [call for file in (ROOT / "tests" / "rig").rglob("*.py") for call in NEED.findall(file.read_text())]
    wanted = {package for call in asks for package in NAMED.findall(call)} - {"mount"}  # that is in every Debian
    assert wanted and wanted <= brought
    assert told[-1] == "python -m tests.rig"
    (bare.parent / "asked").unlink()
    assert setup("rig", "power", here=bare, path=pretend(bare)).returncode == 0
    told = asked(bare)
    assert not any("qemu" in line for line in told), "a part alone says itself what it lacks"
    assert told[-1] == "python -m tests.rig power"


def test_a_changed_list_of_packages_is_installed_again(bare: Path) -> None:
    fake_python(bare)
    (bare.parent / "tools" / "dpkg-query").write_text("#!/bin/sh\nprintf installed\n")
    setup("run", here=bare, path=pretend(bare))
    with (bare / "pyproject.toml").open("a") as file:
        file.write("# one more\n")
    setup("run", here=bare, path=pretend(bare))
    assert sum("pip install" in line for line in asked(bare)) == 2


def test_packages_that_apt_cannot_install_are_told_with_apts_own_words_and_then_mended(bare: Path) -> None:
    fake_python(bare)
    apt = bare.parent / "tools" / "apt-get"
    well = apt.read_text()
    apt.write_text('#!/bin/sh\n[ "$1" = update ] || { echo "E: no space left"; exit 100; }\n')
    told = setup("run", here=bare, path=pretend(bare))
    assert told.returncode != 0
    assert "no space left" in told.stderr
    apt.write_text(well)
    assert setup("run", here=bare, path=pretend(bare)).returncode == 0


def test_another_installer_that_is_at_work_is_waited_for(bare: Path) -> None:
    """Such as the dpkg of an apt that was killed: it outlives it for a moment, and leaves its work half done."""
    fake_python(bare)
    tools = bare.parent / "tools"
    busy = 'echo "dpkg: error: dpkg frontend lock was locked by another process with pid 7" >&2; exit 2'
    (tools / "dpkg").write_text(f'#!/bin/sh\necho dpkg >>"{bare.parent}/asked"\n[ -e "$0.free" ] || {{ {busy}; }}\n')
    (tools / "dpkg").chmod(0o755)
    (tools / "sleep").write_text(f'#!/bin/sh\necho sleep >>"{bare.parent}/asked"; touch "{tools}/dpkg.free"\n')
    (tools / "sleep").chmod(0o755)
    told = setup("run", here=bare, path=pretend(bare))
    assert told.returncode == 0, told.stderr
    assert told.stdout.count("Another installer is at work") == 1
    words = [line for line in asked(bare) if not line.startswith(("sudo", "systemctl"))]
    assert words[:3] == ["dpkg", "sleep", "dpkg"] and words[3].startswith("apt-get update")


def test_the_lists_of_a_system_that_has_just_started_and_renews_them_itself_are_waited_for(bare: Path) -> None:
    fake_python(bare)
    tools = bare.parent / "tools"
    busy = 'echo "E: Could not get lock /var/lib/apt/lists/lock. It is held by process 7 (apt-get)" >&2; exit 100'
    apt = f'echo "apt-get $*" >>"{bare.parent}/asked"\n[ "$1" != update ] || [ -e "$0.free" ] || {{ {busy}; }}'
    (tools / "apt-get").write_text(f"#!/bin/sh\n{apt}\n")
    (tools / "sleep").write_text(f'#!/bin/sh\ntouch "{tools}/apt-get.free"\n')
    (tools / "sleep").chmod(0o755)
    told = setup("run", here=bare, path=pretend(bare))
    assert told.returncode == 0, told.stderr
    assert told.stdout.count("Another installer is at work") == 1
    words = [line.split()[1] for line in asked(bare) if line.startswith("apt-get")]
    assert words == ["update", "update", "install"]


def test_the_doctor_of_a_box_needs_no_network(bare: Path) -> None:
    box = bare.parent / "root/usr/local/bin/mien"
    box.parent.mkdir(parents=True)
    box.write_text("#!/bin/sh\necho doctor of the box: $*\nexit 1\n")
    box.chmod(0o755)
    told = subprocess.run(
        [str(bare / "setup.sh"), "doctor"], capture_output=True, text=True, check=False, timeout=120,
        env=os.environ | {"PATH": pretend(bare), "MIEN_ROOT": str(bare.parent / "root")},
    )  # fmt: skip
    assert "doctor of the box: doctor" in told.stdout and told.returncode == 1
    assert not [line for line in asked(bare) if line != "sudo"]


def test_an_environment_of_a_clone_that_was_moved_is_made_anew(bare: Path) -> None:
    fake_python(bare)
    moved = bare.parent / "moved clone"
    bare.rename(moved)
    (moved.parent / "tools" / "dpkg-query").write_text("#!/bin/sh\nprintf installed\n")
    maker = moved.parent / "tools" / "python3"
    maker.write_text(f'#!/bin/sh\ncase "$*" in *"-m venv"*) echo "made $3" >> "{moved.parent}/asked" ;; esac\n')
    maker.chmod(0o755)
    told = setup("run", here=moved, path=pretend(moved))
    assert "Python environment in .venv" in told.stdout
    assert asked(moved) == [f"made {moved}/.venv"]
    assert not (moved / ".venv" / "bin").exists(), "nothing of the old one is left"


def test_ci_runs_the_suite_and_nothing_else() -> None:
    lines = (ROOT / ".ci" / "run").read_text().splitlines()
    assert len(lines) == 2
    assert lines[1].endswith('setup.sh" test')
