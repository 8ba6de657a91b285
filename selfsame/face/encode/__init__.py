"""Pictures and sound as files and streams: MP4 clips, JPEG files, H.264 access units (PyAV and OpenCV)."""
