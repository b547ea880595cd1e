"""gunicorn's door: the one module-level application."""

from govern.factory import create_app

app = create_app()
