"""Whether a fresh interpreter would load the modules that this one has loaded.

A kernel looks for modules in its own folder first. Files there, and files that have changed since,
must not be replaced by modules that the fork server has imported.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

Stamp = tuple[int, int, int]


def hidden(cwd: str, modules: Mapping[str, ModuleType]) -> str:
    """Why a kernel that starts in this folder would import another module than one of these.

    The import system itself is asked, so that packages, extension modules and the parts of
    namespace packages count, in this folder and in those of sys.path.
    """
    loaded = dict(_places(modules))
    found = {name: PathFinder.find_spec(name, [cwd, *sys.path]) for name in loaded}
    sys.path_importer_cache.pop(cwd, None)  # the fork lists its folder anew
    for name, spec in found.items():
        if spec is not None and _place(spec) != loaded[name]:
            return f"{name} would come from {_place(spec)}, not from {loaded[name]}"
    return ""


def _places(modules: Mapping[str, ModuleType]) -> Iterator[tuple[str, str]]:
    """Where each top-level module is, if it is in files; those below follow it."""
    for name, module in modules.items():
        spec = getattr(module, "__spec__", None)
        if "." not in name and isinstance(spec, ModuleSpec) and (place := _place(spec)):
            yield name, place


def _place(spec: ModuleSpec) -> str:
    """A file, or the folders of a namespace package; nothing for what is built in or frozen."""
    if spec.has_location:
        return spec.origin or ""
    return os.pathsep.join(spec.submodule_search_locations or ())


def own_modules(modules: Iterable[str]) -> tuple[str, ...]:
    """The modules of this package: a cold kernel would not have imported them."""
    return tuple(name for name in modules if f"{name}.".startswith(f"{__package__}."))


def stamps(modules: Mapping[str, ModuleType]) -> dict[str, Stamp]:
    """Modification time, size and inode of each module's file."""
    files = {getattr(module, "__file__", None) for module in modules.values()}
    return {file: stamp for file in files if file and (stamp := _stamp(file))}


def edited(before: Mapping[str, Stamp]) -> str:
    """Why these files would not be loaded as they have been."""
    for file, stamp in before.items():
        if _stamp(file) != stamp:
            return f"{file} has changed since it was imported"
    return ""


def _stamp(file: str) -> Stamp | None:
    try:
        found = os.stat(file)  # noqa: PTH116 - two thousand of them, for each kernel
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
