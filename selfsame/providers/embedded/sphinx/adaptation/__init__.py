"""Adapts the stock English language model to what one clone knows.

In: a clone's knowledge as texts. Out: a folder with a binary language model, a dictionary of just its words, and how
its names are written. `trie` reads the stock model, `ngrams` holds and prunes it, `spoken` turns text into spoken
sentences, `questions` makes what people may ask about them, `weigh` adapts, `pronounce` spells out new words, `build`
puts it all in a folder.
"""
