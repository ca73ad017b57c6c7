"""Names: what is the same, what a person has to look at, what is somebody else's."""

from __future__ import annotations

import pytest

from ostiary.adapters.similarity import similarity
from ostiary.domain.documents.reading import Result
from ostiary.domain.verification.name_match import given_names_compared, surnames_compared
from tests.judgement_material import zone
from tests.material import profile

AGREES, DIFFERS, DOUBTFUL = Result.AGREES, Result.DIFFERS, Result.DOUBTFUL


@pytest.mark.parametrize(
    ("typed", "printed", "expected"),
    [
        ("Barber", "BARBER", AGREES),
        ("  barber ", "BARBER", AGREES),
        ("Müller", "MUELLER", AGREES),
        ("Müller", "MULLER", AGREES),
        ("O'Brien", "OBRIEN", AGREES),
        ("O'Brien", "O BRIEN", AGREES),
        ("McDonald", "MC DONALD", AGREES),
        ("García López", "GARCIA LOPEZ", AGREES),
        ("López García", "GARCIA LOPEZ", AGREES),  # another order
        ("García-López", "GARCIA LOPEZ", AGREES),
        ("García", "GARCIA LOPEZ", AGREES),  # the second surname left out
        ("De la Cruz", "DELACRUZ", AGREES),
        ("Delacruz", "DE LA CRUZ", AGREES),
        ("De la Cruz", "DE LA CRUZ GOMEZ", AGREES),
        ("Gómez de la Cruz", "DELACRUZ GOMEZ", AGREES),
        ("van den Berg", "VANDENBERG", AGREES),
        ("Al Hassan", "ALHASSAN", AGREES),
        ("de la", "DE LA", AGREES),  # nothing but particles
        ("Garcialopez", "GARCIA LOPEZ PEREZ", AGREES),
        ("López", "GARCIA LOPEZ", DOUBTFUL),  # the first surname left out
        ("García López", "GARCIA", DOUBTFUL),
        ("García Pérez", "GARCIA LOPEZ", DOUBTFUL),
        ("Cruz", "DE LA CRUZ", DOUBTFUL),
        ("Hassan", "ALHASSAN", DOUBTFUL),
        ("De", "DE LA CRUZ", DOUBTFUL),
        ("Barber", "BARBET", DOUBTFUL),  # one misread letter
        ("Barber", "BARBE", DOUBTFUL),
        ("Barber", "BABRER", DOUBTFUL),  # two exchanged
        ("Li", "LU", DOUBTFUL),
        ("Garcia", "GARCLA LOPEZ", DOUBTFUL),
        ("Barber", "", DOUBTFUL),
        ("張", "ZHANG", DOUBTFUL),  # no table for the script
        ("-", "BARBER", DOUBTFUL),
        ("محمد", "MOHAMMED", DOUBTFUL),  # spelled as it sounds
        ("Шевченко", "SHEVCHENKO", AGREES),
        ("Шевченко", "PETRENKO", DIFFERS),
        ("Barber", "LOPEZ", DIFFERS),
        ("Li", "WU", DIFFERS),
        ("Ana", "EVA", DIFFERS),
        ("De la Cruz", "DE LA ROSA", DIFFERS),
        ("García López", "PEREZ GOMEZ", DIFFERS),
        ("Barber", "BARBEROGLU", DIFFERS),
        ("Згурський", "ZGHURSKYI", AGREES),  # Ukraine's resolution 55 of 2010: зг is zgh
        ("Згурський", "ZHURSKYI", AGREES),  # as Doc 9303 alone has it
        ("Παπαδόπουλος", "PAPADOPOULOS", AGREES),  # ELOT 743
        ("Ευαγγελίδης", "EVANGELIDIS", AGREES),
        ("Μπακογιάννη", "BAKOGIANNI", AGREES),
        ("Ντόρας", "NTORAS", AGREES),
        ("შევარდნაძე", "SHEVARDNADZE", AGREES),  # Georgia's national system
        ("Սարգսյան", "SARGSYAN", AGREES),  # Armenia
        ("Қасымов", "KASSYMOV", DOUBTFUL),
        ("Қасымов", "KASYMOV", AGREES),  # Kazakhstan
        ("Өлзий", "ULZII", AGREES),  # Mongolia's MNS 5217
        ("Бар\u00adбер\u2060", "BARBER", AGREES),  # fillers that nobody sees
        ("Bar\u3164ber\u115f", "BARBER", AGREES),
        ("B a r b e r", "BARBER", DOUBTFUL),  # screening would have taken seven names for one
        ("B.a.r.b.e.r", "BARBER", DOUBTFUL),
        ("B-arber", "BARBER", DOUBTFUL),
        ("Bar1ber", "BARBER", DOUBTFUL),
        ("Barber 2", "BARBER", DOUBTFUL),
        ("Bar٣ber", "BARBER", DOUBTFUL),  # digits of other scripts too
        ("O", "O", AGREES),  # a surname
        ("Ortega y Gasset", "ORTEGA Y GASSET", AGREES),
        ("Glez.", "GONZALEZ", DOUBTFUL),  # shortened in writing
        ("Rguez. Lopez", "RODRIGUEZ LOPEZ", DOUBTFUL),
    ],
)
def test_surnames(typed: str, printed: str, expected: Result) -> None:
    likeness = surnames_compared(profile(last_name=typed), zone(surname=printed), similarity)
    assert likeness.result is expected


