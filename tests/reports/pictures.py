"""What a JPEG says of itself."""

import struct

# The frame headers of baseline, extended and progressive files.
FRAMES = {0xC0, 0xC1, 0xC2}


def jpeg_size(content):
    """Width and height in pixels, from the frame header; AssertionError where it is no JPEG."""
    assert content[:3] == b"\xff\xd8\xff"
    at = 2
    while content[at + 1] not in FRAMES:
        at += 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
    height, width = struct.unpack(">HH", content[at + 5 : at + 9])
    return width, height
