// What can be attached: photos, documents, voice, a place, a contact. `target`: {chat, thread, reply_to}.
import { form, put } from "./api.js";
import { field, formBody } from "./dialogs.js";
import { h } from "./dom.js";
import { size } from "./format.js";
import { icon } from "./icons.js";
import { mapTile, offsetOf } from "./map.js";
import { openMenu, openSheet } from "./overlay.js";
import { person, report, send } from "./store.js";

export function attachMenu(anchor, view, take) {
  const pick = (accept, multiple, fn) => chooseFiles(accept, multiple).then((files) => files.length && fn(files));
  openMenu(anchor, [
    { icon: "photo", label: "Photo", run: () => pick("image/*", true, (files) => photosSheet(view, files, take())) },
    { icon: "file", label: "Document", run: () => pick("", false, (files) => documentSheet(view, files[0], take())) },
    { icon: "mic", label: "Voice", run: () => pick("audio/*,.ogg,.oga", false, (files) => sendVoice(view, files[0], take())) },
    { icon: "pin", label: "Location", run: () => locationSheet(view, take()) },
    { icon: "person", label: "Contact", run: () => contactSheet(view, take()) },
  ]);
}

/** The picker stays in the page until used, so that tests can set its files too. */
function chooseFiles(accept, multiple) {
  return new Promise((resolve) => {
    document.querySelector(".file-picker")?.remove();
    const input = h("input", { type: "file", class: "file-picker offscreen", accept, multiple, "data-testid": "file-picker", tabindex: "-1", "aria-hidden": "true" });
    input.addEventListener("change", () => {
      input.remove();
      resolve([...input.files]);
    });
    document.body.append(input);
    input.click();
  });
}

export function photosSheet(view, files, target) {
  const urls = files.map((file) => URL.createObjectURL(file));
  const caption = h("input", { maxlength: "1024", placeholder: "Add a caption…", "aria-label": "Caption", autofocus: true, "data-testid": "caption" });
  const asFile = h("input", { type: "checkbox" });
  const raw = h("input", { type: "checkbox" });
  const thumbs = urls.map((url) => h("img", { src: url, alt: "" }));
  const title = files.length === 1 ? "Send photo" : `Send ${files.length} photos`;
  openSheet(view.host, title, (close) => formBody([
    h("div", { class: "thumbs" }, thumbs), caption,
    h("div", { class: "checks-line" }, h("label", { class: "check" }, asFile, "Send as file"),
      h("label", { class: "check", title: "Deliver the bytes as they are, even when they are no image" }, raw, "Raw bytes")),
  ], "Send", async () => {
    if (asFile.checked) {
      for (const file of files) await upload(view, "documents", { file, caption: caption.value, ...target });
    } else await upload(view, "photos", { files, caption: caption.value, raw: raw.checked ? "true" : undefined, ...target });
    close();
  }), { onclose: () => urls.forEach((url) => URL.revokeObjectURL(url)) });
}

function documentSheet(view, file, target) {
  const caption = h("input", { maxlength: "1024", placeholder: "Add a caption…", "aria-label": "Caption", autofocus: true });
  const mime = h("input", { value: file.type || "application/octet-stream" });
  const declared = h("input", { type: "number", min: "0", step: "any", placeholder: "as it is" });
  openSheet(view.host, "Send document", (close) => formBody([
    h("div", { class: "doc static" }, h("span", { class: "doc-icon" }, icon("file", 22)),
      h("span", { class: "doc-text" }, h("span", { class: "doc-name" }, file.name), h("span", { class: "doc-size" }, size(file.size)))),
    caption,
    h("details", {}, h("summary", {}, "Pretend"), h("div", { class: "two" }, field("Type", mime), field("Size in MB", declared))),
  ], "Send", async () => {
    const bytes = declared.value ? Math.round(Number(declared.value) * 1024 * 1024) : undefined;
    await upload(view, "documents", { file, caption: caption.value, mime_type: mime.value, size: bytes, ...target });
    close();
  }));
}

const sendVoice = (view, file, target) => upload(view, "voice", { file, ...target }).catch(report);
const WORDS = { photos: "🖼 Photo", documents: "📎 File", voice: "🎤 Voice message" };
const upload = (view, kind, fields) => send(view, kind, form(fields), fields.caption || WORDS[kind]);

