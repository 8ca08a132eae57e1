// Dialogs over the page: add a person, make a group, open a deep link, look at a photo or at raw JSON.
import { post } from "./api.js";
import { avatar } from "./avatar.js";
import { h } from "./dom.js";
import { deepLink } from "./entities.js";
import { personName } from "./format.js";
import { jsonView } from "./json.js";
import { openDialog } from "./overlay.js";
import { botUsername, emit, loadPeople, membersOf, report, state } from "./store.js";

const LANGUAGES = [["id", "Indonesian"], ["en", "English"], ["ms", "Malay"], ["jv", "Javanese"], ["nl", "Dutch"]];

export const field = (label, input, hint) =>
  h("label", { class: "field" }, h("span", { class: "field-label" }, label), input, hint ? h("span", { class: "hint" }, hint) : null);

/** A form that submits once at a time and shows a refusal in place. */
export function formBody(fields, submitLabel, onsubmit) {
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const submit = h("button", { type: "submit", class: "primary-btn" }, submitLabel);
  const form = h("form", { class: "sheet-body" }, fields, problem, h("div", { class: "row-end" }, submit));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    submit.disabled = true;
    try {
      await onsubmit();
    } catch (error) {
      problem.textContent = error.message;
      problem.hidden = false;
    } finally {
      submit.disabled = false;
    }
  });
  return form;
}

export function addPerson(onadded) {
  const first = h("input", { required: true, maxlength: "64", autofocus: true, autocomplete: "off" });
  const last = h("input", { maxlength: "64", autocomplete: "off" });
  const username = h("input", { maxlength: "32", pattern: "[A-Za-z][A-Za-z0-9_]{3,31}", autocomplete: "off", placeholder: "optional" });
  const language = h("select", {}, LANGUAGES.map(([code, name]) => h("option", { value: code }, `${name} (${code})`)));
  openDialog("Add person", (close) => formBody([
    field("First name", first), field("Last name", last), field("Username", username),
    field("Phone language", language, "The bot sees it as language_code."),
  ], "Add", async () => {
    const added = await post("/sim/people", { first_name: first.value.trim(), last_name: last.value.trim() || undefined,
      username: username.value.trim() || undefined, language_code: language.value });
    await loadPeople();
    close();
    onadded(added);
  }));
}

export function addGroup() {
  const title = h("input", { required: true, maxlength: "128", autofocus: true, autocomplete: "off" });
  const forum = h("input", { type: "checkbox" });
  const rights = h("select", {}, h("option", { value: "admin" }, "Administrator"), h("option", { value: "member" }, "Member"),
    h("option", { value: "" }, "Not in the group"));
  const boxes = state.people.map((one) => ({ id: one.id, name: personName(one), box: h("input", { type: "checkbox", checked: true }) }));
  openDialog("New group", (close) => formBody([
    field("Title", title), h("label", { class: "check" }, forum, "Forum with topics"), field("The bot is", rights),
    h("fieldset", { class: "checks" }, h("legend", {}, "Members"), boxes.map((one) => h("label", { class: "check" }, one.box, one.name))),
  ], "Create", async () => {
    await post("/sim/groups", { title: title.value.trim(), is_forum: forum.checked, bot_rights: rights.value || null,
      members: boxes.filter((one) => one.box.checked).map((one) => one.id) });
    await loadPeople();
    close();
  }));
}

export function groupMembers(chat) {
  const row = (one) => {
    const change = (action) => post(`/sim/groups/${chat.id}/members`, { user: one.id, action }).then(loadPeople).catch(report);
    const inside = membersOf(chat.id).includes(one);
    const button = h("button", { type: "button", class: "text-btn" }, inside ? "Remove" : "Add");
    button.addEventListener("click", () => change(inside ? "remove" : "add").then(() => list.replaceChildren(...rows())));
    return h("div", { class: "person-row" }, avatar(one, { size: 34 }), h("span", { class: "grow" }, personName(one)), button);
  };
  const rows = () => state.people.map(row);
  const list = h("div", { class: "sheet-body" }, rows());
  openDialog(`Members of ${chat.title}`, () => list);
}

/** Asks who opens the link, and performs /start as that person. `text` may be a link or a bare payload. */
export function openAs(text = "", open) {
  const input = h("input", { value: text, required: true, autocomplete: "off", placeholder: `https://t.me/${botUsername()}?start=…`,
    "data-testid": "deep-link" });
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const start = async (one, close) => {
    try {
      await post(`/sim/people/${one.id}/start`, { payload: payloadOf(input.value) });
      close();
      open(one.id);
    } catch (error) {
      problem.textContent = error.message;
      problem.hidden = false;
    }
  };
  const people = (close) => state.people.map((one) =>
    h("button", { type: "button", class: "person-row", "data-testid": `open-as-${one.id}`, onclick: () => start(one, close) },
      avatar(one, { size: 38 }), h("span", { class: "grow" }, personName(one)), h("span", { class: "dim" }, one.language_code)));
  openDialog("Open link as…", (close) => h("div", { class: "sheet-body" },
    field("Link or start payload", input), problem, h("p", { class: "hint" }, "Which person opens it?"),
    h("div", { class: "person-list" }, people(close)),
    h("button", { type: "button", class: "text-btn", onclick: () => addPerson((one) => start(one, close)) }, "+ Add person and open as them")));
}

function payloadOf(text) {
  const link = deepLink(text);
  if (!link) {
    if (/[:/?]/.test(text)) throw new Error("That is not a t.me link with a start payload.");
    return text.trim();
  }
  const bot = botUsername();
  if (bot && link.username.toLowerCase() !== bot.toLowerCase()) throw new Error(`That link opens @${link.username}; only @${bot} lives here.`);
  return link.payload;
}

export function confirmLink(url) {
  openDialog("Open link", (close) => h("div", { class: "sheet-body" }, h("p", { class: "wrap" }, url),
    h("div", { class: "row-end" }, h("button", { type: "button", class: "text-btn", onclick: close }, "Cancel"),
      h("a", { class: "primary-btn", href: url, target: "_blank", rel: "noopener noreferrer", onclick: () => close() }, "Open"))));
}

export function openPhoto(src, caption) {
  openDialog("Photo", () => h("figure", { class: "lightbox" }, h("img", { src, alt: caption || "Photo" }),
    caption ? h("figcaption", {}, caption) : null), { wide: true });
}

export function openJson(title, value) {
  openDialog(title, () => h("div", { class: "sheet-body json-box" }, jsonView(value)), { wide: true });
}

/** Forgets everything: people, chats, calls, faults. */
export async function resetAll() {
  await post("/sim/reset");
  await loadPeople();
  emit("reset");
}
