"""The one place that wires the house together."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import structlog
from flask import Flask
from jinja2 import StrictUndefined

from govern.actions.office import Office
from govern.clock import Clock, system_clock
from govern.door import errors, protect
from govern.door.policy import undeclared
from govern.door.uploads import UploadRequest
from govern.door.visit import House
from govern.errors import GovernError
from govern.evidence.vault import vault_at
from govern.folders import folder
from govern.ledger.note import SigningKey, generate_key
from govern.records.catalogues import Catalogues
from govern.records.migrate import check
from govern.records.store import Store, engine_at
from govern.settings import Settings, read_settings


def configure_log() -> None:
    """One JSON object a line on standard error: no colours, and no local variables, which may hold secrets."""
    structlog.configure(
        processors=[structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True),
                    structlog.processors.format_exc_info, structlog.processors.JSONRenderer()],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr), cache_logger_on_first_use=True)


def signing_key(settings: Settings) -> SigningKey:
    """The instance's Ed25519 key, made at first use; the file is readable by its owner only."""
    path = settings.data / "signing-key"
    if path.exists():
        return SigningKey.decode(path.read_text().strip())
    settings.data.mkdir(parents=True, exist_ok=True)
    key = generate_key(settings.origin)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(key.encode() + "\n")
        file.flush()
        os.fsync(file.fileno())
    return key


def open_office(settings: Settings) -> Office:
    """Records, vault and catalogues, as the settings say."""
    return Office(Store(engine_at(settings.database)), vault_at(settings.vault), Catalogues())


def open_house(settings: Settings, clock: Clock = system_clock) -> House:
    """Everything an application is built from."""
    return House(settings, open_office(settings), clock, signing_key(settings))


def create_app(settings: Settings | None = None, house: House | None = None) -> Flask:
    """The application. Raises SettingsError when the database is not of the newest form or a guard is missing."""
    from govern.api.documents import register as register_api
    from govern.web.pages import register as register_pages

    configure_log()
    home = house or open_house(settings or read_settings())
    check(home.office.store)
    app = Flask("govern", template_folder=str(folder("templates")), static_folder=str(folder("static")),
                static_url_path="/static", root_path=str(Path(__file__).parent))
    app.extensions["govern"] = home
    app.request_class = UploadRequest
    app.config["MAX_FORM_MEMORY_SIZE"] = 4 * 1024 * 1024
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = None  # browsers ask each time, and mostly hear that nothing changed
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    protect.register(app)
    errors.register(app)
    register_pages(app)
    register_api(app)
    missing = undeclared(app)
    if missing:
        raise GovernError(f"These routes do not say who may use them: {', '.join(missing)}.")
    return app


