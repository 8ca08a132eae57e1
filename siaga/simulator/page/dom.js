// Nodes are built, never parsed: texts come from bots and people.

const PROPERTIES = new Set(["value", "checked", "disabled", "hidden", "selected", "open", "muted", "indeterminate"]);

export function h(tag, props = {}, ...children) {
  const el = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) setProp(el, key, value);
  append(el, children);
  return el;
}

export function s(tag, attributes = {}, ...children) {
  const el = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes)) el.setAttribute(key, value);
  append(el, children);
  return el;
}

function append(el, children) {
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) el.append(child);
  }
}

function setProp(el, key, value) {
  if (value === undefined || value === null) return;
  if (PROPERTIES.has(key)) el[key] = value;
  else if (value === false) return;
  else if (key.startsWith("on")) el.addEventListener(key.slice(2), value);
  else if (key === "class") el.className = value;
  else if (key === "style") for (const [name, v] of Object.entries(value)) el.style.setProperty(name, v);
  else el.setAttribute(key, value === true ? "" : value);
}

export function iconButton(icon, label, onclick, props = {}) {
  return h("button", { type: "button", class: "icon-btn", title: label, "aria-label": label, onclick, ...props }, icon);
}

/** Calls `fn` once, `ms` after the first of a burst of calls. */
export function debounce(fn, ms) {
  let timer = 0;
  return (...args) => {
    if (timer) return;
    timer = setTimeout(() => {
      timer = 0;
      fn(...args);
    }, ms);
  };
}

export const isNarrow = () => matchMedia("(max-width: 700px)").matches;
