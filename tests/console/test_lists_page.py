"""Lists to screen against on the page about the installation: which version answers, of when, and what is wrong."""

from __future__ import annotations

from pathlib import Path

from ostiary.domain.operators.operator import Role
from tests.console.desk import desk_of, text_of
from tests.http.running import installation
from tests.provided import catalogue, providers


async def test_lists_are_named_with_what_they_answer_from(tmp_path: Path) -> None:
    path = providers(tmp_path)
    (tmp_path / "list.csv").write_text("id,schema,name\n1,Person,Ana Li\n2,Person,Bo Li\n")
    (tmp_path / "empty.csv").write_text("id,schema,name\n1,Vessel,Ana\n")
    lines = [f"  {name}:\n    kind: local\n    file: {name}.csv\n" for name in ("list", "empty")]
    path.write_text(path.read_text() + "screening:\n" + "".join(lines))
    settings = {
        "OSTIARY_CATALOGUE": str(catalogue(tmp_path)),
        "OSTIARY_PROVIDERS": str(path),
        "OSTIARY_PUBLIC_URL": "http://127.0.0.1:1",
    }
    (tmp_path / "data").mkdir()
    with installation(tmp_path / "data", **settings) as parts:
        async with desk_of(parts) as desk:
            viewer = await desk.signed_in("Vic of lists", Role.VIEWER)
            viewer.http.base_url = "http://127.0.0.1:1"
            page = text_of(await viewer.get("/console/about"))
        await parts.close_connections()
    assert "Lists to screen against 2" in page
    assert "in order" in page
    assert " 2 " in page
    assert "not right holds no person" in page
