// One person's phone: a status line (who, signal, menu) and the screens below it.
import { post } from "./api.js";
import { avatar } from "./avatar.js";
import { chatList, topicList } from "./chatlist.js";
import { createChatView } from "./chatview.js";
import { openAs } from "./dialogs.js";
import { h, iconButton } from "./dom.js";
import { personName } from "./format.js";
import { icon } from "./icons.js";
import { openAlert, openMenu, toast } from "./overlay.js";
import { signalButton } from "./signal.js";
import { chatOf, on, person, report } from "./store.js";

/** `shell`: {showPerson(uid), hide(uid), isVisible(uid)}. */
export function createColumn(uid, shell) {
  const screen = h("div", { class: "screen" });
  const status = h("div", { class: "phone-status" });
  const el = h("article", { class: "phone", "data-testid": `persona-${uid}`, "aria-label": personName(person(uid)) }, status, screen);
  let view = null;
  let where = { kind: "list" };

  const column = {
    uid, host: el,
    back: () => show(where.thread ? { kind: "topics", chat: where.chat } : { kind: "list" }),
    toast: (text) => toast(screen, text),
    showAnswer, tapping,
    showPerson: shell.showPerson,
    visible: () => shell.isVisible(uid) && document.visibilityState === "visible",
  };

  let taps = 0; // own taps: their answers come with the tap, so the same news from the server's events is left out
  function tapping(started) {
    if (started) taps += 1;
    else setTimeout(() => { taps -= 1; }, 3000);
  }

  /** The bot's answer to a tap: a toast, an alert, a link, or nothing. */
  function showAnswer(answer) {
    if (answer.answered === false) column.toast("The bot did not answer the tap");
    else if (answer.text && answer.show_alert) openAlert(el, answer.text);
    else if (answer.text) column.toast(answer.text);
    if (answer.url) openAs(answer.url, shell.showPerson);
  }

  function show(next) {
    view?.destroy();
    view = null;
    where = next;
    if (next.kind === "chat") {
      view = createChatView(column, next.chat, next.thread);
      screen.replaceChildren(view.el);
    } else drawList();
  }

  function open(chat, thread) {
    const forum = chatOf(uid, chat)?.is_forum;
    show(forum && !thread ? { kind: "topics", chat } : { kind: "chat", chat, thread });
  }

  function drawList() {
    if (where.kind === "chat") return;
    const focused = document.activeElement?.dataset?.testid;
    const topics = where.kind === "topics";
    const chat = topics ? chatOf(uid, where.chat) : null;
    const head = topics
      ? h("header", { class: "chat-head" }, iconButton(icon("back"), "Back to chats", () => show({ kind: "list" })),
        h("div", { class: "chat-title" }, h("strong", {}, chat?.title ?? "Forum"), h("span", { class: "dim" }, "topics")))
      : h("header", { class: "chat-head" }, h("div", { class: "chat-title lone" }, h("strong", {}, "Chats")));
    const body = topics ? topicList(chat ?? {}, open) : chatList(uid, null, open);
    screen.replaceChildren(h("section", { class: "chats", "aria-label": topics ? "Topics" : "Chats" }, head, h("div", { class: "rows-scroll" }, body)));
    if (focused) screen.querySelector(`[data-testid="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }

  function drawStatus() {
    const one = person(uid);
    if (!one) return;
    el.classList.toggle("offline", Boolean(one.offline));
    const had = status.contains(document.activeElement) ? document.activeElement.dataset.testid : null;
    status.replaceChildren(avatar(one, { size: 28 }), h("div", { class: "phone-who" }, h("strong", {}, personName(one)), h("span", { class: "lang" }, one.language_code),
      one.blocked ? h("span", { class: "lang danger" }, "blocked bot") : null), signalButton(one),
    iconButton(icon("more", 20), `Menu of ${personName(one)}`, (event) => personMenu(event.currentTarget, one), { class: "icon-btn small" }));
    if (had) status.querySelector(`[data-testid="${had}"]`)?.focus();
  }

  function personMenu(anchor, one) {
    openMenu(anchor, [
      { icon: "link", label: "Open start link…", run: () => openAs("", shell.showPerson) },
      { icon: "block", label: one.blocked ? "Unblock bot" : "Block bot", danger: !one.blocked,
        run: () => post(`/sim/people/${uid}/${one.blocked ? "unblock" : "block"}`).catch(report) },
      shell.canHide() && { icon: "close", label: "Hide this phone", run: () => shell.hide(uid) },
    ]);
  }

  const stops = [
    on("people", drawStatus),
    on("chats", (id) => id === uid && drawList()),
    on("typing", () => where.kind === "list" && drawList()),
    on("event:toast", (event) => (event.user ?? event.chat) === uid && !taps && showAnswer(event)),
  ];
  drawStatus();
  open(uid, null);

  return { el, open, read: () => view?.read(), focus: () => el.scrollIntoView({ inline: "nearest", block: "nearest", behavior: "smooth" }),
    destroy: () => {
      view?.destroy();
      stops.forEach((stop) => stop());
      el.remove();
    } };
}
