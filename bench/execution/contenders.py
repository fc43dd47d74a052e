"""Who runs the notebooks, and by which command."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import yaml

from analysis.project import VARIABLE

from .workspace import BEFORE, STATE_BEFORE, Workspace

HERE = Path(__file__).parent
OWN = Path(sys.executable).parent
Command = Callable[[Workspace, Path], list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """A way to run all notebooks. `own_kernels`: each notebook has a process of its own."""

    name: str
    command: Command
    own_kernels: bool = True
    peer: bool = True
    before: Command | None = None  # what is not measured


def _shell(lines: list[str]) -> list[str]:
    return ["sh", "-ec", "\n".join(lines)]


def _ours(*options: str) -> Command:
    return lambda space, _: [str(OWN / "claims"), "run", *space.claims, *options]


def _before(space: Workspace, _: Path) -> list[str]:
    """An earlier state of this project, over its own copy of the audit."""
    audit = space.root / BEFORE
    run = shlex.join([str(STATE_BEFORE / ".venv" / "bin" / "claims"), "run", *space.claims])
    return ["env", f"{VARIABLE}={audit}", *_shell([f"cd {shlex.quote(str(audit))}", run])]


def _papermill(binary: Path, space: Workspace, *options: str) -> list[str]:
    return [
        shlex.join(
            [
                str(binary / "papermill"),
                *options,
                "--no-progress-bar",
                str(job.notebook),
                str(space.outputs / f"{job.claim}.ipynb"),
                *("-y", json.dumps(dict(job.parameters))),
            ]
        )
        for job in space.jobs
    ]


def _loop(space: Workspace, _: Path) -> list[str]:
    return _shell(_papermill(OWN, space))


def _two_at_a_time(space: Workspace, _: Path) -> list[str]:
    lines = "\n".join(_papermill(OWN, space))
    return ["sh", "-ec", f"printf '%s\\n' {shlex.quote(lines)} | xargs -d '\\n' -P2 -I@ sh -ec @"]


def _processes(space: Workspace, _: Path) -> list[str]:
    pairs = [f"{path}={space.outputs / Path(path).name}" for path in space.notebooks]
    return [sys.executable, str(HERE / "pool.py"), "2", *pairs]


def _nbclient(space: Workspace, _: Path) -> list[str]:
    output = str(space.outputs / "{notebook_name}.ipynb")
    return [str(OWN / "jupyter-execute"), f"--output={output}", *space.notebooks]


def _nbconvert(space: Workspace, _: Path) -> list[str]:
    options = ["--to=notebook", "--execute", f"--output-dir={space.outputs}"]
    return [str(OWN / "jupyter-nbconvert"), *options, *space.notebooks]


def _nbmake(space: Workspace, peers: Path) -> list[str]:
    options = ["-q", "--nbmake", "-n2", "-p", "no:cacheprovider", "--rootdir", str(space.root)]
    return [str(peers / "pytest"), *options, *space.notebooks]


def _jcache_fill(space: Workspace, peers: Path) -> list[str]:
    jcache = shlex.join([str(peers / "jcache"), "notebook", "-p", str(space.root / "scratch")])
    return _shell([f"echo y | {jcache} add {shlex.join(space.notebooks)}"])


def _jcache(space: Workspace, peers: Path) -> list[str]:
    cache = str(space.root / "scratch")
    options = ["project", "-p", cache, "execute", "--executor", "local-parallel", "--timeout=600"]
    return [str(peers / "jcache"), *options]


def _ploomber(space: Workspace, peers: Path) -> list[str]:
    return _shell(_papermill(peers, space, "--engine", "embedded"))


def _snakefile(space: Workspace, peers: Path) -> list[str]:
    """Write what snakemake reads: a rule a notebook, with all inputs of the audit as its inputs."""
    rules = [f"rule all:\n    input: {[str(path) for path in _targets(space)]!r}\n"]
    for job, target, line in zip(
        space.jobs, _targets(space), _papermill(peers, space), strict=True
    ):
        rules.append(
            f"rule {job.claim}:\n    input: {_read(space, job.notebook)!r}\n"
            f"    output: {str(target)!r}\n    shell: {_braces_kept(line)!r}\n"
        )
    path = space.root / "scratch" / "Snakefile"
    path.write_text("\n".join(rules), encoding="utf-8")
    return ["true"]


def _braces_kept(command: str) -> str:
    """A command as snakemake's format string."""
    return command.replace("{", "{{").replace("}", "}}")


