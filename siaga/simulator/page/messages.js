// The message list: grouping, date lines, and a keyed update that keeps untouched nodes in place.
import { avatar } from "./avatar.js";
import { bubble, isOwn } from "./bubble.js";
import { h } from "./dom.js";
import { day, dayKey, personName, preview, serviceText } from "./format.js";
import { isDelivered } from "./store.js";

/**
 * `view`: {uid, chat, isGroup, el, busy, textActions, openMenu(message, anchor, point), reply(message),
 * react(message, emoji), jumpTo(id), openLink(url), toast(text), showAnswer(answer)}.
 */
export function createMessages(view) {
  const list = h("div", { class: "log", role: "list", "aria-label": "Messages" });
  const empty = h("div", { class: "log-empty" }, h("span", { class: "service" }, "No messages here yet"));
  const jump = h("button", { type: "button", class: "jump", "aria-label": "Go to the newest message", hidden: true }, "↓");
  const live = h("div", { class: "sr", "aria-live": "polite" });
  const scroller = h("div", { class: "scroller", tabindex: "0", "aria-label": "Messages: arrow keys choose one, Enter opens its menu" }, list);
  scroller.addEventListener("keydown", chooseByKeys);
  const el = h("div", { class: "messages" }, scroller, jump, live);
  const nodes = new Map();
  const seen = { last: 0, missed: 0, first: true };

  const atBottom = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 60;
  const toBottom = (smooth) => scroller.scrollTo({ top: scroller.scrollHeight, behavior: smooth ? "smooth" : "instant" });
  const showJump = () => {
    if (atBottom()) seen.missed = 0;
    jump.hidden = atBottom();
    jump.replaceChildren("↓", seen.missed ? h("span", { class: "badge" }, String(seen.missed)) : "");
  };
  jump.addEventListener("click", () => toBottom(true));
  let stick = true;
  let measured = "";
  const measure = () => `${scroller.scrollHeight}:${scroller.clientHeight}`;
  const resized = new ResizeObserver(() => {
    measured = measure();
    if (stick) toBottom(false);
  });
  resized.observe(list);
  resized.observe(scroller);
  // A scroll that comes with a change of size is not the reader's: it must not let go of the bottom.
  scroller.addEventListener("scroll", () => {
    if (measure() === measured || atBottom()) stick = atBottom();
    showJump();
    if (atBottom()) view.onBottom();
  }, { passive: true });

  function update(messages) {
    const wasAtBottom = stick || seen.first;
    const fresh = messages.filter((message) => message.message_id > seen.last);
    reconcile(list, nodes, plan(messages, view));
    if (!messages.length) list.replaceChildren(empty);
    announce(fresh);
    const ownNew = fresh.some((message) => isOwn(message, view.uid));
    if (wasAtBottom || ownNew) {
      stick = true;
      toBottom(false);
    } else seen.missed += fresh.length;
    seen.last = messages.reduce((max, message) => (message.sim?.queued ? max : Math.max(max, message.message_id)), seen.last);
    seen.first = false;
    list.classList.add("settled");
    showJump();
  }

  function announce(fresh) {
    const incoming = fresh.filter((message) => !isOwn(message, view.uid));
    if (seen.first || !incoming.length) return;
    live.textContent = incoming.map((message) => `${personName(message.from)}: ${preview(message)}`).join(". ");
  }

  function jumpTo(id) {
    const target = nodes.get(String(id))?.el ?? list.querySelector(`[data-testid="message-${Number(id)}"]`);
    if (!target) return view.toast("That message is gone");
    target.scrollIntoView({ block: "center", behavior: "smooth" });
    target.classList.remove("flash");
    requestAnimationFrame(() => target.classList.add("flash"));
    setTimeout(() => target.classList.remove("flash"), 1800);
    return undefined;
  }

  return { el, update, jumpTo, atBottom };
}

