// Loads the pieces in data/. A page opened from a disk may not fetch, but it may load a script.
"use strict";
const dedupe = (() => {
  const waiting = new Map();
  const arrived = new Map();

  const data = (name, value) => {
    arrived.set(name, value);
    waiting.get(name)?.resolve(value);
  };

  const load = (name) => {
    if (arrived.has(name)) return Promise.resolve(arrived.get(name));
    if (!waiting.has(name)) {
      const entry = {};
      entry.promise = new Promise((resolve, reject) => Object.assign(entry, { resolve, reject }));
      waiting.set(name, entry);
      const script = document.createElement("script");
      script.src = `${document.body.dataset.root}data/${name}.js`;
      script.onerror = () => entry.reject(new Error(`data/${name}.js is missing`));
      document.head.append(script);
    }
    return waiting.get(name).promise;
  };

  // The part of the address behind "#" holds the state of a page, so that it can be linked to.
  const state = () => new URLSearchParams(location.hash.slice(1));
  const keep = (parameters) => {
    const text = parameters.toString();
    history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
  };

  const element = (name, className, text) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };

  const number = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f");

  return { data, load, state, keep, element, number, arrived };
})();
