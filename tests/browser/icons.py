"""The app's icons, drawn from its mark: `python -m tests.browser.icons` (the pictures are committed).

`any` is the mark on its disc. `maskable` and `touch` fill the square, for systems that cut out a shape of their own:
the rings lie within the circle of four fifths of the width that is always shown.
"""

from __future__ import annotations

from playwright.sync_api import sync_playwright

from tests.browser.browsers import CHROMIUM, FLAGS
from tests.support.serving import ROOT

PUBLIC = ROOT / "web" / "public"
DISC = '<circle cx="16" cy="16" r="16"'
SQUARE = '<rect width="32" height="32"'
PICTURES = {"any": (192, 512), "maskable": (192, 512), "touch": (180,)}


def main() -> None:
    """Draw every size."""
    mark = (PUBLIC / "favicon.svg").read_text("utf-8")
    assert DISC in mark
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS, headless=True)
        page = browser.new_page()
        for kind, sizes in PICTURES.items():
            drawn = mark if kind == "any" else mark.replace(DISC, SQUARE)
            for size in sizes:
                page.set_viewport_size({"width": size, "height": size})
                page.set_content(f"<style>*{{margin:0}}svg{{display:block;width:{size}px}}</style>{drawn}")
                page.screenshot(path=PUBLIC / "icons" / f"{kind}-{size}.png", omit_background=True)
        browser.close()


if __name__ == "__main__":
    main()
