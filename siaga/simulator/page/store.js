// What the page knows: people, their chats, the open message lists. Fed by HTTP, kept fresh by server events.
import { get, post } from "./api.js";
import { debounce } from "./dom.js";

/** The topic every forum has; its messages carry no thread. */
export const GENERAL = 1;

export const state = { people: [], chats: new Map(), typing: new Map(), lastCall: Infinity };

const bus = new EventTarget();

/** Listen to a topic; returns the function that stops listening. */
export function on(topic, fn) {
  const handler = (event) => fn(event.detail);
  bus.addEventListener(topic, handler);
  return () => bus.removeEventListener(topic, handler);
}

export const emit = (topic, detail) => bus.dispatchEvent(new CustomEvent(topic, { detail }));
export const person = (uid) => state.people.find((one) => one.id === uid);
export const chatsOf = (uid) => state.chats.get(uid) ?? [];
export const chatOf = (uid, chat) => chatsOf(uid).find((one) => one.id === chat);
export const membersOf = (chat) => state.people.filter((one) => chatOf(one.id, chat));
export const unreadOf = (uid) => chatsOf(uid).reduce((sum, chat) => sum + (chat.unread || 0), 0);

/** Whether the bot has taken the message: said by the server, else guessed from a later call of the bot. */
export const isDelivered = (message) => message.sim?.delivered ?? (message.sim?.seq ?? 0) < state.lastCall;

export function botUsername() {
  for (const list of state.chats.values()) {
    const own = list.find((chat) => chat.type === "private");
    if (own?.username) return own.username;
  }
  return "";
}

export async function loadPeople() {
  state.people = await get("/sim/people");
  forgetQueued();
  emit("people");
  await Promise.all(state.people.map((one) => loadChats(one.id)));
}

export async function loadChats(uid) {
  state.chats.set(uid, await get(`/sim/people/${uid}/chats`));
  emit("chats", uid);
}

const pendingChats = new Set();
const flushChats = debounce(() => {
  for (const uid of pendingChats) loadChats(uid).catch(report);
  pendingChats.clear();
}, 120);

/** Reload the chat list of those who can see `chat`: its person, or everybody for a group (or for none named). */
function touchChats(chat) {
  const seers = chat > 0 ? state.people.filter((one) => one.id === chat) : state.people;
  for (const one of seers) pendingChats.add(one.id);
  flushChats();
}

// ---- message lists -------------------------------------------------------------------------------

const logs = new Set();
const queued = []; // what offline phones have still to send: {uid, chat, thread, message}

/** Sends as a person. Without signal the server keeps it, and the list shows it with a clock. */
export async function send(view, path, body, words) {
  const answer = await post(`/sim/people/${view.uid}/${path}`, body);
  const waiting = (Array.isArray(answer) ? answer : [answer]).filter((one) => one?.queued);
  for (const _ of waiting) {
    const message = { message_id: Number.MAX_SAFE_INTEGER - 10_000 + queued.length, date: Date.now() / 1000, from: person(view.uid), text: words, sim: { queued: true } };
    queued.push({ uid: view.uid, chat: view.chat, thread: view.thread, message });
  }
  if (waiting.length) for (const log of logs) if (log.uid === view.uid) log.reloadSoon();
  return answer;
}

/** What has gone out is no longer waiting. */
function forgetQueued() {
  const left = queued.filter((one) => person(one.uid)?.offline);
  queued.splice(0, queued.length, ...left);
}

/** A live list of one chat (or topic) as one person sees it. `close()` when the view goes away. */
export function openLog(uid, chat, thread, onchange) {
  const log = { uid, chat, thread, messages: [], loaded: false, loading: false, asked: 0, onchange };
  log.reload = () => reload(log);
  log.reloadSoon = debounce(log.reload, 40);
  log.drawSoon = debounce(() => logs.has(log) && onchange(log), 16);
  log.close = () => logs.delete(log);
  logs.add(log);
  log.reload();
  return log;
}

async function reload(log) {
  const turn = ++log.asked;
  log.loading = true;
  const query = log.thread && log.thread !== GENERAL ? `?thread=${log.thread}` : "";
  try {
    const messages = await get(`/sim/people/${log.uid}/chats/${log.chat}/messages${query}`);
    if (turn !== log.asked) return;
    const shown = messages.filter((message) => !message.sim?.deleted && (log.thread !== GENERAL || !message.message_thread_id));
    const waiting = queued.filter((one) => one.uid === log.uid && one.chat === log.chat && one.thread === log.thread);
    log.messages = [...shown, ...waiting.map((one) => one.message)];
    log.loaded = true;
  } catch (error) {
    report(error);
  } finally {
    if (turn === log.asked) log.loading = false;
  }
  if (logs.has(log)) log.onchange(log);
}

/** Puts one changed message into a list; asks the server for all of it where that would not be sure. */
function patch(log, kind, message) {
  const simple = message && log.loaded && !log.loading && !person(log.uid)?.offline && kind !== "topic";
  if (!simple) return log.reloadSoon();
  if (log.thread && (message.message_thread_id ?? GENERAL) !== log.thread) return undefined;
  const rest = log.messages.filter((one) => one.message_id !== message.message_id);
  const gone = kind === "deleted" || message.sim?.deleted;
  log.messages = gone ? rest : [...rest, message].sort((a, b) => a.message_id - b.message_id);
  return log.drawSoon();
}

export const markRead = (uid, chat) => post(`/sim/people/${uid}/chats/${chat}/read`).catch(report);

export function report(error) {
  emit("error", error.message ?? String(error));
}

// ---- events --------------------------------------------------------------------------------------

const TOUCHES_LOG = new Set(["message", "edited", "deleted", "reaction", "topic", "chats", "people", "delivered"]);
const TOUCHES_CHATS = new Set(["message", "edited", "deleted", "chats", "topic"]);

function apply(event) {
  const { kind, chat } = event;
  if (TOUCHES_LOG.has(kind)) {
    for (const log of logs) if (!chat || log.chat === chat) patch(log, kind, event.message);
  }
  if (TOUCHES_CHATS.has(kind)) touchChats(chat);
  if (kind === "people") reloadPeople();
  if (kind === "typing") typing(event);
  if (kind === "message") endTyping(chat, event.message);
  if (kind === "call") state.lastCall = event.seq;
  else if (state.lastCall === Infinity) state.lastCall = event.seq - 1;
  emit(`event:${kind}`, event);
}

const reloadPeople = debounce(() => loadPeople().catch(report), 60);

function typing(event) {
  const key = String(event.chat);
  clearTimeout(state.typing.get(key)?.timer);
  const timer = setTimeout(() => setTyping(key, null), 5000);
  setTyping(key, { action: event.action ?? "typing", timer });
}

function endTyping(chat, message) {
  if (message?.from?.is_bot === false) return;
  setTyping(String(chat), null);
}

function setTyping(key, value) {
  if (value) state.typing.set(key, value);
  else state.typing.delete(key);
  emit("typing", key);
}

/** Follow the server's events from `after`; the browser reconnects by itself. What happened before is loaded at each start. */
export function follow(after = null) {
  const source = new EventSource(after === null ? "/sim/events" : `/sim/events?after=${after}`);
  source.onmessage = (event) => apply(JSON.parse(event.data));
  source.onopen = () => {
    emit("connection", true);
    reloadPeople();
    for (const log of logs) log.reloadSoon();
  };
  source.onerror = () => emit("connection", false);
}
