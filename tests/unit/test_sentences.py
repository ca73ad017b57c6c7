"""Texts remember what they were made of, and are ordinary English everywhere else."""

from __future__ import annotations

import msgspec
import pytest

from ostiary.domain.errors import Fault, InvalidState
from ostiary.domain.sentences import N_, Sentence, sentence
from ostiary.wire.problems import fault_answer


def test_a_marked_text_is_itself() -> None:
    assert N_("The number is free.") == "The number is free."


def test_a_sentence_is_its_english_words_and_knows_its_pattern() -> None:
    text = sentence("has more than %(most)s characters, 100 %% of them", most=128)
    assert text == "has more than 128 characters, 100 % of them"
    assert (text.pattern, text.values) == ("has more than %(most)s characters, 100 %% of them", {"most": 128})


def test_a_value_that_is_missing_is_a_fault_of_ours() -> None:
    with pytest.raises(KeyError):
        sentence("has more than %(most)s characters")


def test_an_error_has_plain_words_for_programs_and_the_sentence_for_readers() -> None:
    problem = InvalidState(sentence("%(name)s is the last one", name="ana"))
    assert type(problem.message) is str
    assert isinstance(problem.words, Sentence)
    assert problem.message == problem.words == "ana is the last one"


def test_a_fault_of_a_sentence_is_written_as_json() -> None:
    fault = Fault("name", "VALUE_INVALID", sentence("name %(problem)s", problem="is taken"))
    assert b'"message":"name is taken"' in msgspec.json.encode(fault_answer(fault))
