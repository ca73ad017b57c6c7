"""Judging a picture by its findings: every problem at once, none that follows from another, facts in every reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ostiary.domain.documents.pictures import (
    BRIGHTNESS_LEAST,
    OVEREXPOSED_MOST,
    SHARPNESS_LEAST,
    PictureFindings,
    PictureLimits,
    judge_picture,
)
from ostiary.domain.rejections import EXPLANATIONS, Kind

LIMITS = PictureLimits()
GOOD = PictureFindings(
    media_type="image/jpeg",
    size_bytes=400_000,
    sha256=bytes(32),
    width_px=1600,
    height_px=1130,
    readable=True,
    sharpness=0.8,
    brightness=0.9,
    overexposed=0.1,
)
THUMBNAIL = replace(GOOD, width_px=160, height_px=120)
UNMEASURED = replace(GOOD, readable=False, sharpness=None, brightness=None, overexposed=None)


def codes(findings: PictureFindings, limits: PictureLimits = LIMITS) -> list[str]:
    return [problem.code.value for problem in judge_picture("passport", "image_front", findings, limits)]


def reason(findings: PictureFindings, limits: PictureLimits = LIMITS) -> str:
    (only,) = judge_picture("passport", "image_front", findings, limits)
    return only.reason


def test_a_good_picture_has_no_problem() -> None:
    assert codes(GOOD) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"sharpness": SHARPNESS_LEAST}, []),
        ({"sharpness": SHARPNESS_LEAST - 0.01}, ["image_blurred"]),
        ({"sharpness": None}, ["image_blurred"]),
        ({"brightness": BRIGHTNESS_LEAST}, []),
        ({"brightness": BRIGHTNESS_LEAST - 0.01}, ["image_too_dark"]),
        ({"overexposed": OVEREXPOSED_MOST}, []),
        ({"overexposed": 1.0}, ["image_overexposed"]),
        ({"brightness": None, "overexposed": None}, []),
        ({"width_px": 250, "height_px": 400}, []),
        ({"width_px": 249, "height_px": 400}, ["image_too_small"]),
        ({"width_px": 399, "height_px": 300}, ["image_too_small"]),
        ({"size_bytes": 12_000_000}, []),
        ({"size_bytes": 12_000_001}, ["image_too_large"]),
        ({"width_px": 8000, "height_px": 8000}, []),
        ({"width_px": 8001, "height_px": 8000}, ["image_too_large"]),
        ({"too_costly": True}, ["image_too_large"]),
    ],
)
def test_each_limit_holds_at_its_edge(changes: dict[str, float | None], expected: list[str]) -> None:
    assert codes(replace(GOOD, **changes)) == expected  # type: ignore[arg-type]  # the table's values are of all kinds


@pytest.mark.parametrize(
    ("what", "findings", "expected"),
    [
        ("small and dark", replace(THUMBNAIL, brightness=0.1), ["image_too_small", "image_too_dark"]),
        ("white and what is left is blurred", replace(GOOD, overexposed=1.0, sharpness=0.1),
         ["image_overexposed", "image_blurred"]),
        ("too many bytes and pixels", replace(UNMEASURED, size_bytes=13_000_000, width_px=99_000),
         ["image_too_large", "image_too_large"]),
    ],
)  # fmt: skip
def test_all_problems_are_named_at_once(what: str, findings: PictureFindings, expected: list[str]) -> None:
    assert codes(findings) == expected


@pytest.mark.parametrize(
    ("what", "findings", "expected"),
    [
        ("unreadable, so not blurred", UNMEASURED, ["image_not_readable"]),
        ("unreadable, so its size does not matter", replace(UNMEASURED, width_px=10), ["image_not_readable"]),
        ("too large, so never opened", replace(UNMEASURED, size_bytes=13_000_000), ["image_too_large"]),
        ("small, so soft", replace(THUMBNAIL, sharpness=0.1), ["image_too_small"]),
        ("dark, so its edges are noise", replace(GOOD, brightness=0.1, sharpness=0.1), ["image_too_dark"]),
        ("white, so without edges", replace(GOOD, overexposed=1.0, sharpness=None), ["image_overexposed"]),
        ("another type, so never opened", replace(UNMEASURED, media_type="image/gif"), ["image_type_not_supported"]),
        ("nothing we know", replace(UNMEASURED, media_type=None, size_bytes=99_000_000), ["image_not_readable"]),
    ],
)  # fmt: skip
def test_no_problem_is_named_that_follows_from_another(
    what: str, findings: PictureFindings, expected: list[str]
) -> None:
    assert codes(findings) == expected


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        (THUMBNAIL, "The picture is 160 x 120 pixels; at least 400 x 250 are needed."),
        (replace(GOOD, size_bytes=13_420_000), "The file has 13.4 MB; at most 12 MB are taken."),
        (
            replace(UNMEASURED, width_px=30_000, height_px=30_000),
            "The picture is 30000 x 30000 pixels; at most 64 million pixels are taken.",
        ),
        (replace(UNMEASURED, media_type=None, size_bytes=0), "The file is empty."),
        (
            replace(GOOD, sharpness=0.12),
            "The picture is blurred: its edges reach 0.12 of full sharpness; at least 0.24 is needed.",
        ),
        (replace(GOOD, sharpness=None), "The picture shows nothing that has edges."),
        (
            replace(GOOD, brightness=0.07),
            "The picture is too dark: its bright parts reach 7 % of white; at least 25 % is needed.",
        ),
        (replace(GOOD, overexposed=1.0), "The picture is overexposed: 100 % of it is white without print."),
        (
            replace(UNMEASURED, media_type="image/webp", too_costly=True),
            "A WEBP of 1600 x 1130 pixels stored this way is too large to be opened.",
        ),
        (
            replace(UNMEASURED, media_type="image/png", width_px=None, height_px=None, too_costly=True),
            "A PNG stored this way is too large to be opened.",
        ),
        (
            replace(UNMEASURED, media_type="application/pdf"),
            "PDF files are not supported, only JPEG, PNG, WEBP or BMP.",
        ),
        (
            replace(UNMEASURED, media_type="image/x-new"),
            "image/x-new files are not supported, only JPEG, PNG, WEBP or BMP.",
        ),
    ],
)
def test_a_reason_holds_the_facts(findings: PictureFindings, expected: str) -> None:
    assert reason(findings) == expected


@pytest.mark.parametrize(
    ("media_type", "words"),
    [("application/pdf", "each page"), ("image/heic", "Most Compatible"), ("image/gif", "JPEG, PNG, WEBP or BMP")],
)
def test_a_refused_type_comes_with_what_to_send_instead(media_type: str, words: str) -> None:
    (only,) = judge_picture("passport", "image_back", replace(UNMEASURED, media_type=media_type), LIMITS)
    assert words in only.action
    assert (only.kind, only.key, only.field) == (Kind.DOCUMENT, "passport", "image_back")


def test_limits_decide_which_types_are_taken() -> None:
    only_png = PictureLimits(media_types=("image/png",))
    assert reason(GOOD, only_png) == "JPEG files are not supported, only PNG."
    assert codes(replace(GOOD, media_type="image/png"), only_png) == []


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        (
            replace(UNMEASURED, media_type="application/pdf"),
            "The PDF could not be opened: it is damaged, cut off, without a page, or asks for a password.",
        ),
        (
            replace(UNMEASURED, media_type="image/heic"),
            "The picture could not be opened: it is damaged, cut off or not a picture.",
        ),
        (
            replace(UNMEASURED, media_type="application/pdf", width_px=None, height_px=None, too_costly=True),
            "A PDF stored this way is too large to be opened.",
        ),
        (
            replace(UNMEASURED, media_type="image/gif"),
            "GIF files are not supported, only JPEG, PNG, WEBP, BMP, PDF or HEIC.",
        ),
    ],
)
def test_where_pages_are_taken_they_are_judged_like_pictures(findings: PictureFindings, expected: str) -> None:
    assert reason(findings, LIMITS.with_pages()) == expected
    assert codes(replace(GOOD, media_type=findings.media_type), LIMITS.with_pages()) in (
        [],
        ["image_type_not_supported"],
    )


def test_taking_pages_too_changes_no_other_limit() -> None:
    more = LIMITS.with_pages()
    assert more.media_types == (
        "image/jpeg",
        "image/png",
        "image/webp",
        "image/bmp",
        "application/pdf",
        "image/heic",
    )
    assert replace(more, media_types=LIMITS.media_types) == LIMITS


def test_every_problem_is_the_picture_s_own() -> None:
    """So that the same picture sent again is recognised as refused before."""
    broken = replace(GOOD, width_px=1, brightness=0.0, overexposed=1.0)
    problems = judge_picture("passport", "image_front", broken, LIMITS)
    assert len(problems) == 3
    assert all(EXPLANATIONS[problem.code].about_picture and problem.retryable for problem in problems)
