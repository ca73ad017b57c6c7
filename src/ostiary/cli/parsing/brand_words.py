"""What is typed to say how a company's page for clients looks."""

from __future__ import annotations

from ostiary.cli.parsing.words import Commands, command, operator

INKS = ("black", "white")


def brands(commands: Commands) -> None:
    group = command(
        commands, "brand", "say how a company's page for clients looks", "ostiary brand set --company ID --name Acme"
    )
    actions = group.add_subparsers(dest="action", metavar="ACTION", required=True)
    look = command(actions, "show", "how it looks", "ostiary brand show --company ID")
    change = command(
        actions,
        "set",
        "change what is named; the rest stays",
        'ostiary brand set --company ID --name "Acme Pay" --primary "#ffd400" --on-primary black',
    )
    change.add_argument("--name", help="what the page is headed by; needed the first time")
    change.add_argument("--primary", metavar="COLOUR", help="the ground of buttons, as #1d4f91")
    change.add_argument("--on-primary", choices=INKS, help="what text on it is written in")
    change.add_argument("--background", metavar="COLOUR", help="the ground of the page, as #ffffff")
    change.add_argument("--on-background", choices=INKS, help="what text on it is written in")
    change.add_argument("--support", help="where clients ask: an https or mailto address, or an e-mail address")
    change.add_argument(
        "--privacy",
        action="append",
        default=[],
        metavar="LANGUAGE=FILE",
        help="a text file that says what happens to data, as en=privacy.txt; may repeat; an empty file takes it away",
    )
    change.add_argument(
        "--frame-origins",
        metavar="ORIGINS",
        help="whose pages may show it within their own, as 'https://shop.example https://app.example'; '': nobody's",
    )
    logo = command(
        actions,
        "logo",
        "set the logo: a PNG, JPEG or WEBP of at most 512 kB, which is drawn anew",
        "ostiary brand logo acme.png --company ID",
    )
    logo.add_argument("file", metavar="FILE", nargs="?", help="nothing: take the logo away")
    remove = command(actions, "remove", "let it look as anybody's again", "ostiary brand remove --company ID")
    for action in (look, change, logo, remove):
        action.add_argument("--company", required=True, metavar="ID", help="the company's id")
    for action in (change, logo, remove):
        operator(action, required=False)
