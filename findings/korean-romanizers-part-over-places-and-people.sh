#!/bin/bash
# Two packages that write Korean in Latin letters by the Revised Romanization (proclamation 2000-8 of the Ministry of Culture
# and Tourism), asked for the examples that the proclamation itself gives.
#
# Expected: its places as it writes them. There a sound that changes beside another is written as it is said (section 3,
#   paragraph 1: Jongno, Silla), in a given name it never is (paragraph 4: Han Boknam, Hong Bitna), nor beside the hyphen of an
#   administrative unit (paragraph 5: Inwang-ri), nor the breath of a noun's k, t, p before h (Mukho, Jiphyeonjeon).
# What happens: korean_romanizer writes each syllable for itself, so that names of people are right and 11 of 37 places are not:
#   Jongro for Jongno (a district of Seoul), Sinra, Sokrisan, Dokripmun. koroman lets every neighbour change, so that places are
#   right but for those where the proclamation forbids it (Muko, Inwangni), and all of six people get names that are not theirs:
#   Hanbongnam, Hongbinna, Bangnakui. Neither has a switch for the other case, nor an error.
# Why it matters: no one package serves both halves of a form. A name by the one, or an address by the other, differs from the
#   passport or the bill of the same person in one case of three.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check korean_romanizer==0.28.0 koroman==1.0.16
cat > "$folder/try.py" <<'PY'
"""What the proclamation writes, hyphens and spaces taken out, beside what comes out."""
from korean_romanizer.romanizer import Romanizer
from koroman import romanize

PLACES = """구미 gumi 영동 yeongdong 백암 baegam 옥천 okcheon 합덕 hapdeok 호법 hobeop 월곶 wolgot 한밭 hanbat 백마 baengma
신문로 sinmunno 종로 jongno 왕십리 wangsimni 별내 byeollae 신라 silla 해돋이 haedoji 압구정 apgujeong 낙동강 nakdonggang
죽변 jukbyeon 낙성대 nakseongdae 팔당 paldang 샛별 saetbyeol 울산 ulsan 독립문 dongnimmun 속리산 songnisan 독도 dokdo
극락전 geungnakjeon 안압지 anapji 남한산성 namhansanseong 촉석루 chokseongnu 오죽헌 ojukheon 집현전 jiphyeonjeon
묵호 mukho 인왕리 inwangri 삼죽면 samjukmyeon 당산동 dangsandong 도봉구 dobonggu 봉천 bongcheon""".split()
PEOPLE = """한복남 hanboknam 홍빛나 hongbitna 정석민 jeongseokmin 김국래 gimgukrae 백낙청 baeknakcheong 박락희 bakrakhui""".split()


def wrong(words, write):
    pairs = zip(words[::2], words[1::2], strict=True)
    return {right: got for hangul, right in pairs if (got := write(hangul).lower().replace("-", "").replace(" ", "")) != right}


for name, write, places, people in (
    ("korean_romanizer", lambda text: Romanizer(text).romanize(), 11, 0),
    ("koroman", romanize, 5, 6),
):
    of_places, of_people = wrong(PLACES, write), wrong(PEOPLE, write)
    print(name, f"places {len(of_places)} of {len(PLACES) // 2} otherwise:", of_places)
    print(name, f"people {len(of_people)} of {len(PEOPLE) // 2} otherwise:", of_people)
    assert (len(of_places), len(of_people)) == (places, people), "the behaviour changed"
assert Romanizer("종로").romanize() == "jongro" and romanize("한복남") == "hanbongnam"
PY
"$folder/venv/bin/python" "$folder/try.py"