const PRESETS = [
  ["Monas", -6.1754, 106.8272], ["Blok M", -6.2443, 106.7982], ["Kelapa Gading", -6.1576, 106.9078],
  ["Kota Tua", -6.1352, 106.8133], ["Bandung", -6.9175, 107.6191],
];
const LIVE = [["0", "Fixed"], ["900", "Live, 15 min"], ["3600", "Live, 1 h"], ["28800", "Live, 8 h"]];

/** `move`: the live location message to move instead of sending a new one. */
export function locationSheet(view, target, move = null) {
  const start = move?.location ?? { latitude: PRESETS[0][1], longitude: PRESETS[0][2] };
  const number = (value, limit) => h("input", { type: "number", step: "any", min: -limit, max: limit, required: true, value: String(value) });
  const latitude = number(start.latitude, 90);
  const longitude = number(start.longitude, 180);
  const accuracy = h("input", { type: "number", min: "0", max: "1500", step: "any", placeholder: "optional" });
  const live = h("select", {}, LIVE.map(([value, name]) => h("option", { value }, name)));
  const venue = h("input", { maxlength: "128", placeholder: "optional" });
  const address = h("input", { maxlength: "256", placeholder: "optional" });
  const map = h("div", { class: "place-map pick", title: "Click to move the pin" });
  const draw = () => map.replaceChildren(mapTile(Number(latitude.value) || 0, Number(longitude.value) || 0, { accuracy: Number(accuracy.value) || 0 }));
  const go = (lat, lon) => {
    latitude.value = lat.toFixed(6).replace(/0+$/, "");
    longitude.value = lon.toFixed(6).replace(/0+$/, "");
    draw();
  };
  map.addEventListener("click", (event) => {
    const box = map.getBoundingClientRect();
    const [dLat, dLon] = offsetOf((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
    go(Number(latitude.value) + dLat, Number(longitude.value) + dLon);
  });
  for (const input of [latitude, longitude, accuracy]) input.addEventListener("input", draw);
  draw();
  const presets = PRESETS.map(([name, lat, lon]) => h("button", { type: "button", class: "chip-btn", onclick: () => go(lat, lon) }, name));
  const more = move ? [] : [h("div", { class: "two" }, field("Accuracy, m", accuracy), field("Kind", live)),
    h("details", {}, h("summary", {}, "As a venue"), h("div", { class: "two" }, field("Title", venue), field("Address", address)))];
  openSheet(view.host, move ? "Move live location" : "Send location", (close) => formBody([
    map, h("div", { class: "chips-line" }, presets), h("div", { class: "two" }, field("Latitude", latitude), field("Longitude", longitude)), more,
  ], move ? "Move" : "Send", async () => {
    const body = { latitude: Number(latitude.value), longitude: Number(longitude.value), horizontal_accuracy: Number(accuracy.value) || undefined };
    if (move) await put(`/sim/people/${view.uid}/location/${move.message_id}`, { ...body, chat: view.chat });
    else {
      await send(view, "location", { ...target, ...body, live_period: Number(live.value) || undefined,
        venue: venue.value ? { title: venue.value, address: address.value || "—" } : undefined }, "📍 Location");
    }
    close();
  }));
}

export function contactSheet(view, target) {
  const self = person(view.uid);
  const phone = h("input", { type: "tel", required: true, value: "+62812" + String(view.uid).padStart(7, "0").slice(-7) });
  const first = h("input", { required: true, value: self?.first_name ?? "" });
  const last = h("input", { value: self?.last_name ?? "" });
  const own = h("input", { type: "checkbox", checked: true });
  openSheet(view.host, "Share contact", (close) => formBody([
    field("Phone number", phone), h("div", { class: "two" }, field("First name", first), field("Last name", last)),
    h("label", { class: "check" }, own, "My own number (carries my user id)"),
  ], "Share", async () => {
    await send(view, "contact", { ...target, phone_number: phone.value, first_name: first.value,
      last_name: last.value || undefined, user_id: own.checked ? view.uid : undefined }, "👤 Contact");
    close();
  }));
}

