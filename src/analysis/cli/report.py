"""`claims report`: build the site, and show it."""

from __future__ import annotations

import threading
import time
from functools import partial
from typing import TYPE_CHECKING

import click

from analysis.cli import audit

if TYPE_CHECKING:
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

    With --serve what is there is shown at once, it is built, and built again whenever results,
    claims or data change; open pages reload, and Ctrl-C ends that.

    \b
    claims report --open
    claims report --serve
    """
    if serve:
        _serve(audit.project(), port, show=show)
        return
    from analysis.site.build import build

    found = audit.aged()
    page = build(found, waiting=audit.waiting)
    click.echo(f"built {found.show(page)}")
    if show:
        click.launch(page.as_uri())


def _serve(project: Project, port: int, *, show: bool) -> None:
    from analysis.site import server as sites

    try:
        server = sites.Server(project.build / "site", port)
    except OSError as fault:
        message = f"port {port}: {fault.strerror}; choose another one, or 0 for any"
        raise click.UsageError(f"--port: {message}") from fault
    ended = threading.Event()
    watcher = threading.Thread(target=_follow, args=(project, server, ended), daemon=True)
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


def _follow(project: Project, server: Server, ended: threading.Event) -> None:
    """Build the site, and again after each change."""
    from analysis.site import server as sites

    build = partial(_build, project, server)
    build()
    sites.watch(project, build, ended)


def _build(project: Project, server: Server) -> None:
    """Build the site and let open pages reload; after a fault, of a template too, the old stays."""
    from analysis.site.build import build

    began = time.monotonic()
    click.echo("building the site ...")
    try:
        if not server.version:
            audit.aged()
        build(project, waiting=audit.waiting)
    except Exception as fault:  # noqa: BLE001 - the next change may mend it
        click.echo(f"not built: {fault}", err=True)
        return
    click.echo(f"built in {time.monotonic() - began:.0f} s")
    server.renew()
