"""What a host types that lets a language model choose calls."""

from __future__ import annotations

from ostiary.cli.parsing.words import Commands, command


def mcp(commands: Commands) -> None:
    serving = command(
        commands,
        "mcp",
        "offer the API's operations as tools, by the Model Context Protocol on standard input and output",
        "ostiary mcp --url http://127.0.0.1:8080",
    )
    serving.description = f"{serving.description} The API key comes from OSTIARY_API_KEY, or OSTIARY_API_KEY_FILE."
    serving.add_argument("--url", help="the service's address (default: OSTIARY_URL, http://127.0.0.1:8080)")
    serving.add_argument("--write", action="store_true", help="offer what changes something, too (default: reads only)")
    serving.add_argument(
        "--production", action="store_true", help="take a key of a production company, whose clients are real"
    )
