"""What operators type to bring clients along from a file."""

from __future__ import annotations

from ostiary.cli.parsing.words import Commands, command, operator


def imports(commands: Commands) -> None:
    importing = command(
        commands,
        "import",
        "check a CSV file of clients, and with --yes carry it out, each row once",
        "ostiary import clients.csv --company ID --faults faults.csv",
    )
    importing.add_argument("file", metavar="FILE", help="CSV in UTF-8; with --template, where to write an empty one")
    importing.add_argument("--company", metavar="ID", help="the company's id")
    importing.add_argument(
        "--template", action="store_true", help="write a file with every column, and do nothing else"
    )
    importing.add_argument("--yes", action="store_true", help="carry out what is good (default: check, and do nothing)")
    importing.add_argument(
        "--faults", metavar="OUT", help="write the rows with faults there, to be mended and sent again"
    )
    importing.add_argument(
        "--documents",
        metavar="FOLDER|ZIP",
        help="send the documents that documents.csv in it lists, once rows are done",
    )
    operator(importing, required=False)
