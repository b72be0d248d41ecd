// Two texts side by side. The rows come from the story's data file; a click follows a passage.
"use strict";
(() => {
  const OWN = -1;
  const FURNITURE = -2;
  const story = dedupe.arrived.get("story");
  const tools = document.getElementById("compare-tools");
  const texts = document.getElementById("texts");
  const select = document.getElementById("copy");
  const base = story.documents[story.anchor];
  let current = -1;

  const side = (document_, runs, name) => {
    const made = dedupe.element("div", `side ${name}`);
    made.dir = "auto";
    made.lang = document_.language;
    for (let i = 0; i < runs.length; i += 3) {
      const [begin, end, label] = runs.slice(i, i + 3);
      const text = document_.text.slice(begin, end);
      if (label >= 0) {
        const mark = dedupe.element("mark", "shared", text);
        mark.dataset.passage = label;
        made.append(mark);
      } else {
        made.append(dedupe.element(label === FURNITURE ? "s" : name === "left" ? "del" : "ins", label === OWN ? "own" : "furniture", text));
      }
    }
    return made;
  };

  const heading = (document_, role) => {
    const made = dedupe.element("div", "side-head");
    made.append(dedupe.element("span", "slug", role), dedupe.element("b", "", document_.label));
    const title = dedupe.element("span", "side-title", document_.title);
    title.dir = "auto";
    made.append(title);
    return made;
  };

  const numbers = () => [...new Set([...texts.querySelectorAll("mark")].map((mark) => Number(mark.dataset.passage)))];

  const point = (passage, from) => {
    const marks = [...texts.querySelectorAll("mark")];
    marks.forEach((mark) => mark.classList.toggle("current", Number(mark.dataset.passage) === passage));
    const all = numbers();
    current = passage;
    document.getElementById("passage-number").textContent = `${all.indexOf(passage) + 1} of ${all.length}`;
    const left = from?.closest(".left");
    const target = marks.find((mark) => mark.classList.contains("current") && (!from || !left === Boolean(mark.closest(".left"))));
    target?.scrollIntoView({ block: "center", behavior: "smooth" });
  };

  const step = (by) => {
    const all = numbers();
    if (all.length) point(all[(all.indexOf(current) + by + all.length) % all.length] ?? all[0]);
  };

  const show = (number) => {
    const copy = story.documents[number];
    const grid = dedupe.element("div", "rows");
    for (const [left, right] of copy.rows) {
      const row = dedupe.element("div", "row");
      row.append(side(base, left, "left"), side(copy, right, "right"));
      grid.append(row);
    }
    const heads = dedupe.element("div", "row heads");
    heads.append(heading(base, "Measured against"), heading(copy, "Copy"));
    texts.replaceChildren(heads, grid);
    select.value = String(number);
    current = -1;
    const all = numbers();
    document.getElementById("passage-number").textContent = all.length ? `${all.length} shared` : "nothing shared";
    for (const button of tools.querySelectorAll("button")) button.disabled = all.length === 0;
  };

  const copies = story.documents.map((_, i) => i).filter((i) => i !== story.anchor);
  if (!copies.length) return;
  for (const i of copies) select.append(new Option(`${story.documents[i].label}: ${story.documents[i].title}`.slice(0, 120), String(i)));
  const asked = () => {
    const number = Number(dedupe.state().get("compare") ?? NaN);
    return copies.includes(number) ? number : null;
  };

  texts.addEventListener("click", (event) => {
    const mark = event.target.closest("mark");
    if (mark && String(getSelection()) === "") point(Number(mark.dataset.passage), mark);
  });
  select.addEventListener("change", () => { location.hash = `compare=${select.value}`; });
  document.getElementById("passage-previous").addEventListener("click", () => step(-1));
  document.getElementById("passage-next").addEventListener("click", () => step(1));
  const follow = () => {
    if (asked() === null) return;
    show(asked());
    document.getElementById("compare").scrollIntoView();
  };
  addEventListener("hashchange", follow);
  tools.hidden = false;
  show(copies[0]);
  follow();
  document.body.dataset.ready = "1";
})();
