"""What a notebook would import itself is not replaced by what a preload has brought."""

from __future__ import annotations

import sys
from importlib.machinery import EXTENSION_SUFFIXES
from types import ModuleType

import dateutil
import mpl_toolkits
import pytest
import six
from kernelbooks import execute, texts

import analysis
from forkedkernels import origins, protocol
from forkedkernels.fork_server import start_fork_server

LOADED = {"six": six, "dateutil": dateutil, "mpl_toolkits": mpl_toolkits, "sys": sys}
HIDING = {
    "module": "six.py",
    "bytecode": "six.pyc",
    "extension module": f"six{EXTENSION_SUFFIXES[0]}",
    "package": "dateutil/__init__.py",
    "a module instead of a package": "dateutil.py",
    "part of a namespace package": "mpl_toolkits/more.py",
}
HARMLESS = {
    "a folder without modules": "six/data.csv",
    "another name": "sixth.py",
    "built in": "sys.py",
    "below another package": "mine/six.py",
}


def made(folder, name, text="LOCAL = True"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return str(folder)


@pytest.mark.parametrize("name", HIDING.values(), ids=HIDING)
def test_what_hides_a_loaded_module(name, tmp_path):
    assert origins.hidden(str(tmp_path), LOADED) == ""
    assert str(tmp_path) in origins.hidden(made(tmp_path, name), LOADED)


@pytest.mark.parametrize("name", HARMLESS.values(), ids=HARMLESS)
def test_what_hides_nothing(name, tmp_path):
    assert origins.hidden(made(tmp_path, name), LOADED) == ""


def test_a_module_that_came_into_a_folder_of_the_path(tmp_path, monkeypatch):
    first = made(tmp_path / "first", "other.py")
    monkeypatch.syspath_prepend(first)
    assert origins.hidden("/", LOADED) == ""
    made(tmp_path / "first", "six.py")
    assert first in origins.hidden("/", LOADED)


def test_a_module_that_was_edited_or_removed(tmp_path):
    module = ModuleType("edited")
    module.__file__ = f"{made(tmp_path, 'edited.py')}/edited.py"
    before = origins.stamps({"edited": module, "six": six})
    assert origins.edited(before) == ""
    made(tmp_path, "edited.py", "LOCAL = 'edited'")
    assert "edited.py has changed" in origins.edited(before)
    (tmp_path / "edited.py").unlink()
    assert "edited.py has changed" in origins.edited(before)


def test_the_modules_of_the_package_itself_are_not_inherited():
    own = ("forkedkernels", "forkedkernels.protocol")
    assert origins.own_modules(("six", *own, "forkedkernelsx")) == own


@pytest.fixture(scope="module")
def small(environment):  # noqa: ARG001 - its kernels must agree with it
    """A fork server that has imported little, but matplotlib's requirements among it."""
    with start_fork_server(["cycler", "forkedkernels.protocol"]) as address:
        yield address


LOCAL = "import os, {0}\nprint(getattr({0}, 'LOCAL', False), open('/proc/self/comm').read())"


def test_a_notebook_has_its_own_modules(small, tmp_path):
    made(tmp_path, "cycler.py")
    assert texts(execute([LOCAL.format("cycler")], tmp_path, small))[0].split()[0] == "True"
    (tmp_path / "cycler.py").unlink()
    assert texts(execute([LOCAL.format("cycler")], tmp_path, small)) == ["False forked-kernel"]


def test_a_notebook_has_an_analysis_of_its_own_and_is_forked(small, tmp_path):
    made(tmp_path, "analysis.py")
    assert texts(execute([LOCAL.format("analysis")], tmp_path, small)) == ["True forked-kernel"]


def test_without_one_it_finds_the_installed_package(small, tmp_path):
    cell = "import analysis, forkedkernels.protocol\nprint(analysis.__file__)"
    assert texts(execute([cell], tmp_path, small)) == [analysis.__file__]


def test_an_edited_module_is_read_anew(tmp_path, monkeypatch):
    folder = made(tmp_path / "lib", "freshly.py", "LOCAL = 1")
    monkeypatch.setenv("PYTHONPATH", folder)
    with start_fork_server(["freshly"]) as address:
        monkeypatch.setenv(protocol.ADDRESS_VARIABLE, address)
        assert texts(execute([LOCAL.format("freshly")], tmp_path)) == ["1 forked-kernel"]
        made(tmp_path / "lib", "freshly.py", "LOCAL = 'two'")
        assert texts(execute([LOCAL.format("freshly")], tmp_path))[0].split()[0] == "two"
