"""Countries as certificates name them: two letters of ISO 3166-1 in a subject, three of Doc 9303 in a zone.

Doc 9303 part 12, 7.1.1.2: a certificate's country is that of the issuing state in DG1. Organizations that issue have
codes of two letters there as well (part 3, section 5).
"""

from __future__ import annotations

from collections.abc import Mapping

from ostiary.domain.mrz.issuers import iso_country

_PAIRS = (
    "ABWAW AFGAF AGOAO AIAAI ALAAX ALBAL ANDAD AREAE ARGAR ARMAM ASMAS ATAAQ ATFTF ATGAG AUSAU AUTAT AZEAZ "
    "BDIBI BELBE BENBJ BESBQ BFABF BGDBD BGRBG BHRBH BHSBS BIHBA BLMBL BLRBY BLZBZ BMUBM BOLBO BRABR BRBBB "
    "BRNBN BTNBT BVTBV BWABW CAFCF CANCA CCKCC CHECH CHLCL CHNCN CIVCI CMRCM CODCD COGCG COKCK COLCO COMKM "
    "CPVCV CRICR CUBCU CUWCW CXRCX CYMKY CYPCY CZECZ DEUDE DJIDJ DMADM DNKDK DOMDO DZADZ ECUEC EGYEG ERIER "
    "ESHEH ESPES ESTEE ETHET FINFI FJIFJ FLKFK FRAFR FROFO FSMFM GABGA GBRGB GEOGE GGYGG GHAGH GIBGI GINGN "
    "GLPGP GMBGM GNBGW GNQGQ GRCGR GRDGD GRLGL GTMGT GUFGF GUMGU GUYGY HKGHK HMDHM HNDHN HRVHR HTIHT HUNHU "
    "IDNID IMNIM INDIN IOTIO IRLIE IRNIR IRQIQ ISLIS ISRIL ITAIT JAMJM JEYJE JORJO JPNJP KAZKZ KENKE KGZKG "
    "KHMKH KIRKI KNAKN KORKR KWTKW LAOLA LBNLB LBRLR LBYLY LCALC LIELI LKALK LSOLS LTULT LUXLU LVALV MACMO "
    "MAFMF MARMA MCOMC MDAMD MDGMG MDVMV MEXMX MHLMH MKDMK MLIML MLTMT MMRMM MNEME MNGMN MNPMP MOZMZ MRTMR "
    "MSRMS MTQMQ MUSMU MWIMW MYSMY MYTYT NAMNA NCLNC NERNE NFKNF NGANG NICNI NIUNU NLDNL NORNO NPLNP NRUNR "
    "NZLNZ OMNOM PAKPK PANPA PCNPN PERPE PHLPH PLWPW PNGPG POLPL PRIPR PRKKP PRTPT PRYPY PSEPS PYFPF QATQA "
    "REURE ROURO RUSRU RWARW SAUSA SDNSD SENSN SGPSG SGSGS SHNSH SJMSJ SLBSB SLESL SLVSV SMRSM SOMSO SPMPM "
    "SRBRS SSDSS STPST SURSR SVKSK SVNSI SWESE SWZSZ SXMSX SYCSC SYRSY TCATC TCDTD TGOTG THATH TJKTJ TKLTK "
    "TKMTM TLSTL TONTO TTOTT TUNTN TURTR TUVTV TWNTW TZATZ UGAUG UKRUA UMIUM URYUY USAUS UZBUZ VATVA VCTVC "
    "VENVE VGBVG VIRVI VNMVN VUTVU WLFWF WSMWS YEMYE ZAFZA ZMBZM ZWEZW "
)
_ALPHA_2: Mapping[str, str] = {pair[:3]: pair[3:] for pair in _PAIRS.split()}
"""ISO 3166-1 alpha-3 to alpha-2."""
_OTHERWISE: Mapping[str, str] = {
    "RKS": "KS",  # what Kosovo's own certificates say
    "UNO": "UN",
    "UNA": "UN",
    "EUE": "EU",
    "UTO": "UT",
}
"""Issuers that have two letters in certificates, and none in ISO 3166-1."""
SPECIMEN_COUNTRY, SPECIMEN_ISSUER = "UT", "UTO"
"""In certificates and in zones: what Utopia issues are specimens, which count where nothing is real, in sandboxes."""


def signing_country(printed: str) -> str | None:
    """The country that certificates name for an issuer as printed in a zone: `D` gives `DE`; None for one that has no
    two letters of its own (`XOM`). Any text may be asked about."""
    return _OTHERWISE.get(printed) or _ALPHA_2.get(iso_country(printed) or "")


def is_same_country(left: str, right: str) -> bool:
    """Whether two countries of certificates are one. Some states write theirs in small letters."""
    return bool(left) and left.upper() == right.upper()
