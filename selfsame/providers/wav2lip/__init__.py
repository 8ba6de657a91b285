"""Networks of the Wav2Lip kind on onnxruntime (Prajwal et al. 2020, "A Lip Sync Expert Is All You Need").

They see a face with its lower half hidden, the same face whole, and a fifth of a second of sound, and give the face
with a mouth that says it. Whatever draws the head's motion comes first; the mouth is set into its pictures.
"""