def _snakemake(space: Workspace, peers: Path) -> list[str]:
    scratch = space.root / "scratch"
    options = ["-q", "-c2", "-s", str(scratch / "Snakefile"), "-d", str(scratch)]
    return [str(peers / "snakemake"), *options]


def _dvc_file(space: Workspace, peers: Path) -> list[str]:
    """Write what dvc reads; run everything by a faster way; have dvc accept it."""
    scratch = space.root / "scratch"
    stages = {
        job.claim: {
            "cmd": line,
            "deps": _read(space, job.notebook),
            "outs": [{str(target): {"cache": False}}],  # it lies outside of dvc's folder
        }
        for job, target, line in zip(
            space.jobs, _targets(space), _papermill(peers, space), strict=True
        )
    }
    (scratch / "dvc.yaml").write_text(yaml.safe_dump({"stages": stages}), encoding="utf-8")
    dvc = shlex.quote(str(peers / "dvc"))
    make = shlex.join(_processes(space, peers))
    return _shell(
        [f"cd {shlex.quote(str(scratch))}", f"{dvc} init --no-scm -q", make, f"{dvc} commit -f -q"]
    )


def _dvc(space: Workspace, peers: Path) -> list[str]:
    return _shell([f"cd {shlex.quote(str(space.root / 'scratch'))}", f"{peers / 'dvc'} repro -q"])


def _targets(space: Workspace) -> list[Path]:
    return [space.outputs / f"{job.claim}.ipynb" for job in space.jobs]


def _read(space: Workspace, notebook: Path) -> list[str]:
    inputs = (space.audit / name for name in ("claims", "claims.yaml", "data"))
    return [str(notebook), *map(str, inputs)]


def _floor(processes: int) -> Command:
    return lambda space, _: [
        sys.executable,
        str(HERE / "floor.py"),
        str(processes),
        *space.scripts,
    ]


OURS = "claims run"
EARLIER = "claims run, the state before"
LOOP = "papermill, a command a notebook"
TWO_COMMANDS = "papermill, two commands at a time"
FLOOR = "plain script, 2 processes"
CONTENDERS = (
    Contender(name=OURS, command=_ours(), peer=False),
    Contender(name=EARLIER, command=_before, peer=False),
    Contender(name="claims run --jobs 1", command=_ours("--jobs", "1"), peer=False),
    Contender(name="claims run --cold", command=_ours("--cold"), peer=False),
    Contender(name=LOOP, command=_loop),
    Contender(name=TWO_COMMANDS, command=_two_at_a_time),
    Contender(name="papermill in 2 processes", command=_processes),
    Contender(name="nbclient (jupyter execute)", command=_nbclient),
    Contender(name="nbconvert --execute", command=_nbconvert),
    Contender(name="pytest --nbmake -n2", command=_nbmake),
    Contender(name="jupyter-cache, local-parallel", command=_jcache, before=_jcache_fill),
    Contender(name="papermill --engine embedded (ploomber)", command=_ploomber),
    Contender(name="snakemake -c2 with papermill", command=_snakemake, before=_snakefile),
    Contender(name="plain script", command=_floor(1), own_kernels=False),
    Contender(name=FLOOR, command=_floor(2), own_kernels=False),
)
UNCHANGED = (
    Contender(name=OURS, command=_ours(), peer=False, before=_ours()),
    Contender(
        name="snakemake",
        command=_snakemake,
        before=lambda s, p: _then(s, p, _snakefile, _snakemake),
    ),
    Contender(
        name="jupyter-cache",
        command=_jcache,
        before=lambda s, p: _then(s, p, _jcache_fill, _jcache),
    ),
    Contender(name="dvc", command=_dvc, before=_dvc_file),
)


def _then(space: Workspace, peers: Path, *steps: Command) -> list[str]:
    return _shell([shlex.join(step(space, peers)) for step in steps])
