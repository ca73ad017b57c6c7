"""What is typed to send clients to the page on which they onboard themselves."""

from __future__ import annotations

from ostiary.cli.parsing.words import Commands, command, operator

LANGUAGES = ("en", "es", "pt")
USUAL_MINUTES = 60


def links(commands: Commands) -> None:
    group = command(
        commands,
        "link",
        "send clients to the page on which they onboard themselves",
        "ostiary link create CLIENT_ID --company ID",
    )
    actions = group.add_subparsers(dest="action", metavar="ACTION", required=True)
    create = command(
        actions,
        "create",
        "print a link for a client, once: there he does all that is missing, and submits",
        "ostiary link create CLIENT_ID --company ID --language es --minutes 1440",
    )
    create.add_argument(
        "--request",
        action="append",
        default=[],
        metavar="ID",
        help="what to ask for; may repeat (default: every live request of the client)",
    )
    create.add_argument("--return-url", default="", metavar="URL", help="where the client goes from the page")
    create.add_argument(
        "--refresh-url", default="", metavar="URL", help="where a client goes whose link leads nowhere any more"
    )
    create.add_argument("--state", default="", metavar="TEXT", help="comes back in the query of both addresses")
    create.add_argument("--language", default="", choices=LANGUAGES, help="of the page (default: the browser's)")
    create.add_argument(
        "--minutes",
        type=int,
        default=USUAL_MINUTES,
        help="how long the link can be used: 1 to 10080 (default %(default)s)",
    )
    listing = command(
        actions, "list", "list a client's links, newest first", "ostiary link list CLIENT_ID --company ID"
    )
    revoke = command(
        actions,
        "revoke",
        "end a link at once, and the sessions of who came by it",
        "ostiary link revoke CLIENT_ID LINK_ID --company ID",
    )
    for action in (create, listing, revoke):
        action.add_argument("client_id", metavar="CLIENT_ID")
        action.add_argument("--company", required=True, metavar="ID", help="the company's id")
    revoke.add_argument("link_id", metavar="LINK_ID")
    for action in (create, revoke):
        operator(action, required=False)