@pytest.mark.parametrize(
    ("first", "second", "printed", "expected"),
    [
        ("Maria", "Julia", "MARIA JULIA", AGREES),
        ("Julia", "Maria", "MARIA JULIA", AGREES),
        ("Maria Julia", None, "MARIA JULIA", AGREES),
        ("Maria", None, "MARIA JULIA", AGREES),
        ("Maria", "Elena", "MARIA JULIA ELENA", AGREES),
        ("Jean-Pierre", None, "JEANPIERRE", AGREES),
        ("Xiao", "Ming", "XIAOMING", AGREES),
        ("María", "del Carmen", "MARIA DEL CARMEN", AGREES),
        ("Julia", None, "MARIA JULIA", DOUBTFUL),
        ("Maria", "Julia", "MARIA", DOUBTFUL),  # the second name is not on the document
        ("Maria", "Xenia", "MARIA JULIA", DOUBTFUL),
        ("Ben", None, "BEN JOHN", DOUBTFUL),  # a particle elsewhere
        ("Maria", None, "MARTA", DOUBTFUL),
        ("Maria", None, "", DOUBTFUL),
        ("Maria", "美", "MARIA", DOUBTFUL),
        ("Maria", "Julia", "PEDRO JOSE", DIFFERS),
        ("Maria", None, "MARIANA", DIFFERS),
        ("Maria", None, "MARTHA JULIA", DIFFERS),
        ("Mª Teresa", None, "MARIA TERESA", DOUBTFUL),
        ("Ma. Teresa", None, "MARIA TERESA", DOUBTFUL),
        ("M.", "Teresa", "MARIA TERESA", DOUBTFUL),
        ("Mª", "Carmen", "MARIA DEL CARMEN", DOUBTFUL),
        ("Ma. Jesús", None, "MARIA DE JESUS", DOUBTFUL),
        ("Mª Carmen", None, "MARTA DEL ROSARIO", DIFFERS),
        ("Fco.", "Javier", "FRANCISCO JAVIER", DOUBTFUL),
        ("Mohd", None, "MOHAMMED", DOUBTFUL),
        ("Ana", None, "ANTONIA", DIFFERS),  # the letters are there, but it is a whole name
    ],
)
def test_given_names(first: str, second: str | None, printed: str, expected: Result) -> None:
    client = profile(first_name=first, second_name=second)
    assert given_names_compared(client, zone(given_names=printed), similarity).result is expected


@pytest.mark.parametrize(
    ("typed", "printed", "expected"),
    [
        ("Wolfeschlegelsteinhausen", "WOLFESCHLEGELSTEIN", DOUBTFUL),
        ("Nilavadhanananda Chayapa", "NILAVADHANAN CHAY", DOUBTFUL),  # each shortened
        ("Nilavadhanananda Chayapa", "NILAVADHANANANDA", DOUBTFUL),  # the last one missing
        ("Nilavadhanananda Chayapa", "NILAVADHANANANDA C", DOUBTFUL),  # the whole, cut
        ("Nilavadhanananda Chayapa Dejthamrong", "NIL CHA", DOUBTFUL),
        ("Anna Berta", "A B", DOUBTFUL),  # fits too many
        ("Anna Berta", "ANNA C", DOUBTFUL),
        ("Wolfeschlegelsteinhausen", "WOLFESCHLEGELSTAIN", DOUBTFUL),
        ("Wolfeschlegelsteinhausen", "LOPEZ", DIFFERS),
    ],
)
def test_names_that_the_document_cuts_off(typed: str, printed: str, expected: Result) -> None:
    cut = zone(surname=printed, names_truncated=True)
    assert surnames_compared(profile(last_name=typed), cut, similarity).result is expected


def test_names_are_not_cut_off_where_there_is_room() -> None:
    likeness = surnames_compared(profile(last_name="Wolfeschlegelsteinhausen"), zone(surname="WOLFES"), similarity)
    assert likeness.result is DIFFERS


@pytest.mark.parametrize(
    ("first", "last", "given_names", "surname"),
    [
        ("Barber", "Maria", "MARIA", "BARBER"),
        ("Minh", "Nguyen", "NGUYEN", "MINH THI"),
        ("Maria Lopez", "Garcia", "MARIA", "GARCIA LOPEZ"),
    ],
)
def test_surname_and_given_names_parted_elsewhere_are_a_doubt(
    first: str, last: str, given_names: str, surname: str
) -> None:
    client = profile(first_name=first, second_name=None, last_name=last)
    document = zone(given_names=given_names, surname=surname)
    evidence = (given_names_compared(client, document, similarity), surnames_compared(client, document, similarity))
    assert DIFFERS not in {finding.result for finding in evidence}
    assert DOUBTFUL in {finding.result for finding in evidence}


def test_one_name_only_is_on_some_documents() -> None:
    client = profile(first_name="Sukarno", second_name=None, last_name="Sukarno")
    document = zone(surname="SUKARNO", given_names="")
    assert surnames_compared(client, document, similarity).result is AGREES
    assert given_names_compared(client, document, similarity).result is DOUBTFUL


def test_the_notes_name_nobody() -> None:
    for printed in ("BARBER", "BARBET", "LOPEZ", "BARBER LOPEZ", "DE BARBER", ""):
        note = surnames_compared(profile(), zone(surname=printed), similarity).note
        assert "barb" not in note.lower()
        assert "lopez" not in note.lower()
