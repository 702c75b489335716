# SPDX-License-Identifier: GPL-3.0-or-later
import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent / "lab")]
