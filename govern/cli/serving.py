"""`govern serve` and `govern worker`."""

from __future__ import annotations

from typing import Any

import click

from govern.cli.place import here
from govern.settings import read_settings


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1, 64), help="Threads a process.")
def serve(host: str, port: int, threads: int) -> None:
    """Serve pages and API until stopped.

    Example: govern serve --port 8080
    """
    from gunicorn.app.base import BaseApplication

    class Server(BaseApplication):  # type: ignore[misc] # gunicorn ships no types
        """gunicorn with our settings; each process makes its own application."""

        def load_config(self) -> None:
            """Hand our options over."""
            settings: dict[str, Any] = {
                "bind": f"{host}:{port}", "workers": read_settings().workers, "threads": threads,
                "worker_class": "gthread", "timeout": 120, "graceful_timeout": 30, "accesslog": None,
                "post_worker_init": _follow, "control_socket_disable": True,
            }
            for name, value in settings.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:
            """The application, made in the process that serves it."""
            from govern.factory import create_app

            return create_app()

    here()  # tells at once, in a sentence, what would stop every process
    click.echo(f"Govern serves http://{host}:{port}/ — stop with Ctrl+C.")
    Server().run()


def _follow(worker: Any) -> None:
    """Keep summaries up to date beside the requests."""
    from govern.jobs.summaries import Follower

    house = worker.app.callable.extensions["govern"] if worker.app.callable else here()
    Follower(house.office, house.clock).start()


@click.command("worker")
@click.option("--once", is_flag=True, help="Renew what waits, then end.")
def worker(once: bool) -> None:
    """Keep the summaries of overviews up to date; `govern serve` does this by itself.

    Example: govern worker --once
    """
    from govern.jobs.summaries import Follower, refresh

    house = here()
    if once:
        refresh(house.office, house.clock())
        return
    Follower(house.office, house.clock).run()


COMMANDS = (serve, worker)
