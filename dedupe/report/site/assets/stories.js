// The list of stories: filtered and ordered by data/index.js, shown from data/rows-<n>.js.
"use strict";
(async () => {
  const PAGE = 25;
  const form = document.getElementById("filters");
  const list = document.getElementById("list");
  const pager = document.getElementById("pager");
  const field = (name) => form.elements.namedItem(name);
  const NAMES = ["q", "sort", "outlet", "origin", "role", "language", "from", "to", "size", "swap", "uncredited"];
  let page = 0;
  let turn = 0;

  const [names, index] = await Promise.all([dedupe.load("names"), dedupe.load("index")]);
  const total = index.size.length;
  const outletNumber = new Map(names.outlets.map((name, i) => [name.toLowerCase(), i]));
  const originNumber = new Map(names.origins.map((name, i) => [name.toLowerCase(), i]));

  // Words, folded as listing.py folds them.
  const fold = (text) =>
    text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f]/g, "").normalize("NFC");
  const UNSPACED = /^[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af]/;
  const words = (text) =>
    (fold(text).match(/[\p{L}\p{N}_]+/gu) || []).flatMap((word) => {
      const signs = [...word];
      if (!UNSPACED.test(word)) return signs.length > 1 ? [word] : []; // a single letter asks for too much
      if (signs.length < 3) return [word];
      return signs.slice(1).map((sign, i) => signs[i] + sign);
    });
  const shard = (word) =>
    [...word].slice(0, 2).reduce((value, sign) => (value * 31 + sign.codePointAt(0)) % 65536, 0) % names.shards;

  // Stories whose titles hold, for each word asked for, a word that begins with it.
  const found = async (question) => {
    let stories = null;
    for (const word of words(question)) {
      const here = new Set();
      for (const [title, numbers] of await dedupe.load(`find-${shard(word)}`)) {
        if (title.startsWith(word)) numbers.forEach((n) => here.add(n));
      }
      stories = stories === null ? here : new Set([...stories].filter((n) => here.has(n)));
    }
    return stories;
  };

  const numbered = (map, text) => (map.has(text.toLowerCase()) ? map.get(text.toLowerCase()) : -2);
  const day = (text, plus) => Date.parse(`${text}T00:00:00Z`) / 1000 + plus;

  const tests = () => {
    const value = (name) => field(name).value.trim();
    const tests = [];
    const add = (name, test) => { if (value(name)) tests.push(test(value(name))); };
    add("outlet", (v) => { const n = numbered(outletNumber, v); return (i) => index.outlets[i].includes(n); });
    add("origin", (v) => { const n = numbered(originNumber, v); return (i) => index.origin[i] === n; });
    add("language", (v) => { const n = names.languages.indexOf(v); return (i) => index.language[i] === n; });
    add("role", (v) => { const bit = 1 << names.roles.indexOf(v); return (i) => (index.roles[i] & bit) !== 0; });
    add("from", (v) => (i) => index.first[i] >= day(v, 0));
    add("to", (v) => (i) => index.first[i] >= 0 && index.first[i] < day(v, 86400));
    add("size", (v) => (i) => index.size[i] >= Number(v));
    if (field("swap").checked) tests.push((i) => index.swaps[i] > 0);
    if (field("uncredited").checked) tests.push((i) => index.uncredited[i] > 0);
    return tests;
  };

  const ORDERS = {
    outlets: () => 0, // the order of the pieces
    size: (a, b) => index.size[b] - index.size[a],
    new: (a, b) => index.first[b] - index.first[a],
    old: (a, b) => (index.first[a] < 0 ? Infinity : index.first[a]) - (index.first[b] < 0 ? Infinity : index.first[b]) || 0,
    pace: (a, b) => index.pace[b] - index.pace[a],
    spread: (a, b) => index.spread[b] - index.spread[a],
    uncredited: (a, b) => index.uncredited[b] - index.uncredited[a],
  };

  const chosen = async () => {
    const stories = await found(field("q").value);
    const passes = tests();
    const numbers = stories === null ? [...Array(total).keys()] : [...stories].sort((a, b) => a - b);
    const kept = numbers.filter((i) => passes.every((test) => test(i)));
    return field("sort").value === "outlets" ? kept : kept.sort(ORDERS[field("sort").value]);
  };

  const SVG = "http://www.w3.org/2000/svg";
  const item = ([path, title, language, before, origin, about, facts, flags, marks]) => {
    const made = document.getElementById("item").content.cloneNode(true);
    const link = made.querySelector("a");
    link.href = path;
    link.lang = language;
    link.querySelector("bdi").textContent = title;
    made.querySelector("b").textContent = origin;
    const [first, last] = made.querySelectorAll(".story-origin span");
    first.textContent = before;
    last.textContent = about;
    made.querySelector(".story-facts").append(
      ...facts.map((fact) => dedupe.element("span", "", fact)),
      ...flags.map((flag) => dedupe.element("span", "flag", flag)),
    );
    for (let i = 0; i < marks.length; i += 2) {
      const mark = document.createElementNS(SVG, "rect");
      mark.setAttribute("class", `tick ${marks[i + 1]}`);
      mark.setAttribute("x", `${marks[i] / 10}%`);
      made.querySelector("svg").append(mark);
    }
    return made;
  };

  const row = async (i) => (await dedupe.load(`rows-${Math.floor(i / names.rows)}`))[i % names.rows];

  const show = async () => {
    const mine = ++turn; // a later question makes an earlier answer void
    const numbers = await chosen();
    const pages = Math.max(1, Math.ceil(numbers.length / PAGE));
    page = Math.min(page, pages - 1);
    const rows = await Promise.all(numbers.slice(page * PAGE, (page + 1) * PAGE).map(row));
    if (mine !== turn) return;
    list.replaceChildren(...rows.map(item));
    list.start = page * PAGE + 1;
    const all = numbers.length === total ? "" : ` of ${dedupe.number(total)}`;
    const noun = (all ? total : numbers.length) === 1 ? "story" : "stories";
    document.getElementById("count").textContent = `${dedupe.number(numbers.length)}${all} ${noun}`;
    document.getElementById("page-number").textContent = `Page ${dedupe.number(page + 1)} of ${dedupe.number(pages)}`;
    document.getElementById("previous").disabled = page === 0;
    document.getElementById("next").disabled = page === pages - 1;
    pager.hidden = pages === 1;
    const active = NAMES.slice(2).filter((name) => (field(name).type === "checkbox" ? field(name).checked : field(name).value)).length;
    document.getElementById("active").textContent = active ? `(${active})` : "";
  };

  const remember = () => {
    const state = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (value && !(name === "sort" && value === "outlets")) state.set(name, value);
    }
    if (page) state.set("page", page + 1);
    dedupe.keep(state);
  };

  const recall = () => {
    const state = dedupe.state();
    for (const name of NAMES) {
      const value = state.get(name);
      if (field(name).type === "checkbox") field(name).checked = value === "1";
      else if (name === "sort") field(name).value = Object.hasOwn(ORDERS, value ?? "") ? value : "outlets";
      else field(name).value = value ?? "";
    }
    page = Math.max(0, (parseInt(state.get("page"), 10) || 1) - 1);
    const roomy = matchMedia("(min-width: 52rem)").matches; // on a phone the list matters more
    if (roomy && NAMES.slice(2).some((name) => state.has(name))) document.getElementById("more-filters").open = true;
  };

  const changed = () => { page = 0; remember(); show(); };
  const turnTo = (step) => {
    page += step;
    remember();
    show().then(() => document.getElementById("count").scrollIntoView({ block: "start" }));
  };

  const options = (parent, values) => parent.append(...values.map((value) => new Option(value, value)));
  options(document.getElementById("outlet-names"), names.outlets);
  options(document.getElementById("origin-names"), names.origins);
  options(field("role"), names.roles);
  const spoken = new Intl.DisplayNames(["en"], { type: "language", fallback: "code" });
  field("language").closest("label").hidden = names.languages.length === 0;
  for (const code of names.languages) {
    let name = code;
    try { name = spoken.of(code); } catch { /* what a page claims need not be a language */ }
    field("language").append(new Option(name, code));
  }

  let pause;
  form.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(changed, 120); });
  form.addEventListener("submit", (event) => { event.preventDefault(); changed(); });
  form.addEventListener("reset", () => setTimeout(changed));
  document.getElementById("previous").addEventListener("click", () => turnTo(-1));
  document.getElementById("next").addEventListener("click", () => turnTo(1));
  addEventListener("hashchange", () => { recall(); show(); });
  form.hidden = false;
  recall();
  await show();
  document.body.dataset.ready = "1";
})();
