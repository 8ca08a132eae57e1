// One message (or one album) as a bubble.
import { nameColor } from "./avatar.js";
import { h, s } from "./dom.js";
import { isBigEmoji, renderText } from "./entities.js";
import { fullDate, personName, preview, serviceText, time } from "./format.js";
import { icon } from "./icons.js";
import { inlineKeyboard } from "./keyboards.js";
import { album, contact, documentRow, photo, place, voice } from "./media.js";
import { isDelivered } from "./store.js";

export const isOwn = (message, uid) => message.from?.id === uid;

/** `group`: the messages of one bubble. `edge`: {first, last} of a run by one sender. `view`: see messages.js. */
export function bubble(group, edge, view) {
  const head = group[0];
  const last = group[group.length - 1];
  const service = serviceText(head);
  if (service) return serviceLine(head, service, view);
  const own = isOwn(head, view.uid);
  const body = content(group, view);
  const plainMedia = body.classes.includes("has-media") && !body.classes.includes("captioned");
  const hasTail = edge.last && !plainMedia && !body.classes.includes("bare");
  const classes = ["bubble", ...body.classes, hasTail ? "tail" : ""].filter(Boolean).join(" ");
  const box = h("div", { class: classes, tabindex: "-1", role: "group", "aria-label": label(head, view) },
    !own && edge.first && view.isGroup && !body.classes.includes("bare") ? senderName(head) : null,
    forwarded(head), quote(head, view), body.nodes, hasTail ? tail() : null);
  const actions = h("button", { type: "button", class: "bubble-more", tabindex: "-1", "aria-label": "Message actions", title: "Message actions",
    onclick: (event) => view.openMenu(head, event.currentTarget) }, icon("more", 18));
  box.addEventListener("contextmenu", (event) => {
    event.preventDefault();
    view.openMenu(head, box, event.clientX ? { x: event.clientX, y: event.clientY } : null);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target !== box) return;
    event.preventDefault();
    view.openMenu(head, box);
  });
  box.addEventListener("dblclick", (event) => !event.target.closest("button, a, .photo") && view.reply(head));
  const column = h("div", { class: "bubble-col" }, h("div", { class: "bubble-line" }, box, actions),
    reactions(last, head, view), inlineKeyboard(last, view));
  const row = ["msg", own ? "own" : "in", edge.first ? "first" : "", edge.last ? "last" : ""].filter(Boolean).join(" ");
  return h("div", { class: row, "data-testid": `message-${head.message_id}`, "data-id": head.message_id }, column);
}

function serviceLine(message, text, view) {
  const target = message.pinned_message?.message_id;
  const inner = target ? h("button", { type: "button", class: "service", onclick: () => view.jumpTo(target) }, text) : h("span", { class: "service" }, text);
  return h("div", { class: "msg service-row", "data-testid": `message-${message.message_id}`, "data-id": message.message_id }, inner);
}

function label(message, view) {
  const who = isOwn(message, view.uid) ? "You" : personName(message.from ?? message.sender_chat);
  return `${who}, ${time(message.date)}: ${preview(message)}`;
}

function content(group, view) {
  const message = group[0];
  const captioned = group.find((one) => one.caption);
  const caption = captioned ? textBlock(captioned.caption, captioned.caption_entities, view, meta(group, view)) : null;
  const under = (node, kind) => ({ nodes: [node, caption ?? h("div", { class: "meta-line" }, meta(group, view))], classes: [kind] });
  if (message.photo) return media(group.length > 1 ? album(group) : photo(message), caption, group, view);
  if (message.venue || message.location) return { nodes: [place(message), meta(group, view)], classes: ["has-place"] };
  if (message.contact) return under(contact(message), "has-contact");
  if (message.voice) return under(voice(message), "has-voice");
  if (message.document) return under(h("div", { class: "docs" }, group.map(documentRow)), "has-doc");
  if (message.text !== undefined) return words(message, group, view);
  return { nodes: [h("em", { class: "dim" }, "A kind of message the simulator cannot show "), meta(group, view)], classes: ["has-text"] };
}

function media(node, caption, group, view) {
  if (caption) return { nodes: [node, caption], classes: ["has-media", "captioned"] };
  return { nodes: [node, meta(group, view, true)], classes: ["has-media"] };
}

function words(message, group, view) {
  if (!message.entities?.length && !message.reply_to_message && isBigEmoji(message.text)) {
    return { nodes: [h("div", { class: "big-emoji" }, message.text), meta(group, view, true)], classes: ["bare"] };
  }
  return { nodes: [textBlock(message.text, message.entities, view, meta(group, view))], classes: ["has-text"] };
}

function textBlock(text, entities, view, metaNode) {
  return h("div", { class: "text", dir: "auto" }, renderText(text, entities, view.textActions), metaNode);
}

function meta(group, view, floating = false) {
  const head = group[0];
  const last = group[group.length - 1];
  const edited = group.some((one) => one.sim?.edited ?? one.edit_date);
  return h("span", { class: floating ? "meta floating" : "meta", title: fullDate(head.date) },
    edited ? h("span", { class: "edited" }, head.location ? "updated" : "edited") : null, h("time", {}, time(head.date)),
    isOwn(head, view.uid) ? ticks(last) : null);
}

/** Clock: still on the phone. One tick: sent. Two: the bot has taken it. */
function ticks(message) {
  const queued = message.sim?.queued;
  const [name, words] = queued ? ["clock", "Waiting for signal"] : isDelivered(message) ? ["ticks", "Delivered"] : ["tick", "Sent"];
  return h("span", { class: "ticks", role: "img", "aria-label": words, title: words, "data-status": words.toLowerCase() }, icon(name, queued ? 13 : 16));
}

function senderName(message) {
  const from = message.sender_chat ?? message.from;
  return h("div", { class: "sender", style: { color: nameColor(from) } }, personName(from),
    from?.is_bot ? h("span", { class: "bot-mark" }, "bot") : null);
}

function forwarded(message) {
  const origin = message.forward_origin;
  if (!origin) return null;
  const name = origin.sender_user_name ?? personName(origin.sender_user ?? origin.chat ?? origin.sender_chat);
  return h("div", { class: "forwarded" }, "Forwarded from ", h("strong", {}, name));
}

function quote(message, view) {
  const target = message.reply_to_message;
  if (!target || target.forum_topic_created) return null;
  const words = message.quote?.text ?? preview(target);
  return h("button", { type: "button", class: "quote", style: { "--quote": nameColor(target.from) }, onclick: () => view.jumpTo(target.message_id) },
    h("span", { class: "quote-name" }, personName(target.from ?? target.sender_chat)), h("span", { class: "quote-text" }, words));
}

function reactions(last, head, view) {
  const given = last.sim?.reactions?.length ? last.sim.reactions : head.sim?.reactions ?? [];
  const people = new Map();
  for (const { emoji, user } of given) people.set(emoji, [...(people.get(emoji) ?? []), user]);
  if (!people.size) return null;
  const pills = [...people].map(([emoji, users]) => h("button", { type: "button", class: users.includes(view.uid) ? "pill mine" : "pill",
    "aria-label": `Reaction ${emoji}, ${users.length}`, onclick: () => view.react(head, emoji) }, emoji,
  users.length > 1 ? h("span", {}, String(users.length)) : null));
  return h("div", { class: "pills" }, pills);
}

function tail() {
  return s("svg", { viewBox: "0 0 9 18", width: 9, height: 18, class: "tail-svg", "aria-hidden": "true" },
    s("path", { d: "M0 0c.2 5.5 2 11 7.8 15.9.7.6.3 1.6-.6 1.6H0z" }));
}
