"""`ostiary specimen`: draws a side of a document that does not exist, and says whose it is, so that the same client can
be created and read: in a sandbox, or to rehearse what happens in production."""

from __future__ import annotations

import argparse
from pathlib import Path
from zlib import crc32

from ostiary.cli.dispatch import show
from ostiary.domain.errors import Refused
from ostiary.runtime.terminal.exit_status import EXIT_OK
from ostiary.settings import Settings
from ostiary.specimens.drawing import kind_of, specimen, specimen_holder
from ostiary.specimens.zone_lines import Holder


def run(options: argparse.Namespace, settings: Settings) -> int:
    """The same words draw the same picture; any other gives another, so that nobody's is taken for being another's."""
    if options.answer is not None:
        return _answer(options)
    if options.file is None and options.chip is None and options.seal is None:
        raise Refused("Name the file to draw into, or a folder for its chip (--chip) or a sealed bill (--seal).")
    chosen = {
        "number": options.number,
        "surname": options.last_name,
        "given_names": options.first_name,
        "country": options.country,
        "birth_date": options.birth_date,
        "expiration_date": options.expiration_date,
        "sex": options.sex,
    }
    seed = crc32(repr([options.type, *chosen.values()]).encode())
    try:
        holder = specimen_holder(seed, kind=options.type, **chosen)
        content = specimen(seed, kind=options.type, side=options.side, **chosen) if options.file else b""
    except (ValueError, ImportError) as problem:
        raise Refused(f"This specimen cannot be drawn: {problem}.") from None
    answer: dict[str, object] = {"document_type": options.type, **_whose(holder)}
    words = list[str]()
    if options.file is not None:
        side = "front" if kind_of(options.type).is_page else options.side
        _write(Path(options.file), content)
        answer = {"file": options.file, "bytes": len(content), "side": side, **answer}
        words.append(f"{options.file}: the {side} of a specimen {options.type}, {len(content):,} bytes")
    if options.chip is not None:
        from ostiary.cli.chip.specimen import write_chip
        from ostiary.specimens.chip.chips import ChipContents

        contents = ChipContents(options.chip_key, options.portrait)
        chip = write_chip(Path(options.chip), holder, options.type, options.variant, contents)
        answer["chip"] = chip
        words.append(
            f"{options.chip}: the chip of a specimen {options.type}, {chip['means']}; ends in {chip['ends_in']}"
        )
    if options.seal is not None:
        from ostiary.cli.chip.sealed_bill import write_sealed_bill

        bill = write_sealed_bill(Path(options.seal), holder, options.seal_variant)
        answer["seal"] = bill
        words.append(f"{options.seal}: a sealed bill, {bill['means']}; ends in {bill['ends_in']}")
        words += [f"  {name:16} {value}" for name, value in bill["address"].items()]
    words += [f"  {name:16} {value}" for name, value in _whose(holder).items()]
    show(options, answer, "\n".join(words))
    return EXIT_OK


def _answer(options: argparse.Namespace) -> int:
    """Of a chip that was written before: nothing is drawn."""
    from ostiary.cli.chip.specimen import write_answer

    if options.chip is None or options.file is not None or options.seal is not None:
        raise Refused("--answer signs for a chip that was written before: name its folder (--chip), and nothing else.")
    answer = write_answer(Path(options.chip), options.answer)
    show(options, answer, f"{answer['file']}: the chip's answer to {answer['challenge']}")
    return EXIT_OK


def _write(path: Path, content: bytes) -> None:
    try:
        with path.open("xb") as out:
            out.write(content)
    except FileExistsError:
        raise Refused(f"{path} exists and is not written over: choose another name.") from None
    except OSError as problem:
        raise Refused(f"{path} cannot be written: {problem.strerror or problem}") from None


def _whose(holder: Holder) -> dict[str, str]:
    """The holder's details, by the names that a client and its document have for them."""
    return {
        "number": holder.number,
        "issuing_country": holder.country,
        "first_name": holder.given_names,
        "last_name": holder.surname,
        "birth_date": holder.birth_date.isoformat(),
        "expiration_date": holder.expiration_date.isoformat(),
        "sex": holder.sex,
    }
