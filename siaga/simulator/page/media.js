// Photos and albums, documents, voice, places and contacts inside a bubble.
import { fileUrl } from "./api.js";
import { avatar } from "./avatar.js";
import { openPhoto } from "./dialogs.js";
import { h } from "./dom.js";
import { duration, personName, size } from "./format.js";
import { icon } from "./icons.js";
import { mapTile } from "./map.js";

const largest = (photo) => photo.reduce((best, one) => (one.width * one.height > best.width * best.height ? one : best));

function fitting(photo) {
  const wide = photo.filter((one) => one.width >= 600).sort((a, b) => a.width - b.width);
  return wide[0] ?? largest(photo);
}

function photoButton(message, props) {
  const shown = fitting(message.photo);
  const image = h("img", { src: fileUrl(shown.file_id), alt: message.caption || "Photo", loading: "lazy", decoding: "async" });
  image.addEventListener("error", () => image.replaceWith(h("span", { class: "photo-broken" }, icon("photo", 32), "Not an image")));
  const spoiler = message.has_media_spoiler ? " hidden-photo" : "";
  const el = h("button", { type: "button", class: `photo${spoiler}`, "aria-label": "Open photo", ...props }, image);
  el.addEventListener("click", () => {
    if (el.classList.contains("hidden-photo")) el.classList.remove("hidden-photo");
    else openPhoto(fileUrl(largest(message.photo).file_id), message.caption);
  });
  return el;
}

const aspect = (message) => {
  const { width, height } = largest(message.photo);
  return Math.min(2.4, Math.max(0.5, width / height || 1));
};

export function photo(message) {
  const ratio = aspect(message);
  const width = Math.round(Math.min(380, Math.max(200, 340 * ratio)));
  return h("div", { class: "photo-frame", style: { "--ratio": ratio, "--photo-width": `${width}px` } }, photoButton(message, {}));
}

const ROWS = { 2: [2], 3: [1, 2], 4: [2, 2], 5: [2, 3], 6: [3, 3], 7: [2, 2, 3], 8: [2, 3, 3], 9: [3, 3, 3], 10: [3, 3, 4] };

/** A mosaic: rows whose photos share one height, each as wide as its shape asks. */
export function album(messages) {
  const left = [...messages];
  const rows = (ROWS[messages.length] ?? [messages.length]).map((count) => {
    const row = left.splice(0, count);
    const ratios = row.map((message) => Math.min(1.8, Math.max(0.65, aspect(message))));
    const total = ratios.reduce((sum, one) => sum + one, 0);
    const tiles = row.map((message, i) => {
      const first = message === messages[0];
      return photoButton(message, { style: { "flex-grow": ratios[i] }, "data-testid": first ? null : `message-${message.message_id}` });
    });
    return h("div", { class: "album-row", style: { "--ratio": Math.max(1.35, Math.min(3.2, total)) } }, tiles);
  });
  return h("div", { class: "album" }, rows);
}

export function documentRow(message) {
  const file = message.document;
  const name = file.file_name || "file";
  const extension = name.includes(".") ? name.split(".").pop().slice(0, 4) : "file";
  const link = { href: fileUrl(file.file_id), download: name, class: "doc", "aria-label": `Download ${name}` };
  return h("a", link, h("span", { class: "doc-icon" }, h("span", { class: "doc-ext" }, extension), icon("download", 22)),
    h("span", { class: "doc-text" }, h("span", { class: "doc-name" }, name), h("span", { class: "doc-size" }, size(file.file_size))));
}

export function voice(message) {
  const sound = new Audio();
  const toggle = h("button", { type: "button", class: "voice-play", "aria-label": "Play voice message" }, icon("play", 22));
  const bars = waveform(message.voice.file_unique_id ?? "voice");
  const show = (playing) => toggle.replaceChildren(icon(playing ? "pause" : "play", 22));
  toggle.addEventListener("click", () => {
    if (!sound.src) sound.src = fileUrl(message.voice.file_id);
    if (sound.paused) sound.play().then(() => show(true), () => show(false));
    else sound.pause();
  });
  sound.addEventListener("pause", () => show(false));
  sound.addEventListener("timeupdate", () => {
    const done = sound.duration ? sound.currentTime / sound.duration : 0;
    [...bars.children].forEach((bar, i) => bar.classList.toggle("played", i / bars.children.length < done));
  });
  const length = h("span", { class: "voice-time" }, duration(message.voice.duration ?? 0));
  return h("div", { class: "voice" }, toggle, h("div", { class: "voice-body" }, bars, length));
}

function waveform(text) {
  let seed = [...text].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 65521, 7);
  const bars = Array.from({ length: 34 }, () => {
    seed = (seed * 75 + 74) % 65537;
    return h("i", { style: { height: `${15 + (seed % 85)}%` } });
  });
  return h("div", { class: "wave", "aria-hidden": "true" }, bars);
}

export function place(message) {
  const { latitude, longitude, live_period: live, horizontal_accuracy: accuracy } = message.venue?.location ?? message.location;
  const coordinates = `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  const lines = message.venue
    ? [h("strong", {}, message.venue.title), h("span", {}, message.venue.address), h("span", { class: "dim" }, coordinates)]
    : [h("strong", { class: live ? "live" : "" }, live ? "Live location" : "Location"),
      h("span", { class: "dim" }, accuracy ? `${coordinates} · ±${Math.round(accuracy)} m` : coordinates)];
  return h("div", { class: "place" }, h("div", { class: "place-map" }, mapTile(latitude, longitude, { live: Boolean(live), accuracy })),
    h("div", { class: "place-text" }, lines));
}

export function contact(message) {
  const card = message.contact;
  return h("div", { class: "contact" }, avatar({ ...card, id: card.user_id ?? 1 }, { size: 44 }),
    h("div", { class: "contact-text" }, h("strong", {}, personName(card)), h("span", {}, card.phone_number)));
}
