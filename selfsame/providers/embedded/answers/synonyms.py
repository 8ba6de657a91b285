"""Words that ask for about the same thing, in groups. General on purpose: nothing of one clone's subject."""

from __future__ import annotations

from functools import lru_cache

from selfsame.kit.words import fold, stem

_GROUPS = (
    "cost price pay money fee charge expensive cheap free dollars gratis",
    "delete remove erase forget destroy wipe",
    "clone twin double avatar replica",
    "begin start launch open run",
    "create make build produce construct set",
    "microphone mic",
    "computer machine laptop pc",
    "fast quick speed slow latency delay lag wait responsive",
    "store save keep record retain remember memory",
    "document file text paper pdf knowledge upload",
    "talk speak chat conversation converse",
    "interrupt stop cut break",
    "internet online offline network connection connected",
    "phone mobile smartphone iphone android",
    "private privacy secret confidential",
    "secure safe security protected",
    "face photo picture image portrait looks",
    "graphics gpu card",
    "brain mind llm intelligence thinker smarter clever",
    "error problem trouble wrong broken fail issue fault",
    "browser chrome firefox safari edge chromium",
    "licence license copyright",
    "permission consent agree allow",
    "install setup installation",
    "need require requirement necessary",
    "hear listen recognise recognition understand ears transcribe",
    "sound audio speaker silent loud noise",
    "write type typing keyboard",
    "job work profession career occupation",
    "study research investigate",
    "home house live reside",
    "child kid children grew childhood",
    "big large size huge",
    "wish want hope",
    "documentation docs manual handbook guide",
    "architecture structure design structured",
    "missing lacking unfinished absent",
    "copy duplicate",
    "somebody someone another friend",
    "early before",
    "plug plugin extension addon",
    "crear hacer construir fabricar",
    "hablar conversar charlar platicar",
    "costo precio costar pagar dinero gratis",
    "guardar almacenar recordar memoria",
    "borrar eliminar olvidar quitar",
    "ordenador computadora maquina portatil",
    "idioma lengua lenguaje idiomas",
    "rostro cara foto imagen",
    "telefono movil celular",
)


@lru_cache(maxsize=1)
def _meanings() -> dict[str, int]:
    return {stem(fold(word)): number for number, group in enumerate(_GROUPS, 1) for word in group.split()}


def meaning(word: str) -> int:
    """The number of the group that a stem belongs to; 0 when to none."""
    return _meanings().get(word, 0)
