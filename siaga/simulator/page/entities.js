// Message.entities as nodes. Offsets are UTF-16 units, which is how JavaScript counts.
import { h } from "./dom.js";

/**
 * `actions`: {command(text), link(url)}. Entities may nest; a parent starts no later and ends no earlier.
 */
export function renderText(text, entities, actions) {
  const sorted = (entities ?? [])
    .filter((entity) => entity.offset >= 0 && entity.length > 0 && entity.offset < text.length)
    .map((entity, index) => ({ ...entity, end: Math.min(text.length, entity.offset + entity.length), index }))
    .sort((a, b) => a.offset - b.offset || b.end - a.end || a.index - b.index);
  const cursor = { at: 0 };
  const nodes = span(text, sorted, cursor, 0, text.length, actions);
  return trimBlocks(nodes);
}

function span(text, entities, cursor, from, to, actions) {
  const nodes = [];
  let position = from;
  while (cursor.at < entities.length && entities[cursor.at].offset < to) {
    const entity = entities[cursor.at];
    cursor.at += 1;
    const start = Math.max(entity.offset, position);
    const end = Math.min(entity.end, to);
    if (end <= start) continue;
    if (start > position) nodes.push(text.slice(position, start));
    const inner = span(text, entities, cursor, start, end, actions);
    nodes.push(wrap(entity, inner, text.slice(start, end), actions));
    position = end;
  }
  if (position < to) nodes.push(text.slice(position, to));
  return nodes;
}

/** A block element brings its own line break, so the one newline after it is dropped. */
function trimBlocks(nodes) {
  return nodes.map((node, i) => {
    if (typeof node !== "string") return node;
    const before = nodes[i - 1];
    const after = nodes[i + 1];
    let out = node;
    if (before?.dataset?.block && out.startsWith("\n")) out = out.slice(1);
    if (after?.dataset?.block && out.endsWith("\n")) out = out.slice(0, -1);
    return out;
  });
}

const TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code" };

function wrap(entity, inner, raw, actions) {
  const { type } = entity;
  if (TAGS[type]) return h(TAGS[type], type === "code" ? { class: "code" } : {}, inner);
  if (type === "pre") return pre(entity, inner);
  if (type === "spoiler") return spoiler(inner);
  if (type === "blockquote") return h("blockquote", { "data-block": "1" }, inner);
  if (type === "expandable_blockquote") return expandable(inner);
  if (type === "bot_command") return button(inner, () => actions.command(raw));
  if (type === "text_link") return anchor(inner, entity.url, actions);
  if (type === "url") return anchor(inner, raw, actions);
  if (type === "email") return h("a", { href: `mailto:${raw}` }, inner);
  if (type === "phone_number") return h("a", { href: `tel:${raw.replace(/[^+\d]/g, "")}` }, inner);
  if (["mention", "text_mention", "hashtag", "cashtag"].includes(type)) return h("span", { class: "link" }, inner);
  return h("span", {}, inner);
}

function button(inner, onclick) {
  return h("button", { type: "button", class: "link", onclick }, inner);
}

/** An http(s) or tg link; anything else stays plain text. */
function anchor(inner, url, actions) {
  const href = safeUrl(url);
  if (!href) return h("span", { class: "link" }, inner);
  const onclick = (event) => {
    if (actions.link(href)) event.preventDefault();
  };
  return h("a", { href, target: "_blank", rel: "noopener noreferrer", title: href, onclick }, inner);
}

export function safeUrl(url) {
  const full = /^[a-z][a-z0-9+.-]*:/i.test(url) ? url : `https://${url}`;
  try {
    return ["http:", "https:", "tg:"].includes(new URL(full).protocol) ? full : "";
  } catch {
    return "";
  }
}

function pre(entity, inner) {
  const language = entity.language ? [h("span", { class: "pre-lang" }, entity.language)] : [];
  return h("pre", { "data-block": "1", tabindex: "0" }, language, h("code", {}, inner));
}

function spoiler(inner) {
  const el = h("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": "Hidden text, press to show" }, inner);
  const reveal = () => {
    el.classList.add("shown");
    el.removeAttribute("role");
    el.removeAttribute("aria-label");
  };
  el.addEventListener("click", reveal);
  el.addEventListener("keydown", (event) => event.key === "Enter" && reveal());
  return el;
}

function expandable(inner) {
  const body = h("div", { class: "quote-body" }, inner);
  const toggle = h("button", { type: "button", class: "quote-more", "aria-expanded": "false" }, "Show more");
  const el = h("blockquote", { class: "expandable", "data-block": "1" }, body, toggle);
  const watch = new ResizeObserver(() => {
    if (!el.classList.contains("open")) toggle.hidden = body.scrollHeight <= body.clientHeight + 1;
  });
  watch.observe(body);
  toggle.addEventListener("click", () => {
    const open = el.classList.toggle("open");
    toggle.setAttribute("aria-expanded", String(open));
    toggle.textContent = open ? "Show less" : "Show more";
  });
  return el;
}

/** True for one to three emoji and nothing else: shown large. */
export function isBigEmoji(text) {
  if (text.length > 24) return false;
  return /^(?:\p{Extended_Pictographic}(?:\uFE0F|\u200D\p{Extended_Pictographic}|\p{Emoji_Modifier})*|\p{Regional_Indicator}{2}){1,3}$/u.test(text);
}

/** {username, payload} of a t.me or tg: deep link to a bot, else null. */
export function deepLink(text) {
  const web = /^(?:https?:\/\/)?(?:t|telegram)\.me\/([A-Za-z0-9_]{4,32})\/?(?:\?(.*))?$/.exec(text.trim());
  const native = /^tg:\/\/resolve\?(.*)$/.exec(text.trim());
  if (!web && !native) return null;
  const query = new URLSearchParams((web ? web[2] : native[1]) ?? "");
  return { username: web ? web[1] : query.get("domain") ?? "", payload: query.get("start") ?? "" };
}
