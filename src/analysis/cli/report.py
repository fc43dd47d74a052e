"""`claims report`: build the site, and show it."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

import click

from analysis.cli import audit

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.project import Project
    from analysis.site.server import Server

PORT = 8000


@click.command()
@click.option("--open", "show", is_flag=True, help="Open it in the browser.")
@click.option("--serve", is_flag=True, help="Show it on this machine and follow every change.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="Port for --serve; 0 for any that is free.",
)
def report(*, show: bool, serve: bool, port: int) -> None:
    """Build the site under build/site/ from what the last run left behind.

    With --serve it is built again whenever results, claims or data change, and open pages
    reload; Ctrl-C ends that.

    \b
    claims report --open
    claims report --serve
    """
    from analysis.site.build import build

    found = audit.aged()
    page = build(found, waiting=audit.waiting)
    click.echo(f"built {found.show(page)}")
    if serve:
        _serve(found, page, port, show=show)
    elif show:
        click.launch(page.as_uri())


def _serve(project: Project, page: Path, port: int, *, show: bool) -> None:
    from analysis.site import server as sites

    try:
        server = sites.Server(page.parent, port)
    except OSError as fault:
        message = f"port {port}: {fault.strerror}; choose another one, or 0 for any"
        raise click.UsageError(f"--port: {message}") from fault
    ended = threading.Event()
    build = partial(_rebuild, project, server)
    watcher = threading.Thread(target=sites.watch, args=(project, build, ended), daemon=True)
    with server:
        watcher.start()
        click.echo(f"{server.url} shows it on this machine; Ctrl-C ends it")
        if show:
            click.launch(server.url)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo("ended")
        finally:
            ended.set()


def _rebuild(project: Project, server: Server) -> None:
    """Build the site again; after a fault, of a template too, the old one stays."""
    from analysis.site.build import build

    try:
        build(project, waiting=audit.waiting)
    except Exception as fault:  # noqa: BLE001 - the next change may mend it
        click.echo(f"not built: {fault}", err=True)
        return
    click.echo("built again")
    server.renew()
