"""A cloned voice of recorded half-phones (pure).

`sound` and `pitch` measure, `phones` and `line` say what is to be said, `network` predicts how the person would, `plan`
how long and how high, `lend` lets the guide stand in where the person's sounds do not fit, `select` finds the sounds,
`render` joins them and `shape` evens them out;
`speak` is all of it in one call. `model` is the voice, `file` its file. `clear` is the other manner: the guide's sound
in the person's pitch and colour.
"""
