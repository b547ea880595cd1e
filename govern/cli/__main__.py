"""`python -m govern.cli` is the govern command."""

from govern.cli.main import main

main()
