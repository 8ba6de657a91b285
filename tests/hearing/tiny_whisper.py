"""A Whisper model with random weights in CTranslate2's format, small enough to make in a test."""

import json

import numpy as np
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

WIDTH, HEADS, LAYERS = 16, 2, 2
PLAIN = [*sorted(pre_tokenizers.ByteLevel.alphabet()), "Ġthe", "Ġmill", "Ġgrinds", "Ġrye", "Ġand", "Ġspelt"]
SPECIAL = ["<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|zh|>", "<|es|>", "<|fr|>"]
SPECIAL += ["<|translate|>"]
SPECIAL += ["<|transcribe|>", "<|startoflm|>", "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>"]
TIMES = [f"<|{i * 0.02:.2f}|>" for i in range(1501)]


def _linear(spec, rows, columns, draw, scale=0.5):
    spec.weight = (draw.standard_normal((rows, columns)) * scale).astype(np.float32)
    spec.bias = np.zeros(rows, np.float32)


def _norm(spec):
    spec.gamma, spec.beta = np.ones(WIDTH, np.float32), np.zeros(WIDTH, np.float32)


def _layer(layer, draw, cross):
    _norm(layer.self_attention.layer_norm)
    _linear(layer.self_attention.linear[0], 3 * WIDTH, WIDTH, draw)
    _linear(layer.self_attention.linear[1], WIDTH, WIDTH, draw)
    if cross:
        _norm(layer.attention.layer_norm)
        _linear(layer.attention.linear[0], WIDTH, WIDTH, draw)
        _linear(layer.attention.linear[1], 2 * WIDTH, WIDTH, draw)
        _linear(layer.attention.linear[2], WIDTH, WIDTH, draw)
    _norm(layer.ffn.layer_norm)
    _linear(layer.ffn.linear_0, 4 * WIDTH, WIDTH, draw)
    _linear(layer.ffn.linear_1, WIDTH, 4 * WIDTH, draw)


def make(folder, seed=3):
    from ctranslate2.specs.whisper_spec import WhisperSpec

    draw = np.random.default_rng(seed)
    tokens = [*PLAIN, *SPECIAL, *TIMES]
    spec = WhisperSpec(LAYERS, HEADS, LAYERS, HEADS)
    for conv, size in ((spec.encoder.conv1, 80), (spec.encoder.conv2, WIDTH)):
        conv.weight = (draw.standard_normal((WIDTH, size, 3)) * 0.3).astype(np.float32)
        conv.bias = np.zeros(WIDTH, np.float32)
    for part, length in ((spec.encoder, 1500), (spec.decoder, 448)):
        part.position_encodings.encodings = draw.standard_normal((length, WIDTH)).astype(np.float32)
        _norm(part.layer_norm)
        for layer in part.layer:
            _layer(layer, draw, cross=part is spec.decoder)
    spec.decoder.embeddings.weight = draw.standard_normal((len(tokens), WIDTH)).astype(np.float32)
    spec.decoder.projection.weight = draw.standard_normal((len(tokens), WIDTH)).astype(np.float32)
    spec.register_vocabulary(tokens)
    ids = {token: i for i, token in enumerate(tokens)}
    spec.config.suppress_ids = [ids[t] for t in SPECIAL[1:]]
    spec.config.suppress_ids_begin = [ids["Ġ"], ids["<|endoftext|>"]]
    spec.config.lang_ids = [ids[f"<|{code}|>"] for code in ("en", "zh", "es", "fr")]
    spec.config.alignment_heads = [[1, 0], [1, 1]]
    spec.validate()
    spec.optimize()
    spec.save(str(folder))
    tokenizer = Tokenizer(models.BPE(vocab={t: i for i, t in enumerate(PLAIN)}, merges=[], unk_token=None))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([*SPECIAL, *TIMES])
    assert tokenizer.token_to_id("<|notimestamps|>") == ids["<|notimestamps|>"]
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "preprocessor_config.json").write_text(json.dumps({"feature_size": 80}))
    return folder
