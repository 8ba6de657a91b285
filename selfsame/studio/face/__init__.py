"""From a person's pictures to a face model.

`looks` measures a face in a picture and `quality` judges it; `expressions` finds the neutral picture and the templates,
`identity` tells whether pictures show one person; `model` builds the face model and `validate` tests it.
"""
