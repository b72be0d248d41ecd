// The tables of outlets and agencies: find, sort by a column, turn pages.
"use strict";
(async () => {
  const PAGE = 100;
  const table = document.getElementById("table");
  const form = document.getElementById("find");
  const heads = [...table.tHead.rows[0].cells];
  const rows = await dedupe.load(table.dataset.name);
  const folded = rows.map(([name]) => name.toLowerCase());
  let page = 0;
  let column = 1;
  let down = true;

  const value = (i) => (column === 0 ? folded[i] : rows[i][2 * column] ?? -Infinity);
  const compare = (a, b) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0);

  const line = ([name, path, ...cells]) => {
    const made = document.createElement("tr");
    const head = dedupe.element("th");
    const link = document.createElement("a");
    link.append(...name.split(/(?<=\.)/).flatMap((part) => [part, document.createElement("wbr")]).slice(0, -1));
    head.scope = "row";
    link.href = path;
    link.dir = "auto";
    head.append(link);
    made.append(head, ...cells.filter((_, i) => i % 2).map((text) => dedupe.element("td", "n", text)));
    return made;
  };

  const show = () => {
    const asked = form.elements.namedItem("q").value.trim().toLowerCase();
    const numbers = [...rows.keys()].filter((i) => folded[i].includes(asked));
    numbers.sort((a, b) => (down ? compare(b, a) : compare(a, b)) || a - b);
    const pages = Math.max(1, Math.ceil(numbers.length / PAGE));
    page = Math.min(page, pages - 1);
    table.tBodies[0].replaceChildren(...numbers.slice(page * PAGE, (page + 1) * PAGE).map((i) => line(rows[i])));
    heads.forEach((head, i) => head.setAttribute("aria-sort", i !== column ? "none" : down ? "descending" : "ascending"));
    document.getElementById("count").textContent = asked ? `${dedupe.number(numbers.length)} of ${dedupe.number(rows.length)}` : "";
    document.getElementById("page-number").textContent = `Page ${page + 1} of ${pages}`;
    document.getElementById("previous").disabled = page === 0;
    document.getElementById("next").disabled = page === pages - 1;
    document.getElementById("pager").hidden = pages === 1;
  };

  heads.forEach((head, i) => {
    const button = dedupe.element("button", "sort", head.textContent);
    button.type = "button";
    button.addEventListener("click", () => {
      down = i === column ? !down : i !== 0;
      column = i;
      page = 0;
      show();
    });
    head.replaceChildren(button);
  });
  form.addEventListener("input", () => { page = 0; show(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("previous").addEventListener("click", () => { page -= 1; show(); });
  document.getElementById("next").addEventListener("click", () => { page += 1; show(); });
  form.hidden = false;
  show();
  document.body.dataset.ready = "1";
})();
