// Pretty JSON as coloured nodes.
import { h } from "./dom.js";

export function jsonView(value) {
  return h("pre", { class: "json", tabindex: "0" }, part(value, 0));
}

function part(value, depth) {
  if (value === null) return h("span", { class: "j-null" }, "null");
  if (typeof value === "string") return h("span", { class: "j-text" }, JSON.stringify(value));
  if (typeof value !== "object") return h("span", { class: "j-number" }, String(value));
  const list = Array.isArray(value);
  const entries = list ? value.map((item) => [null, item]) : Object.entries(value);
  const [open, close] = list ? "[]" : "{}";
  if (!entries.length) return open + close;
  const pad = "  ".repeat(depth + 1);
  const lines = entries.map(([key, item], i) => [
    `\n${pad}`, key === null ? "" : [h("span", { class: "j-key" }, JSON.stringify(key)), ": "],
    part(item, depth + 1), i < entries.length - 1 ? "," : "",
  ]);
  return [open, lines, `\n${"  ".repeat(depth)}${close}`];
}

/** Form values arrive as text: what looks like JSON inside is shown as JSON. */
export function unfold(params) {
  if (!params || typeof params !== "object" || Array.isArray(params)) return params;
  return Object.fromEntries(Object.entries(params).map(([key, value]) => [key, inner(value)]));
}

function inner(value) {
  if (typeof value !== "string" || !/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
