"""Watches a reply's text while it streams: cleans it, ends it in time, and says when it is unusable (LLM-23, C-55).

Pure: text in, text out. Hidden reasoning and markup are taken out; a reply that begins to speak for somebody else ends
there; three sentences or the token limit end it; runaway repetition and emptiness are faults.
"""

from __future__ import annotations

import re

from selfsame.kit.sentences import ends

_TAG = re.compile(r"<\|[^|<>]{0,40}\|>|\[/?INST\]|</?s>", re.IGNORECASE)
_MARKUP = re.compile(r"[*`#_]{2,}|`|(?<=\s)[*#]+(?=\s)|^[*#>]+\s*", re.MULTILINE)
_TAG_STARTS = ("<|", "<think>", "</think>", "<s>", "</s>", "[inst]", "[/inst]")
_CHINESE_MARKS = "。！？"


class Guard:
    """One reply's watch. `done` tells that nothing more will be let through; `cut` and `fault` tell why."""

    def __init__(self, name: str, max_sentences: int, max_tokens: int) -> None:
        self.said = ""
        self.done = False
        self.cut = ""
        self.fault = ""
        self._held = ""
        self._hidden = False
        self._max_sentences = max_sentences
        self._max_words = max_tokens  # a word of any of our languages is at least one token
        self._own = tuple(f"{role}:" for role in ("assistant", name.casefold().strip()) if role)
        self._foreign = ("user:", "human:", "visitor:", "system:", "question:")
        mine = "|".join(re.escape(role) for role in (*self._own, *self._foreign))
        self._role = re.compile(rf"(?:^|\n)\s*({mine})", re.IGNORECASE)

    def feed(self, piece: str) -> str:
        """Take the next piece; return what may be said now."""
        if self.done:
            return ""
        self._held = self._without_hidden(self._held + piece)
        if self._hidden:
            return ""
        self._end_at_role()
        keep = len(self._held) if self.done else self._safe_length()
        ready, self._held = self._held[:keep], self._held[keep:]
        return self._limited(_MARKUP.sub("", ready))

    def finish(self) -> str:
        """The stream is over: what was held back and may be said. An empty reply becomes a fault."""
        rest = "" if self.done or self._hidden else self._limited(_MARKUP.sub("", self._held))
        self._held, self.done = "", True
        if not self.fault and not re.search(r"\w", self.said):
            self.fault = "empty"
        return rest

    def _without_hidden(self, text: str) -> str:
        """Drop what reasoning models think aloud between <think> marks; `_hidden` while such a mark is open."""
        if self._hidden:
            _, mark, after = text.partition("</think>")
            if not mark:
                return text[-8:]
            text, self._hidden = after.lstrip(), False
        before, mark, after = text.partition("<think>")
        if not mark:
            return before
        _, closed, rest = after.partition("</think>")
        if closed:
            return before + self._without_hidden(rest.lstrip())
        self._hidden = True
        return after[-8:]

    def _end_at_role(self) -> None:
        """Own name in front is dropped; any other role tag ends the reply."""
        if not self.said.strip():
            opening = re.match(
                rf"\s*(?:{'|'.join(re.escape(role) for role in self._own)})\s*", self._held, re.IGNORECASE
            )
            if opening:
                self._held = self._held[opening.end() :]
        text = self._held if not self.said or self.said.endswith("\n") else " " + self._held
        found = [m.start() for m in (self._role.search(text), _TAG.search(text)) if m]
        if found:
            self._held = text[: min(found)].rstrip()
            self.done, self.cut = True, "role_tag"

    def _safe_length(self) -> int:
        """How much of what is held cannot be the beginning of a tag."""
        held = self._held.casefold()
        for start in range(max(0, len(held) - 44), len(held)):
            tail = held[start:]
            if any(tag.startswith(tail) for tag in _TAG_STARTS) or tail.startswith("<|"):
                return start
        line = held.rfind("\n") + 1
        begins_line = line > 0 or not self.said.strip()
        tail = held[line:].lstrip()
        if begins_line and any(tag.startswith(tail) for tag in (*self._own, *self._foreign)):
            return max(0, line - 1)
        return len(held)

    def _limited(self, text: str) -> str:
        """Let through what the limits allow."""
        if not self.said:
            text = text.lstrip()
        whole = self.said + text
        complete = [end for end in ends(whole) if end < len(whole) or whole[end - 1] in _CHINESE_MARKS]
        if len(complete) >= self._max_sentences:
            whole = whole[: max(complete[self._max_sentences - 1], len(self.said))]
            self.done, self.cut = True, self.cut or "sentences"
        elif len(whole.split()) > self._max_words:
            whole = whole[: max(len(whole.rsplit(None, 1)[0]), len(self.said))]
            self.done, self.cut = True, self.cut or "tokens"
        if _runs_away(whole):
            self.done, self.fault = True, "repetition"
            return ""
        new, self.said = whole[len(self.said) :], whole
        return new


def _runs_away(text: str) -> bool:
    """Whether the text's end says the same over and over."""
    words = text.casefold().split()
    for length in range(1, 13):
        times = 6 if length == 1 else 4 if length < 6 else 3
        run = words[-length * times :]
        if len(run) == length * times and all(run[i] == run[i % length] for i in range(len(run))):
            return True
    return False
