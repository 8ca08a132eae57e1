// The shell: top bar, the phones, the drawer; which phones are shown, theme, and the event stream.
import { avatar } from "./avatar.js";
import { createColumn } from "./column.js";
import { addGroup, addPerson, openAs } from "./dialogs.js";
import { h, iconButton, isNarrow } from "./dom.js";
import { createDrawer } from "./drawer.js";
import { personName } from "./format.js";
import { icon } from "./icons.js";
import { openMenu, toast } from "./overlay.js";
import { signalButton } from "./signal.js";
import { botUsername, follow, loadPeople, on, report, state, unreadOf } from "./store.js";
import { currentTheme, toggleTheme } from "./theme.js";

const KEY = "simulator.shown";
const columns = new Map();
let shown = read(KEY);
let chosen = shown.length > 0; // until somebody chooses, the first people are shown
let active = shown[0] ?? null;

const chips = h("nav", { class: "chips", "aria-label": "People" });
const switcher = h("button", { type: "button", class: "switcher", "aria-label": "Change person", "data-testid": "switcher", onclick: () => openMenu(switcher, switchItems()) });
const themeButton = iconButton(icon("moon"), "Dark or light", () => {
  toggleTheme();
  drawTheme();
}, { "data-testid": "theme" });
const apiBadge = h("span", { class: "badge red", hidden: true });
const drawer = createDrawer(drawBadge);
const apiButton = h("button", { type: "button", class: "api-btn", "aria-expanded": "false", "data-testid": "api", onclick: toggleDrawer }, icon("code", 18), h("span", { class: "api-word" }, "API"), apiBadge);
const more = iconButton(icon("more"), "More", () => openMenu(more, [
  { icon: "person", label: "Add person…", run: () => addPerson((one) => showPerson(one.id)) },
  { icon: "group", label: "New group…", run: addGroup },
  { icon: "link", label: "Open start link…", run: () => openAs("", showPerson) },
]), { class: "icon-btn more" });
const signal = h("div", { class: "bar-signal" });
const handle = h("span", { class: "brand-handle" });
const stage = h("main", { class: "stage" });
const lost = h("div", { class: "lost", role: "status", hidden: true }, "Connection to the simulator lost. Trying again…");
const bar = h("header", { class: "topbar" },
  h("div", { class: "brand" }, h("span", { class: "brand-mark", "aria-hidden": "true" }, icon("send", 18)), h("div", {}, h("strong", {}, "Telegram simulator"), handle)),
  switcher, chips,
  h("div", { class: "tools" }, signal,
    h("button", { type: "button", class: "tool-btn", "data-testid": "add-person", onclick: () => addPerson((one) => showPerson(one.id)) }, icon("add", 18), h("span", {}, "Add person")),
    more, themeButton, apiButton));

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? [];
  } catch {
    return [];
  }
}

const fits = () => Math.max(2, Math.min(4, Math.floor((innerWidth - 16) / 400)));

function toggleDrawer() {
  const open = drawer.toggle();
  apiButton.setAttribute("aria-expanded", String(open));
  document.body.classList.toggle("with-drawer", open);
}

function drawBadge(count) {
  apiBadge.hidden = !count;
  apiBadge.textContent = String(count);
  apiBadge.title = `${count} violations`;
}

function drawTheme() {
  themeButton.replaceChildren(icon(currentTheme() === "dark" ? "sun" : "moon"));
}

/** Shows a person's phone, in a narrow window instead of the present one. */
function showPerson(uid) {
  active = uid;
  if (!shown.includes(uid)) choose([...shown, uid]);
  else layout();
  columns.get(uid)?.focus();
}

function hide(uid) {
  choose(shown.filter((one) => one !== uid));
}

function choose(uids) {
  shown = uids;
  chosen = true;
  localStorage.setItem(KEY, JSON.stringify(shown));
  layout();
}

const shell = { showPerson, hide, canHide: () => shown.length > 1, isVisible: (uid) => (isNarrow() ? uid === active : shown.includes(uid)) };

