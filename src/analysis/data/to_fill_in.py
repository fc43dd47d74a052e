"""What nobody has said yet: the marker that a new entry of the catalog or of a source carries."""

from collections.abc import Iterator

from analysis.project import Project

MARKER = "TO FILL IN"


def places(project: Project) -> Iterator[str]:
    """Each line of the catalog and of the sources that has the marker, with its text."""
    for path in (project.catalog, project.sources):
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else ()
        for number, line in enumerate(lines, start=1):
            if MARKER in line:
                yield f"{project.show(path)}:{number}: {line.strip()}"
