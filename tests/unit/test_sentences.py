"""Texts remember what they were made of, and are ordinary English everywhere else."""

from __future__ import annotations

import msgspec
import pytest

from ostiary.domain.errors import Fault, InvalidState
from ostiary.domain.sentences import N_, Sentence, code_words, counted, joined, sentence, verbatim
from ostiary.wire.problems import fault_answer


def test_a_marked_text_is_itself() -> None:
    assert N_("The number is free.") == "The number is free."


def test_a_sentence_is_its_english_words_and_knows_its_pattern() -> None:
    text = sentence("has more than %(most)s characters, 100 %% of them", most=128)
    assert text == "has more than 128 characters, 100 % of them"
    assert (text.pattern, text.values) == ("has more than %(most)s characters, 100 %% of them", {"most": 128})


def test_a_value_that_is_missing_is_a_fault_of_ours() -> None:
    with pytest.raises(KeyError):
        sentence("has more than %(most)s characters", least=1)


@pytest.mark.parametrize(("text", "words", "pattern"), [
    (sentence("100 %"), "100 %", "100 %"),
    (counted("%(num)s document", "%(num)s documents", 1), "1 document", "%(num)s document"),
    (counted("%(num)s document", "%(num)s documents", 2), "2 documents", "%(num)s document"),
    (joined(("name", sentence("must have %(least)s", least=2))), "name must have 2", "%(part0)s %(part1)s"),
    (joined(("front", "line 2"), ", "), "front, line 2", "%(part0)s, %(part1)s"),
    (joined(()), "", ""),
    (verbatim("50 % of Queue"), "50 % of Queue", "%(text)s"),
    (code_words("in_kyc"), "in kyc", "in kyc"),
])  # fmt: skip
def test_a_sentence_of_each_kind(text: Sentence, words: str, pattern: str) -> None:
    assert (str(text), text.pattern) == (words, pattern)


def test_an_error_has_plain_words_for_programs_and_the_sentence_for_readers() -> None:
    problem = InvalidState(sentence("%(name)s is the last one", name="ana"))
    assert type(problem.message) is str
    assert isinstance(problem.words, Sentence)
    assert problem.message == problem.words == "ana is the last one"


def test_a_fault_of_a_sentence_is_written_as_json() -> None:
    fault = Fault("name", "VALUE_INVALID", sentence("name %(problem)s", problem="is taken"))
    assert b'"message":"name is taken"' in msgspec.json.encode(fault_answer(fault))
