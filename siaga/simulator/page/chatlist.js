// The list of chats, and the list of topics of a forum.
import { avatar } from "./avatar.js";
import { h } from "./dom.js";
import { listTime, personName, preview } from "./format.js";
import { icon } from "./icons.js";
import { chatsOf, state } from "./store.js";

/** `open(chat, thread)`; a forum opens its topics first. */
export function chatList(uid, current, open) {
  const rows = [...chatsOf(uid)].sort((a, b) => (b.last_message?.date ?? 0) - (a.last_message?.date ?? 0))
    .map((chat) => chatRow(uid, chat, chat.id === current, () => open(chat.id, null)));
  return h("div", { class: "rows", role: "list" }, rows.length ? rows : h("p", { class: "dim pad" }, "No chats yet"));
}

function chatRow(uid, chat, active, onclick) {
  const last = chat.last_message;
  const typing = state.typing.has(String(chat.id));
  const own = last?.from?.id === uid;
  const who = own ? "You: " : chat.type !== "private" && last?.from ? `${personName(last.from)}: ` : "";
  const line = typing ? h("span", { class: "accent" }, "typing…") : h("span", { class: "row-last" }, who ? h("span", { class: "row-who" }, who) : null, preview(last));
  return h("button", { type: "button", class: active ? "chat-row active" : "chat-row", "data-testid": `chat-${chat.id}`, onclick },
    avatar({ id: chat.id, is_bot: chat.type === "private", title: chat.title }, { size: 50, letter: chat.photo_letter }),
    h("span", { class: "row-main" },
      h("span", { class: "row-top" }, h("strong", {}, chat.is_forum ? icon("hash", 15) : chat.type !== "private" ? icon("group", 15) : null, chat.title),
        last ? h("time", {}, listTime(last.date)) : null),
      h("span", { class: "row-bottom" }, line, chat.unread ? h("span", { class: "badge", "aria-label": `${chat.unread} unread` }, String(chat.unread)) : null)));
}

const TOPIC_COLORS = { 7322096: "#6fb9f0", 16766590: "#ffd67e", 13338331: "#cb86db", 9367192: "#8eee98", 16749490: "#ff93b2", 16478047: "#fb6f5f" };

export function topicList(chat, open) {
  const topics = (chat.topics ?? []).map((topic) => ({ ...topic, thread: topic.message_thread_id ?? topic.id }));
  const general = topics.some((topic) => topic.thread === 1) ? [] : [{ thread: 1, name: "General", general: true }];
  const rows = [...general, ...topics].map((topic) => h("button", { type: "button", class: "chat-row topic", "data-testid": `topic-${topic.thread}`,
    onclick: () => open(chat.id, topic.thread) },
  h("span", { class: "topic-icon", style: { "--topic": TOPIC_COLORS[topic.icon_color] ?? "#8a94a0" }, "aria-hidden": "true" }, topic.thread === 1 ? "#" : [...topic.name][0]),
  h("span", { class: "row-main" }, h("span", { class: "row-top" }, h("strong", {}, topic.name), topic.last_message ? h("time", {}, listTime(topic.last_message.date)) : null),
    h("span", { class: "row-bottom" }, h("span", { class: "row-last" }, topic.is_closed || topic.closed ? "Closed" : preview(topic.last_message)),
      topic.unread ? h("span", { class: "badge" }, String(topic.unread)) : null))));
  return h("div", { class: "rows", role: "list" }, rows);
}