/** One tab stop for the list; the arrow keys walk over the bubbles. */
function chooseByKeys(event) {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const here = event.target.closest(".bubble");
  if (!step || (!here && event.target !== event.currentTarget)) return;
  event.preventDefault();
  const all = [...event.currentTarget.querySelectorAll(".bubble")];
  const at = here ? all.indexOf(here) + step : all.length - 1;
  all[Math.max(0, Math.min(at, all.length - 1))]?.focus();
}

const RUN_SECONDS = 600;

/** The days to show, each {key, rows: [{key, signature, build}]}. */
function plan(messages, view) {
  const groups = [];
  for (const message of messages) {
    const before = groups[groups.length - 1];
    const joined = before && message.media_group_id && before[0].media_group_id === message.media_group_id;
    if (joined) before.push(message);
    else groups.push([message]);
  }
  const days = [];
  groups.forEach((group, i) => {
    const [head] = group;
    const key = `day-${dayKey(head.date)}`;
    if (days[days.length - 1]?.key !== key) days.push({ key, rows: [{ key: `${key}-line`, signature: day(head.date), build: () => dateLine(head.date) }] });
    const edge = { first: !sameRun(groups[i - 1]?.[0], head), last: !sameRun(head, groups[i + 1]?.[0]) };
    const row = { key: String(head.message_id), signature: JSON.stringify([group, edge, group.map(isDelivered)]), build: () => withAvatar(group, edge, view) };
    days[days.length - 1].rows.push(row);
  });
  return days.map(({ key, rows }) => ({ key, signature: "", build: () => h("div", { class: "day" }), rows }));
}

function sameRun(a, b) {
  if (!a || !b || serviceText(a) || serviceText(b)) return false;
  return a.from?.id === b.from?.id && dayKey(a.date) === dayKey(b.date) && b.date - a.date < RUN_SECONDS;
}

const dateLine = (seconds) => h("div", { class: "date-line" }, h("span", { class: "service" }, day(seconds)));

function withAvatar(group, edge, view) {
  const row = bubble(group, edge, view);
  row.setAttribute("role", "listitem");
  if (view.isGroup && row.classList.contains("in")) {
    row.prepend(edge.last ? avatar(group[0].sender_chat ?? group[0].from, { size: 34 }) : h("span", { class: "avatar-gap" }));
  }
  return row;
}

function reconcile(list, nodes, days) {
  const wanted = new Set(days.flatMap((each) => [each, ...each.rows]).map((row) => row.key));
  for (const [key, node] of nodes) {
    if (wanted.has(key)) continue;
    node.el.remove();
    nodes.delete(key);
  }
  list.querySelector(".log-empty")?.remove();
  const fresh = list.classList.contains("settled") ? "enter" : "";
  arrange(list, nodes, days, "");
  for (const each of days) arrange(nodes.get(each.key).el, nodes, each.rows, fresh);
}

function arrange(parent, nodes, rows, fresh) {
  let cursor = parent.firstChild;
  for (const row of rows) {
    let node = nodes.get(row.key);
    if (node && node.signature !== row.signature) {
      const el = row.build();
      const focused = node.el.contains(document.activeElement) ? focusPath(node.el) : null;
      if (cursor === node.el) cursor = el;
      node.el.replaceWith(el);
      Object.assign(node, { el, signature: row.signature });
      if (focused !== null) refocus(el, focused);
    } else if (!node) {
      node = { el: row.build(), signature: row.signature };
      nodes.set(row.key, node);
      if (fresh) node.el.classList.add(fresh);
    }
    if (node.el === cursor) cursor = cursor.nextSibling;
    else parent.insertBefore(node.el, cursor);
  }
}

const focusables = (el) => [...el.querySelectorAll("button, a[href], [tabindex='0']")];
const focusPath = (el) => focusables(el).indexOf(document.activeElement);

function refocus(el, index) {
  const all = focusables(el);
  all[Math.min(index, all.length - 1)]?.focus({ preventScroll: true });
}
