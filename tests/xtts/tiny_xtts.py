"""A tiny XTTS of the real architecture, with random weights and an alphabet of its own. It speaks noise."""

from __future__ import annotations

import json
import string
from pathlib import Path

SPECIAL = ("[STOP]", "[UNK]", "[SPACE]", "[START]", "[en]", "[es]", "[zh-cn]")
CODES = 28
"""What it says before it must stop: each is 46 ms."""


def write_model(folder: Path, codes: int = CODES) -> None:
    """config.json, vocab.json and model.pth, as the published ones are laid out."""
    import torch
    from TTS.tts.configs.xtts_config import XttsArgs, XttsConfig
    from TTS.tts.layers.xtts.tokenizer import VoiceBpeTokenizer
    from TTS.tts.models.xtts import Xtts

    torch.manual_seed(7)
    _write_vocabulary(folder / "vocab.json")
    config = XttsConfig(
        model_args=XttsArgs(
            gpt_layers=2,
            gpt_n_model_channels=64,
            gpt_n_heads=4,
            gpt_max_audio_tokens=codes,
            gpt_num_audio_tokens=66,
            gpt_start_audio_token=64,
            gpt_stop_audio_token=65,
            gpt_use_perceiver_resampler=True,
            decoder_input_dim=64,
        )
    )
    (folder / "config.json").write_text(json.dumps(config.to_dict()))
    model = Xtts(config)
    model.tokenizer = VoiceBpeTokenizer(vocab_file=folder / "vocab.json")
    model.init_models()
    with torch.no_grad():
        model.gpt.mel_head.bias[65] = -1e4  # it never stops by itself, so that all sentences are of one length
        for weights in model.hifigan_decoder.waveform_decoder.conv_post.parameters():
            weights *= 20  # loud enough to be heard
    torch.save({"model": model.state_dict(), "config": config.to_dict()}, folder / "model.pth")


def _write_vocabulary(path: Path) -> None:
    from tokenizers import Tokenizer
    from tokenizers.models import BPE

    letters = [*SPECIAL, *string.ascii_lowercase, *"áéíóúüñ", *string.digits, *".,!?¡¿'-"]
    tokenizer = Tokenizer(BPE({letter: number for number, letter in enumerate(letters)}, [], unk_token="[UNK]"))
    tokenizer.add_special_tokens(list(SPECIAL))
    tokenizer.save(str(path))
