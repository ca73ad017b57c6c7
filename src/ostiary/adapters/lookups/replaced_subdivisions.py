"""Codes of ISO 3166-2 that were replaced by others for the same place, which lists that forms are made of still have.

From the changes that ISO announces. Places that were merged or divided, then or later, have no one successor and are
left out (so Almaty, Karaganda, East and South Kazakhstan as regions).
"""

from __future__ import annotations

_REPLACED = {
    "CHN": "11 BJ, 12 TJ, 13 HE, 14 SX, 15 NM, 21 LN, 22 JL, 23 HL, 31 SH, 32 JS, 33 ZJ, 34 AH, 35 FJ, 36 JX, 37 SD, "
    "41 HA, 42 HB, 43 HN, 44 GD, 45 GX, 46 HI, 50 CQ, 51 SC, 52 GZ, 53 YN, 54 XZ, 61 SN, 62 GS, 63 QH, 64 NX, 65 XJ, "
    "71 TW, 91 HK, 92 MO",
    "GTM": "GU 01, PR 02, SA 03, CM 04, ES 05, SR 06, SO 07, TO 08, QZ 09, SU 10, RE 11, SM 12, HU 13, QC 14, BV 15, "
    "AV 16, PE 17, IZ 18, ZA 19, CQ 20, JA 21, JU 22",
    "IND": "CT CG, OR OD, TG TS, UT UK",
    "KAZ": "AKM 11, AKT 15, ATY 23, ZAP 27, ZHA 31, KUS 39, KZY 43, MAN 47, PAV 55, SEV 59, AST 71, ALA 75, SHY 79",
    "MEX": "DIF CMX",
    "POL": "DS 02, KP 04, LU 06, LB 08, LD 10, MA 12, MZ 14, OP 16, PK 18, PD 20, PM 22, SL 24, SK 26, WN 28, WP 30, "
    "ZP 32",
    "ZAF": "GT GP, NL KZN",
}
REPLACED = {
    f"{country}-{before}": f"{country}-{now}"
    for country, pairs in _REPLACED.items()
    for before, now in (pair.split() for pair in pairs.split(","))
}
"""What was → what is: `IND-OR` → `IND-OD`."""
