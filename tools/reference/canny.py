"""Edges of two pictures by OpenCV: control/canny-*.png (needs only opencv-python-headless and numpy)."""

from pathlib import Path

import cv2
import numpy as np

FOLDER = Path(__file__).resolve().parents[2] / "core/src/test/resources/reference/control"


def bars(width, height):
    """The map of control.control_map."""
    y, x = np.mgrid[0:height, 0:width]
    red, green, blue = (x * 7 + y * 3) % 256, np.where((x // 5 + y // 9) % 2 == 0, 230, 20), (x * x + y * y) % 251
    return np.stack([red, green, blue], -1).astype(np.uint8)


def hills(width, height):
    """Smooth slopes, where thresholds decide."""
    y, x = np.mgrid[0:height, 0:width].astype(np.int64)
    red = (x * (width - x) * 3 + y * 5) // width % 256
    green = (x * y) // 17 % 200
    blue = ((x - 30) ** 2 + (y - 20) ** 2) // 9 % 256
    return np.stack([red, green, blue], -1).astype(np.uint8)


if __name__ == "__main__":
    for name, picture, low, high in (
            ("bars", bars(97, 61), 100, 200), ("hills", hills(97, 61), 100, 200), ("hills-sensitive", hills(97, 61), 30, 60),
            ("hills-strict", hills(97, 61), 300, 700)):
        edges = cv2.Canny(picture, low, high)
        print(name, (edges > 0).mean())
        cv2.imwrite(str(FOLDER / f"canny-{name}.png"), edges, [cv2.IMWRITE_PNG_BILEVEL, 1])