function layout() {
  const known = new Set(state.people.map((one) => one.id));
  shown = shown.filter((uid) => known.has(uid));
  if (!shown.length) chosen = false;
  if (!chosen) shown = state.people.slice(0, fits()).map((one) => one.id);
  if (!shown.includes(active)) [active = null] = shown;
  for (const [uid, column] of columns) {
    if (shown.includes(uid)) continue;
    column.destroy();
    columns.delete(uid);
  }
  for (const uid of shown) if (!columns.has(uid)) columns.set(uid, createColumn(uid, shell));
  shown.forEach((uid, i) => {
    const { el } = columns.get(uid);
    if (stage.children[i] !== el) stage.insertBefore(el, stage.children[i] ?? null);
    el.classList.toggle("active", uid === active);
  });
  stage.classList.toggle("empty", !shown.length);
  if (!shown.length && !stage.children.length) stage.append(welcome());
  else if (shown.length) stage.querySelector(".welcome")?.remove();
  drawPeople();
  for (const column of columns.values()) column.read();
}

function welcome() {
  return h("div", { class: "welcome" }, h("span", { class: "welcome-mark", "aria-hidden": "true" }, icon("send", 56)), h("h1", {}, "Nobody is here yet"),
    h("p", {}, "Add a person and press START to talk to the bot."),
    h("button", { type: "button", class: "primary-btn", onclick: () => addPerson((one) => showPerson(one.id)) }, "Add person"));
}

function drawPeople() {
  handle.textContent = botUsername() ? `@${botUsername()}` : "local";
  const focused = document.activeElement?.dataset?.testid;
  chips.replaceChildren(...state.people.map(chip));
  if (focused?.startsWith("chip-")) chips.querySelector(`[data-testid="${focused}"]`)?.focus({ preventScroll: true });
  const one = state.people.find((each) => each.id === active);
  const elsewhere = state.people.reduce((sum, each) => sum + (each.id === active ? 0 : unreadOf(each.id)), 0);
  signal.replaceChildren(one ? signalButton(one) : "");
  switcher.replaceChildren(...(one ? [avatar(one, { size: 30 }), h("span", {}, personName(one))] : [h("span", {}, "Nobody")]),
    elsewhere ? h("span", { class: "badge" }, String(elsewhere)) : icon("down", 14));
}

function chip(one) {
  const isShown = shown.includes(one.id);
  const unread = unreadOf(one.id);
  const words = `${personName(one)}${unread ? `, ${unread} unread` : ""}${isShown ? ", shown" : ", hidden"}`;
  return h("button", { type: "button", class: `chip${isShown ? " on" : ""}${unread && !isShown ? " waiting" : ""}${one.offline ? " offline" : ""}`, "aria-pressed": String(isShown), "aria-label": words, title: words,
    "data-testid": `chip-${one.id}`, onclick: () => (isShown && shown.length > 1 ? hide(one.id) : showPerson(one.id)) },
  avatar(one, { size: 28 }), h("span", { class: "chip-name" }, personName(one)), unread ? h("span", { class: "badge" }, String(unread)) : null);
}

function switchItems() {
  const rows = state.people.map((one) => {
    const row = h("button", { type: "button", role: "menuitem", class: one.id === active ? "menu-item on" : "menu-item", "data-testid": `switch-${one.id}` },
      avatar(one, { size: 30 }), h("span", { class: "grow" }, personName(one)), unreadOf(one.id) ? h("span", { class: "badge" }, String(unreadOf(one.id))) : null);
    row.addEventListener("click", () => {
      row.dispatchEvent(new CustomEvent("menu-close", { bubbles: true }));
      showPerson(one.id);
    });
    return row;
  });
  return [...rows, { icon: "add", label: "Add person…", run: () => addPerson((one) => showPerson(one.id)) }];
}

async function main() {
  drawTheme();
  document.body.append(bar, lost, h("div", { class: "body" }, stage, drawer.el));
  on("error", (text) => toast(document.body, text));
  on("connection", (up) => { lost.hidden = up; });
  on("people", layout);
  on("chats", drawPeople);
  document.addEventListener("visibilitychange", () => columns.forEach((column) => column.read()));
  addEventListener("resize", () => columns.forEach((column) => column.read()));
  try {
    await loadPeople();
  } catch (error) {
    report(error);
  }
  layout();
  follow();
}

main();
