// One open chat: header, pinned bar, messages, composer, reply keyboard.
import { post } from "./api.js";
import { locationSheet, contactSheet, photosSheet } from "./attach.js";
import { avatar } from "./avatar.js";
import { isOwn } from "./bubble.js";
import { createComposer } from "./composer.js";
import { confirmLink, groupMembers, openAs, openJson } from "./dialogs.js";
import { debounce, h, iconButton } from "./dom.js";
import { deepLink } from "./entities.js";
import { preview } from "./format.js";
import { icon } from "./icons.js";
import { copyText, currentKeyboard, replyKeyboard } from "./keyboards.js";
import { createMessages } from "./messages.js";
import { openMenu } from "./overlay.js";
import { chatOf, markRead, membersOf, on, openLog, person, report, state, unreadOf } from "./store.js";

const EMOJI = ["👍", "❤", "👌", "👀", "🔥", "🎉", "🙏", "👎"];

/** `column`: {host, uid, back(), toast(text), showAnswer(answer), showPerson(uid), visible()}. */
export function createChatView(column, chatId, thread) {
  const { uid, host } = column;
  const chat = () => chatOf(uid, chatId);
  const keyboard = { markup: null, open: true, used: null };
  const view = {
    uid, chat: chatId, thread, host, busy: new Set(), el: null, isGroup: chatId !== uid,
    toast: column.toast, showAnswer: column.showAnswer, tapping: column.tapping,
    commands: () => chat()?.commands ?? [],
    textActions: { command: (text) => composer.sendText(text).catch(report), link: (url) => openLink(url, false) },
    openLink, react, openMenu: messageMenu,
    reply: (message) => composer.reply(message),
    jumpTo: (id) => messages.jumpTo(id),
    onBottom: () => read(),
    toggleKeyboard: () => {
      keyboard.open = !keyboard.open;
      drawKeyboard();
    },
    editLast: () => {
      const last = log.messages.filter((message) => isOwn(message, uid) && message.text).pop();
      if (last) composer.edit(last);
    },
  };
  const messages = createMessages(view);
  const composer = createComposer(view);
  const back = iconButton(icon("back"), "Back to chats", () => column.back(), { class: "icon-btn back" });
  const head = h("header", { class: "chat-head" });
  const pinned = h("button", { type: "button", class: "pinned", hidden: true });
  const blockedBar = h("div", { class: "start-bar", hidden: true });
  const keys = h("div", { class: "rk-slot" });
  const drop = h("div", { class: "drop", "aria-hidden": "true" }, icon("photo", 48), "Drop photos here");
  const el = h("section", { class: "chat", "aria-label": `Chat with ${chat()?.title ?? "the bot"}` }, head, pinned, messages.el, blockedBar, composer.el, keys, drop);
  view.el = el;
  const log = openLog(uid, chatId, thread, () => draw());
  const stops = [
    on("chats", (id) => id === uid && drawHead()),
    on("chats", () => drawBack()),
    on("people", () => drawHead()),
    on("event:call", debounce(() => log.loaded && messages.update(log.messages), 80)),
    on("typing", (key) => key === String(chatId) && drawHead()),
  ];
  dropPhotos();
  drawHead();

  function draw() {
    messages.update(log.messages);
    drawPinned();
    drawKeyboard();
    drawStart();
    read();
  }

  function read() {
    if (chat()?.unread && column.visible() && messages.atBottom() && !person(uid)?.offline) markRead(uid, chatId);
  }

  function drawHead() {
    const info = chat();
    const typing = state.typing.get(String(chatId));
    const topic = thread ? (info?.topics ?? []).find((one) => (one.message_thread_id ?? one.id) === thread)?.name ?? "General" : "";
    const title = topic || info?.title || "Chat";
    const members = view.isGroup ? membersOf(chatId).length + 1 : 0;
    const kind = view.isGroup ? (topic ? info?.title : `${members} members`) : "bot";
    head.replaceChildren(back, avatar({ id: chatId, is_bot: !view.isGroup, title: info?.title }, { size: 40, letter: topic ? "#" : info?.photo_letter }),
      h("div", { class: "chat-title" }, h("strong", {}, title),
        typing ? h("span", { class: "typing", "data-testid": "typing" }, action(typing.action), h("span", { class: "dots" }, h("i"), h("i"), h("i")))
          : h("span", { class: "dim" }, kind)),
      iconButton(icon("more"), "Chat menu", (event) => chatMenu(event.currentTarget)));
    drawBack();
    composerState();
    drawStart();
    read();
  }

  function drawBack() {
    const others = unreadOf(uid) - (chat()?.unread ?? 0);
    back.replaceChildren(icon("back"), others > 0 ? h("span", { class: "badge" }, String(others)) : "");
  }

  function drawPinned() {
    const note = [...log.messages].reverse().find((message) => message.pinned_message);
    const target = chat()?.pinned_message ?? note?.pinned_message;
    const alive = target && log.messages.some((message) => message.message_id === target.message_id);
    pinned.hidden = !alive;
    if (!alive) return;
    pinned.replaceChildren(h("span", { class: "pinned-text" }, h("strong", {}, "Pinned message"), h("span", {}, preview(target))), icon("pushpin", 20));
    pinned.onclick = () => messages.jumpTo(target.message_id);
  }

  function drawKeyboard() {
    const markup = currentKeyboard(chat(), log.messages);
    const signature = JSON.stringify(markup);
    if (signature !== keyboard.used) {
      keyboard.used = signature;
      keyboard.open = true;
      keys.replaceChildren(markup ? replyKeyboard(markup, keyboardActions(markup)) : "");
    }
    keyboard.markup = markup;
    keys.hidden = !markup || !keyboard.open;
    composerState();
  }

  function keyboardActions(markup) {
    const hide = () => {
      if (!markup.one_time_keyboard) return;
      keyboard.open = false;
      drawKeyboard();
    };
    return {
      text: (label) => composer.sendText(label).then(hide),
      location: () => locationSheet(view, composer.take()),
      contact: () => contactSheet(view, composer.take()),
      other: () => column.toast("This kind of button does not work in the simulator"),
    };
  }

  function composerState() {
    composer.refresh({ keyboard: Boolean(keyboard.markup), keyboardOpen: Boolean(keyboard.markup) && keyboard.open,
      placeholder: keyboard.open ? keyboard.markup?.input_field_placeholder : "" });
  }

  /** Telegram shows one big button where nothing was said yet, and where the bot is blocked. */
  function drawStart() {
    const blocked = !view.isGroup && person(uid)?.blocked;
    const fresh = !view.isGroup && log?.loaded && !log.messages.length;
    blockedBar.hidden = !blocked && !fresh;
    composer.el.hidden = blocked || fresh;
    if (blockedBar.hidden) return;
    const run = blocked ? () => post(`/sim/people/${uid}/unblock`) : () => post(`/sim/people/${uid}/start`, { payload: "" });
    blockedBar.replaceChildren(h("button", { type: "button", class: "start-btn", "data-testid": "start", onclick: () => run().catch(report) }, blocked ? "UNBLOCK" : "START"));
  }

  function chatMenu(anchor) {
    const blocked = person(uid)?.blocked;
    openMenu(anchor, [
      { icon: "link", label: "Open start link…", run: () => openAs("", column.showPerson) },
      view.isGroup && { icon: "group", label: "Members…", run: () => groupMembers(chat()) },
      !view.isGroup && { icon: "block", label: blocked ? "Unblock bot" : "Block bot", danger: !blocked,
        run: () => post(`/sim/people/${uid}/${blocked ? "unblock" : "block"}`).catch(report) },
    ]);
  }

  function messageMenu(message, anchor, point = null) {
    if (message.sim?.queued) return;
    const own = isOwn(message, uid);
    const text = message.text ?? message.caption;
    const strip = h("div", { class: "menu-emoji" }, EMOJI.map((emoji) => h("button", { type: "button", "aria-label": `React ${emoji}`,
      onclick: (event) => {
        event.currentTarget.dispatchEvent(new CustomEvent("menu-close", { bubbles: true }));
        react(message, emoji);
      } }, emoji)));
    openMenu(anchor, [
      strip,
      { icon: "reply", label: "Reply", run: () => composer.reply(message) },
      text && { icon: "copy", label: "Copy text", run: () => copyText(text).then(() => column.toast("Text copied")) },
      own && message.text && { icon: "edit", label: "Edit", run: () => composer.edit(message) },
      own && message.location?.live_period && { icon: "pin", label: "Move live location", run: () => locationSheet(view, {}, message) },
      { icon: "code", label: "Show JSON", run: () => openJson(`Message ${message.message_id}`, message) },
    ], point);
  }

  function react(message, emoji) {
    const mine = message.sim?.reactions?.some((one) => one.user === uid && one.emoji === emoji);
    post(`/sim/people/${uid}/react`, { chat: chatId, message_id: message.message_id, emoji: mine ? null : emoji }).catch((error) => column.toast(error.message));
  }

  /** True when the page deals with the link itself. */
  function openLink(url, asked) {
    const link = deepLink(url);
    if (link) openAs(url, column.showPerson);
    else if (asked) confirmLink(url);
    return Boolean(link) || asked;
  }

  function dropPhotos() {
    el.addEventListener("dragover", (event) => {
      event.preventDefault();
      el.classList.add("dropping");
    });
    el.addEventListener("dragleave", (event) => !el.contains(event.relatedTarget) && el.classList.remove("dropping"));
    el.addEventListener("drop", (event) => {
      event.preventDefault();
      el.classList.remove("dropping");
      const files = [...event.dataTransfer.files];
      if (files.length) photosSheet(view, files, composer.take());
    });
  }

  return { el, read, reload: log.reload, destroy: () => {
    log.close();
    stops.forEach((stop) => stop());
  } };
}

const ACTIONS = { typing: "typing", upload_photo: "sending a photo", upload_document: "sending a file", find_location: "looking for a place", record_voice: "recording" };
const action = (name) => ACTIONS[name] ?? "typing";
