"""`claims export`, `bundle` and `verify`: for other tools, for an archive, from an archive."""

from __future__ import annotations

from pathlib import Path

import click

from analysis.cli import audit

FOLDER, ARCHIVE = "exports", "bundle.zip"  # under build/, by default
ANYWHERE = click.Path(path_type=Path)


@click.command()
@click.argument("names", nargs=-1, metavar="[KIND]...")
@click.option("--to", type=ANYWHERE, metavar="DIR", help="Target folder [build/exports].")
def export(names: tuple[str, ...], to: Path | None) -> None:
    """Write the results for other tools; without a KIND, in every form.

    In DIR, files that were not exported before are not replaced; MANIFEST lists
    what was.

    \b
    claims            claims.json with its JSON Schema
    claimreview       schema.org ClaimReview as JSON-LD
    sweeps-csv        every specification of every claim
    sweeps-parquet    the same as Parquet
    datapackage       the tables as a Frictionless Data Package
    bibtex            all sources
    For an RO-Crate of everything: claims bundle

    \b
    claims export
    claims export claimreview bibtex --to /some/folder
    """
    from analysis.exports import kinds

    chosen, project = kinds.chosen(names), audit.aged()
    folder = to or project.build / FOLDER
    for name in chosen:
        files = kinds.made(project, [name])
        kinds.write(folder, files)
        more = f" and {len(files) - 1} more" if len(files) > 1 else ""
        click.echo(f"{name:<15} {project.show(folder / next(iter(files)))}{more}")


@click.command()
@click.option("--out", type=ANYWHERE, metavar="FILE", help="Target file [build/bundle.zip].")
def bundle(out: Path | None) -> None:
    """Pack the audit, its results and its library into one archive, an RO-Crate.

    FILE is new or an earlier bundle: no other file is replaced.

    \b
    claims run && claims bundle
    claims bundle --out audit.zip
    """
    from analysis.data.checksums import digest
    from analysis.exports import bundle as bundling
    from analysis.exports import manifest, outputs

    if out:
        outputs.free(out, "bundle", outputs.bundle)
    project = audit.aged()
    path = out or project.build / ARCHIVE
    files = bundling.write(project, path)
    megabytes = path.stat().st_size / 1e6
    click.echo(f"{project.show(path)}: {len(files)} files, {megabytes:.1f} MB")
    click.echo(f"sha256 of its {manifest.FILE}: {digest(files[manifest.FILE])}")


@click.command()
@click.argument("path", metavar="BUNDLE", type=ANYWHERE)
@click.pass_context
def verify(context: click.Context, path: Path) -> None:
    """Compare every file of a bundle with its hash, without unpacking anything.

    \b
    Exit codes: 0 it is whole, 1 files are missing, extra or changed, 2 it is no
    bundle, or one that must not be unpacked.

    \b
    claims verify audit.zip
    """
    from analysis.exports import verification

    report = verification.verify(path)
    for word in ("missing", "extra", "changed"):
        for name in getattr(report, word):
            click.echo(f"{word:<8} {name}")
    click.echo(f"sha256 of its MANIFEST: {report.stamp}")
    if not report.whole:
        click.echo(f"{path} is not what its MANIFEST says: get it again", err=True)
        context.exit(1)
    click.echo(f"all {report.files} files are as the MANIFEST says")
    click.echo("To run it again: unpack it, and do what its BUNDLE.md says.", err=True)
