#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each picture that the metainfo names is in data/screenshots, is a PNG and wide enough to be read; each that is there is named."""
import struct
import sys
import xml.etree.ElementTree
from pathlib import Path

WIDTH = 600  # of a window of ours; less would be a thumbnail


def main():
    root = Path(sys.argv[1])
    tree = xml.etree.ElementTree.parse(root / "data/org.ocscompanion.Tray.metainfo.xml.in")
    named = {image.text.rpartition("/")[2] for image in tree.iter("image")}
    there = {path.name for path in (root / "data/screenshots").iterdir()}
    wrong = [f"{name} is named, and not in data/screenshots" for name in sorted(named - there)]
    wrong += [f"data/screenshots/{name} is named nowhere" for name in sorted(there - named)]
    for name in sorted(named & there):
        head = (root / "data/screenshots" / name).read_bytes()[:24]
        if head[:8] != b"\x89PNG\r\n\x1a\n" or struct.unpack(">I", head[16:20])[0] < WIDTH:
            wrong.append(f"data/screenshots/{name} is no PNG that is {WIDTH} pixels wide")
    print("\n".join(wrong), end="\n" if wrong else "")
    return 1 if wrong or len(named) < 2 else 0


if __name__ == "__main__":
    sys.exit(main())
