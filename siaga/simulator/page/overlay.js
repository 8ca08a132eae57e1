// Sheets and alerts inside a persona's phone, dialogs over the page, menus at a point. All close with Escape.
import { h, iconButton } from "./dom.js";
import { icon } from "./icons.js";

function keepFocus(box, close) {
  const before = document.activeElement;
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    }
    if (event.key !== "Tab") return;
    const all = [...box.querySelectorAll("button, input, select, textarea, a[href]")].filter((el) => !el.disabled && el.offsetParent);
    const edge = event.shiftKey ? all[0] : all[all.length - 1];
    if (document.activeElement === edge) {
      event.preventDefault();
      (event.shiftKey ? all[all.length - 1] : all[0])?.focus();
    }
  });
  return () => before?.isConnected && before.focus({ preventScroll: true });
}

/** A sheet at the bottom of a phone column (`host`). Returns close(). */
export function openSheet(host, title, content, { onclose } = {}) {
  const close = () => {
    if (!layer.isConnected) return;
    layer.remove();
    restore();
    onclose?.();
  };
  const box = h("div", { class: "sheet", role: "dialog", "aria-label": title },
    h("div", { class: "sheet-head" }, h("h3", {}, title), iconButton(icon("close", 20), "Close", () => close())), content(() => close()));
  const layer = h("div", { class: "layer", onclick: (event) => event.target === layer && close() }, box);
  const restore = keepFocus(box, close);
  host.append(layer);
  (box.querySelector("[autofocus], .sheet-body input, .sheet-body button") ?? box.querySelector("button")).focus({ preventScroll: true });
  return close;
}

/** An alert in the middle of a phone column, with OK. */
export function openAlert(host, text) {
  const close = () => {
    layer.remove();
    restore();
  };
  const ok = h("button", { type: "button", class: "text-btn", onclick: close }, "OK");
  const box = h("div", { class: "alert", role: "alertdialog", "aria-label": "Message from the bot", "data-testid": "alert" },
    h("p", {}, text), h("div", { class: "row-end" }, ok));
  const layer = h("div", { class: "layer center" }, box);
  const restore = keepFocus(box, close);
  host.append(layer);
  ok.focus({ preventScroll: true });
}

/** A modal dialog over the whole page. `content(close)` gives its body. */
export function openDialog(title, content, { wide = false } = {}) {
  const close = () => dialog.close();
  const dialog = h("dialog", { class: wide ? "dialog wide" : "dialog", "aria-label": title },
    h("div", { class: "dialog-head" }, h("h2", {}, title), iconButton(icon("close", 20), "Close", close)), content(close));
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === dialog && close());
  document.body.append(dialog);
  dialog.showModal();
  return close;
}

/** A menu near `anchor` (or at `point`), kept inside the window. Items: {icon, label, run, danger} or a node. */
export function openMenu(anchor, items, point = null) {
  document.querySelector(".menu")?.remove();
  const before = document.activeElement;
  const close = (refocus = true) => {
    menu.remove();
    document.removeEventListener("pointerdown", outside, true);
    if (refocus && before?.isConnected) before.focus({ preventScroll: true });
  };
  const outside = (event) => !menu.contains(event.target) && close(false);
  const built = items.filter(Boolean).map((item) => (item instanceof Node ? item : menuItem(item, close)));
  const menu = h("div", { class: "menu", role: "menu" }, built);
  menu.addEventListener("keydown", (event) => menuKeys(event, menu, close));
  menu.addEventListener("menu-close", () => close());
  document.body.append(menu);
  place(menu, anchor, point);
  document.addEventListener("pointerdown", outside, true);
  menu.querySelector("[role=menuitem]")?.focus({ preventScroll: true });
}

function menuItem(item, close) {
  const run = () => {
    close();
    item.run();
  };
  return h("button", { type: "button", role: "menuitem", class: item.danger ? "menu-item danger" : "menu-item", onclick: run },
    item.icon ? icon(item.icon, 20) : null, h("span", {}, item.label));
}

function menuKeys(event, menu, close) {
  const all = [...menu.querySelectorAll("button")];
  const at = all.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
  if (step) {
    event.preventDefault();
    all[(at + step + all.length) % all.length].focus();
  }
  if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    close();
  }
}

function place(menu, anchor, point) {
  const box = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const x = point ? point.x : box.right - width > 8 ? box.right - width : box.left;
  const y = point ? point.y : box.bottom + 4;
  const top = y + height > innerHeight - 8 ? Math.max(8, (point ? point.y : box.top - 4) - height) : y;
  menu.style.left = `${Math.max(8, Math.min(x, innerWidth - width - 8))}px`;
  menu.style.top = `${top}px`;
}

/** A short notice at the top of a column, or of the page. */
export function toast(host, text) {
  let stack = host.querySelector(":scope > .toasts");
  if (!stack) {
    stack = h("div", { class: "toasts", role: "status", "aria-live": "polite" });
    host.append(stack);
  }
  const el = h("div", { class: "toast", "data-testid": "toast" }, text);
  stack.append(el);
  const gone = () => el.remove();
  setTimeout(() => {
    el.classList.add("leaving");
    setTimeout(gone, 250);
  }, Math.min(7000, 2600 + text.length * 35));
}
