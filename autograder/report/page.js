// Sorts the mark table at the press of a heading; without scripts the table stays as written.
for (const button of document.querySelectorAll("#marks thead button")) {
  button.disabled = false;
  button.addEventListener("click", () => {
    const heading = button.closest("th");
    const column = heading.cellIndex;
    const up = heading.getAttribute("aria-sort") !== "ascending";
    for (const other of heading.parentElement.children) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", up ? "ascending" : "descending");
    const body = document.querySelector("#marks tbody");
    const value = (row) => (row.cells[column] || row.cells[row.cells.length - 1]).dataset.value || "";
    const compare = (a, b) =>
      value(a) - value(b) || value(a).localeCompare(value(b), undefined, { numeric: true });
    const rows = [...body.rows].sort((a, b) => (up ? compare(a, b) : compare(b, a)));
    body.append(...rows);
  });
}

// Paper cannot be unfolded.
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details")) details.open = true;
});
