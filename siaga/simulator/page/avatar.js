// Round avatars with initials in Telegram's seven colour pairs.
import { h } from "./dom.js";
import { initials, personName } from "./format.js";

const PAIRS = [
  ["#ff885e", "#ff516a"], ["#ffcd6a", "#ffa85c"], ["#82b1ff", "#665fff"], ["#a0de7e", "#54cb68"],
  ["#53edd6", "#28c9b7"], ["#72d5fd", "#2a9ef1"], ["#e0a2f3", "#d669ed"],
];
const NAME_COLORS = ["#e17076", "#d98a2b", "#8b7cf6", "#4fae4e", "#1fa99b", "#3b9ae8", "#d05ad8"];

const BOT = 5; // bots share one colour, in lists and in groups
const slot = (subject) => (subject?.is_bot ? BOT : Math.abs(Math.trunc(Number(subject?.id ?? 0))) % 7);

export const nameColor = (subject) => NAME_COLORS[slot(subject)];

export function avatar(subject, { size = 40, letter } = {}) {
  const name = personName(subject);
  const [from, to] = PAIRS[slot(subject)];
  const style = { "--avatar-from": from, "--avatar-to": to, "--avatar-size": `${size}px` };
  return h("span", { class: "avatar", style, "aria-hidden": "true" }, letter || initials(name));
}
