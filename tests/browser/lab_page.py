"""JupyterLab as a test drives it: open a notebook, run cells, edit a cell, read its output."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

PICTURES = Path(__file__).parent / "pictures"


class LabPage:
    """A notebook in JupyterLab, its cells found by the ids of the file."""

    def __init__(self, page: Page, address: str, root: Path, notebook: str) -> None:
        self.page = page
        cells = json.loads((root / notebook).read_text(encoding="utf-8"))["cells"]
        self.ids = [cell["id"] for cell in cells]
        self.sources = ["".join(cell["source"]) for cell in cells]
        # On a busy machine JupyterLab may ask which kernel to take: the one that it proposes.
        dialog = page.locator(".jp-Dialog")
        page.add_locator_handler(dialog, lambda: dialog.locator(".jp-mod-accept").first.click())
        page.goto(f"{address}/lab/tree/{notebook}?reset")
        page.locator(".jp-Notebook").wait_for()
        self.wait_for_kernel()

    def wait_for_kernel(self, seconds: float = 180) -> None:
        """Wait until the kernel is there and has nothing to do."""
        name = self.page.locator(".jp-NotebookPanel-toolbar .jp-KernelName").first
        expect(name).to_contain_text("Python 3", timeout=seconds * 1000)
        idle = self.page.locator(".jp-NotebookPanel-toolbar [data-status='idle']").first
        expect(idle).to_be_visible(timeout=seconds * 1000)

    def cell(self, cell_id: str) -> Locator:
        """The cell with this id."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(self.ids.index(cell_id))

    def cell_with(self, text: str) -> Locator:
        """The first cell whose source contains `text`."""
        found = next(i for i, source in enumerate(self.sources) if text in source)
        return self.page.locator(".jp-Notebook .jp-Cell").nth(found)

    def menu(self, *labels: str) -> None:
        """Choose from the menu bar, such as `menu("Run", "Run All Cells")`."""
        bar, *items = labels
        self.page.locator(".lm-MenuBar-itemLabel", has_text=bar).first.click()
        for label in items:
            self.page.locator(".lm-Menu-itemLabel").get_by_text(label, exact=True).click()

    def run_all(self) -> None:
        """Start all cells; a click that came before the kernel was ready is repeated."""
        first = self.page.locator(".jp-Notebook .jp-CodeCell .jp-InputPrompt").first
        for _ in range(3):
            self.menu("Run", "Run All Cells")
            with suppress(AssertionError):
                expect(first).to_have_text(re.compile(r"\[[\d*]+\]:"), timeout=20_000)
                return
        raise AssertionError("JupyterLab did not start to run the cells")

    def run(self, cell_id: str) -> None:
        """Run one cell and wait for it."""
        editor = self.cell(cell_id).locator(".cm-content")
        editor.click()
        self.page.keyboard.press("Control+Enter")
        self.wait_until_run(self.cell(cell_id))

    def wait_until_run(self, cell: Locator, seconds: float = 60) -> None:
        """Wait until a cell's prompt shows a number, not a star or nothing."""
        prompt = cell.locator(".jp-InputPrompt").first
        expect(prompt).to_have_text(re.compile(r"\[\d+\]:"), timeout=seconds * 1000)

    def replace(self, cell_id: str, source: str) -> None:
        """Type a new source over a cell's."""
        self.cell(cell_id).locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(source)

    def picture(self, name: str, of: Locator | None = None) -> None:
        """Keep a picture of the page, or of one part of it, for people to look at."""
        (of or self.page).screenshot(path=PICTURES / f"{name}.png")
