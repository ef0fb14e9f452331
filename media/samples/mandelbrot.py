"""A picture of the Mandelbrot set in tiles, each a PNG that one input makes.

Map `tile` over the numbers 0 to 63: in that order the tiles make the whole picture, eight in a row.
"""

import math
import struct
import zlib

import modal

app = modal.App("mandelbrot")

TILES_PER_ROW = 8
TILE_PIXELS = 96
CENTER = complex(-0.74685, 0.12412)
WIDTH = 0.0066
MAX_ITERATIONS = 320
PALETTE_SIZE = 1024


@app.function()
def tile(index: int, tiles_per_row: int = TILES_PER_ROW, pixels: int = TILE_PIXELS) -> bytes:
    """One square of the picture as PNG. Tiles are counted from 0, row by row from the upper left."""
    row, column = divmod(index, tiles_per_row)
    if not 0 <= row < tiles_per_row:
        raise ValueError(
            f"There is no tile {index}: {tiles_per_row} x {tiles_per_row} tiles are 0 to {tiles_per_row**2 - 1}."
        )
    step = WIDTH / (tiles_per_row * pixels)
    left = CENTER.real - WIDTH / 2 + column * pixels * step
    top = CENTER.imag + WIDTH / 2 - row * pixels * step
    palette = make_palette()
    lines = []
    for y in range(pixels):
        line = bytearray()
        for x in range(pixels):
            line += palette[color_index(complex(left + x * step, top - y * step))]
        lines.append(bytes(line))
    return encode_png(lines)


def color_index(point: complex) -> int:
    """How fast the point escapes, as a place in the palette; the last place for points that never do."""
    z = point
    for count in range(MAX_ITERATIONS):
        if abs(z) > 8.0:
            # The fractional part makes the bands of equal counts run into each other.
            smooth = count - math.log2(math.log(abs(z)))
            return int(150 * math.sqrt(max(smooth, 0.0)) + 400) % (PALETTE_SIZE - 1)
        z = z * z + point
    return PALETTE_SIZE - 1


def make_palette() -> "list[bytes]":
    """Colors that go round from night blue over white and amber back, and black at the end."""
    colors = []
    for place in range(PALETTE_SIZE - 1):
        angle = 2 * math.pi * place / (PALETTE_SIZE - 1)
        colors.append(bytes(int(127.5 - 127.5 * math.cos(angle + shift)) for shift in (-0.9, -0.45, 0.25)))
    return [*colors, b"\x00\x00\x00"]


def encode_png(lines: "list[bytes]") -> bytes:
    """Lines of red, green and blue bytes as a PNG file."""
    header = struct.pack(">IIBBBBB", len(lines[0]) // 3, len(lines), 8, 2, 0, 0, 0)
    # The zero before each line says that it is stored as it is.
    data = zlib.compress(b"".join(b"\x00" + line for line in lines), 6)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def chunk(kind: bytes, data: bytes) -> bytes:
    """One part of a PNG file: length, kind, data, checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
