"use strict";
// Sorting and filtering for those who have scripts; without, every row is there all the same.

const FEW = 8; // rows: a shorter table needs no filter

// A figure is read from its text: "1,234", "1.250*", "6.3 x Lao"; a dash is no figure.
function figure(text) {
  const found = /^-?[\d,]+(\.\d+)?(?=$|[\s*%])/.exec(text);
  return found ? Number(found[0].replaceAll(",", "")) : NaN;
}

function compare(a, b) {
  const first = figure(a), second = figure(b);
  if (Number.isNaN(first) !== Number.isNaN(second)) return Number.isNaN(first) ? 1 : -1;
  return Number.isNaN(first) ? a.localeCompare(b, "en", { numeric: true }) : first - second;
}

function sort(table, index, heading) {
  const falling = heading.getAttribute("aria-sort") === "ascending";
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", falling ? "descending" : "ascending");
  const keyed = [...table.tBodies[0].rows].map((row) => [row.cells[index].textContent.trim(), row]);
  const nothing = (text) => text === "" || text === "–"; // last, whichever way
  keyed.sort(([a], [b]) => {
    if (nothing(a) || nothing(b)) return nothing(a) - nothing(b);
    return falling ? -compare(a, b) : compare(a, b);
  });
  table.tBodies[0].append(...keyed.map(([, row]) => row));
}

function sortable(table) {
  [...table.tHead.rows[0].cells].forEach((heading, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    button.addEventListener("click", () => sort(table, index, heading));
    heading.append(button);
  });
}

let tools = 0;

function filter(before, items, name) {
  const box = document.createElement("div");
  const label = document.createElement("label");
  const input = document.createElement("input");
  const output = document.createElement("output");
  tools += 1;
  input.id = `filter-${tools}`;
  input.type = "search";
  input.autocomplete = "off";
  label.htmlFor = output.htmlFor = input.id;
  label.textContent = `Filter ${name}`;
  box.className = "tools";
  box.append(label, input, output);
  before.before(box);
  input.addEventListener("input", () => {
    const wanted = input.value.trim().toLowerCase().split(/\s+/);
    let left = 0;
    for (const [text, item] of items) {
      item.hidden = !wanted.every((word) => text.includes(word));
      left += !item.hidden;
    }
    output.textContent = `${left} of ${items.length}`;
  });
}

// Rows are found by their words, not by their figures.
function words(row) {
  return [...row.cells].filter((cell) => Number.isNaN(figure(cell.textContent.trim())));
}

for (const table of document.querySelectorAll("table[data-sorted]")) {
  const rows = [...table.tBodies[0].rows];
  if (rows.length > 1) sortable(table);
  if (rows.length > FEW) {
    const found = rows.map((row) => [words(row).map((c) => c.textContent).join(" ").toLowerCase(), row]);
    filter(table.parentElement, found, table.caption.textContent.trim());
  }
}

for (const list of document.querySelectorAll("[data-filtered]")) {
  const items = [...list.children].filter((each) => each.matches("details"));
  const named = (each) => each.querySelector("summary").textContent.toLowerCase();
  if (items.length > FEW) filter(list, items.map((each) => [named(each), each]), list.dataset.filtered);
}
