"""Words that end in a full stop without ending the sentence, in English and Spanish. Data for `sentences`."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NEVER_END = _words(
    """dr dra mr mrs ms mx prof st ste sr sra srta sres dn dña ud uds gen col lt sgt capt cmdr maj adm gov sen rep pres
    rev hon fr e.g i.e eg ie vs viz cf approx aprox ca p.ej ej incl excl messrs lic ing arq dpto avda esp"""
)
"""Something always follows these in their sentence."""

BEFORE_NUMBERS = _words(
    """no nos núm nro fig figs p pp pág págs vol vols ch chap sec art eq ver jan feb mar apr jun jul aug sep sept oct
    nov dec ene abr ago dic tel ext"""
)
"""Abbreviations only when a digit follows ("No. 5"); elsewhere words of their own ("No.", "the third sec.")."""

MAY_END = _words(
    """etc inc ltd llc corp co bros jr sr al dept est ave blvd rd ft hwy mt min max ph.d m.d b.a b.sc m.a m.sc d.c a.m
    p.m a.d b.c b.c.e c.e u.s u.k u.s.a u.n e.u ee.uu a.c d.c"""
)
"""These end a sentence only when the next word is one that opens sentences."""

OPENERS = _words(
    """the this that these those it its it's he she we they you i i'm i've i'd my our his her their your there here in
    on at to for from if when while after before since because although but and so or yet then now what who
    where why how which is are do does did can could would should will no yes not please let also as a an one
    some many most all both each however today tomorrow yesterday thanks sorry meanwhile finally first second
    next el la los las un una unos unas es son está están pero y si cuando como qué quién dónde cómo por para en
    no sí también yo tú él ella nosotros ellos este esta eso mi su nuestro hay después antes hoy gracias"""
)
"""Words that often open a sentence."""
