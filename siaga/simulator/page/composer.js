// The line one writes in: text, reply and edit bars, command list, attach menu, paste.
import { put } from "./api.js";
import { attachMenu, photosSheet } from "./attach.js";
import { h, iconButton } from "./dom.js";
import { personName, preview } from "./format.js";
import { icon } from "./icons.js";
import { GENERAL, send as sendAs } from "./store.js";

/** `view`: {uid, chat, thread, host, commands(), hasKeyboard(), toggleKeyboard(), toast(text)}. */
export function createComposer(view) {
  const mode = { reply: null, edit: null };
  const input = h("textarea", { class: "composer-input", rows: "1", placeholder: "Message", "aria-label": "Message", "data-testid": "composer" });
  const send = h("button", { type: "button", class: "send-btn", "aria-label": "Send", title: "Send", "data-testid": "send" }, icon("send", 24));
  const menuButton = h("button", { type: "button", class: "menu-btn", "aria-label": "Commands", title: "Commands", "data-testid": "commands" }, icon("menu", 18), h("span", {}, "Menu"));
  const keyboardButton = iconButton(icon("keyboard", 24), "Show keyboard", () => view.toggleKeyboard(), { "aria-pressed": "false" });
  const attach = iconButton(icon("clip", 24), "Attach", () => attachMenu(attach, view, take), { "data-testid": "attach" });
  const bar = h("div", { class: "composer-bar", hidden: true });
  const commands = h("div", { class: "commands", hidden: true, role: "listbox", "aria-label": "Commands" });
  const el = h("div", { class: "composer" }, commands,
    h("div", { class: "composer-row" }, h("div", { class: "composer-box" }, bar,
      h("div", { class: "composer-line" }, menuButton, input, keyboardButton, attach)), send));

  const grow = () => {
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight, 160)}px`;
    el.classList.toggle("filled", Boolean(input.value.trim()));
  };
  const setText = (text) => {
    input.value = text;
    grow();
  };

  function setMode(next) {
    Object.assign(mode, { reply: null, edit: null }, next);
    const target = mode.edit ?? mode.reply;
    bar.hidden = !target;
    if (!target) return;
    bar.replaceChildren(icon(mode.edit ? "edit" : "reply", 22), h("div", { class: "composer-quote" },
      h("strong", {}, mode.edit ? "Edit message" : `Reply to ${personName(target.from)}`), h("span", {}, preview(target))),
    iconButton(icon("close", 18), "Cancel", () => {
      if (mode.edit) setText("");
      setMode({});
    }));
    input.focus();
  }

  /** The reply target, taken once: {chat, thread, reply_to}. */
  function take() {
    const reply = mode.reply?.message_id;
    if (reply) setMode({});
    return { chat: view.chat, thread: view.thread && view.thread !== GENERAL ? view.thread : undefined, reply_to: reply };
  }

  async function submit() {
    const text = input.value.trim();
    if (!text) return;
    const edited = mode.edit;
    const target = edited ? null : take();
    setText("");
    setMode({});
    showCommands("");
    try {
      if (edited) await put(`/sim/people/${view.uid}/messages/${edited.message_id}`, { text, chat: view.chat });
      else await sendText(text, target);
    } catch (error) {
      setText(text);
      view.toast(error.message);
    }
  }

  const sendText = (text, target = take()) => sendAs(view, "messages", { ...target, text }, text);

  function showCommands(query, all = false) {
    const found = all || query.startsWith("/") ? view.commands().filter((one) => `/${one.command}`.startsWith(query || "/")) : [];
    commands.hidden = !found.length;
    commands.replaceChildren(...found.map((one) => h("button", { type: "button", class: "command", role: "option",
      onclick: () => {
        commands.hidden = true;
        setText("");
        sendText(`/${one.command}`).catch((error) => view.toast(error.message));
      } }, h("strong", {}, `/${one.command}`), h("span", {}, one.description))));
    return found.length;
  }

  menuButton.addEventListener("click", () => {
    if (!commands.hidden) commands.hidden = true;
    else if (!showCommands("", true)) view.toast("The bot has set no commands here");
  });
  input.addEventListener("input", () => {
    grow();
    showCommands(/\s/.test(input.value) ? "" : input.value);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit();
    }
    if (event.key === "Escape") {
      if (!commands.hidden) commands.hidden = true;
      else if (mode.edit || mode.reply) setMode({});
    }
    if (event.key === "Tab" && !commands.hidden && !event.shiftKey) {
      event.preventDefault();
      commands.querySelector("button").focus();
    }
    if (event.key === "ArrowUp" && !input.value) view.editLast?.();
  });
  input.addEventListener("paste", (event) => {
    const images = [...event.clipboardData.files].filter((file) => file.type.startsWith("image/"));
    if (!images.length) return;
    event.preventDefault();
    photosSheet(view, images, take());
  });
  send.addEventListener("click", () => {
    submit();
    input.focus();
  });

  return {
    el,
    sendText,
    take,
    reply: (message) => setMode({ reply: message }),
    edit: (message) => {
      setMode({ edit: message });
      setText(message.text ?? "");
    },
    refresh: ({ keyboard, keyboardOpen, placeholder }) => {
      keyboardButton.hidden = !keyboard;
      keyboardButton.setAttribute("aria-pressed", String(keyboardOpen));
      keyboardButton.classList.toggle("active", keyboardOpen);
      menuButton.hidden = !view.commands().length;
      input.placeholder = placeholder || "Message";
    },
  };
}
