// Inline keyboards under a message, and the reply keyboard below the composer.
import { post } from "./api.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { report } from "./store.js";

const CORNERS = { url: "up", copy_text: "copy", web_app: "columns", login_url: "up", pay: "file" };
const STYLES = new Set(["danger", "success", "primary"]);

/** `view`: {uid, chat, toast(text), alert(text), showAnswer(answer), openLink(url)}. */
export function inlineKeyboard(message, view) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows?.length) return null;
  const built = rows.map((row, y) => h("div", { class: "ik-row" }, row.map((button, x) => inlineButton(message, button, view, `${x}:${y}`))));
  return h("div", { class: "ik", role: "group", "aria-label": "Message buttons" }, built);
}

function inlineButton(message, button, view, place) {
  const corner = Object.keys(CORNERS).find((key) => button[key]);
  const style = STYLES.has(button.style) ? ` ${button.style}` : "";
  const key = `${message.message_id}:${place}`;
  const el = h("button", { type: "button", class: `ik-btn${style}`, "data-testid": "inline-button", "data-key": key },
    h("span", { class: "ik-label" }, button.text), corner && h("span", { class: "ik-corner" }, icon(CORNERS[corner], 12)),
    h("span", { class: "spinner", "aria-hidden": "true" }));
  if (view.busy.has(key)) setBusy(el, true);
  el.addEventListener("click", () => press(message, button, view, key));
  return el;
}

function setBusy(el, busy) {
  el.classList.toggle("busy", busy);
  if (busy) el.setAttribute("aria-busy", "true");
  else el.removeAttribute("aria-busy");
}

async function press(message, button, view, key) {
  if (button.copy_text) {
    await copyText(button.copy_text.text);
    view.toast("Copied to clipboard");
  } else if (button.url) view.openLink(button.url, true);
  else if (button.callback_data !== undefined) await tap(message, button, view, key);
  else view.toast("This kind of button does not work in the simulator");
}

/** The button may be rebuilt while it waits (the bot edits its message), so it is found again by its key. */
async function tap(message, button, view, key) {
  if (view.busy.has(key)) return;
  const mark = (busy) => {
    busy ? view.busy.add(key) : view.busy.delete(key);
    for (const el of view.el.querySelectorAll(`[data-key="${key}"]`)) setBusy(el, busy);
  };
  mark(true);
  view.tapping(true);
  try {
    const answer = await post(`/sim/people/${view.uid}/tap`, { chat: view.chat, message_id: message.message_id, data: button.callback_data });
    view.showAnswer(answer);
  } catch (error) {
    view.toast(error.status === 503 ? "No signal: the tap was lost" : error.message);
  } finally {
    view.tapping(false);
    mark(false);
  }
}

/** Copies; falls back to a selection where the clipboard API is refused. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = h("textarea", { class: "offscreen", value: text });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

/** The keyboard in force: the last markup of that kind decides. Null when none. */
export function currentKeyboard(chat, messages) {
  if (chat?.reply_keyboard !== undefined) return chat.reply_keyboard;
  for (let i = messages.length - 1; i >= 0; i -= 1) {
    const markup = messages[i].sim?.reply_markup ?? messages[i].reply_markup;
    if (markup?.remove_keyboard) return null;
    if (markup?.keyboard) return markup;
  }
  return null;
}

/** `actions`: {text(label), location(), contact(), other()}. */
export function replyKeyboard(markup, actions) {
  const rows = markup.keyboard.map((row) => h("div", { class: "rk-row" }, row.map((raw) => {
    const button = typeof raw === "string" ? { text: raw } : raw;
    const style = STYLES.has(button.style) ? ` ${button.style}` : "";
    return h("button", { type: "button", class: `rk-btn${style}`, "data-testid": "reply-button", onclick: () => pressReply(button, actions) },
      button.request_location && icon("pin", 16), button.request_contact && icon("person", 16), h("span", {}, button.text));
  })));
  return h("div", { class: "rk", role: "group", "aria-label": "Reply keyboard" }, rows);
}

function pressReply(button, actions) {
  if (button.request_location) actions.location();
  else if (button.request_contact) actions.contact();
  else if (button.request_users || button.request_chat || button.request_poll || button.web_app) actions.other();
  else actions.text(button.text).catch(report);
}
