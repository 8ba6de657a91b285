"""The frozen vocabulary that the rooms pass to one another.

One file per organ: `audio`, `heard` (ears), `thought` (mind), `spoken` (voice), `shown` (face), `turns`
(conversation). Everything after the ears carries `turn` and `revision`, and every sink drops what is stale.
Times named `at` are seconds of the session's clock; times inside a reply are seconds of the reply's own audio.
"""
