"""Write the page with the ``--help`` of each command, as the command prints it at a terminal of 80 columns.

``python tools/make_help_page.py`` writes ``docs/reference/help.md``; a test fails while it is stale.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from click.testing import CliRunner

from aws_ssm_fetcher.cli.commands import COMMANDS, GROUPS, cli

PAGE: Final = Path(__file__).parent.parent / "docs/reference/help.md"
COLUMNS: Final = 80
NAME: Final = "aws-ssm-fetcher"
HEADER: Final = f"""# Help of each command

What `{NAME} COMMAND --help` prints.
[Command line](command-line.md) explains each option in full.
`make_help_page.py` in `tools/` writes this page, and a test compares it.
"""


def page() -> str:
    """Return the page."""
    groups, commands = [[name] for name in GROUPS], [command.name.split() for command in COMMANDS]
    return "\n".join([HEADER, *(_section(words) for words in [[], *sorted(groups + commands)])])


def _section(words: list[str]) -> str:
    """Return the section of one command."""
    printed = CliRunner().invoke(cli, [*words, "--help"], terminal_width=COLUMNS, prog_name=NAME).output
    lines = "\n".join(line.rstrip() for line in printed.rstrip().splitlines())
    return f"## {' '.join([NAME, *words])}\n\n```text\n{lines}\n```\n"


def main() -> None:
    """Write it."""
    PAGE.write_text(page())


if __name__ == "__main__":
    main()
