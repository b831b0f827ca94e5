"""An archive under the notebook's name, which unpacks to much more than it is."""

# ends: not gradable

import io
import zipfile


def attack(notebook):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../01_tiny.ipynb", b"\0" * 50_000_000)
    return packed.getvalue()
