"""Whisper on CTranslate2 (`faster-whisper`): English, Chinese and Spanish, on a CPU or a GPU, from weights you have."""
