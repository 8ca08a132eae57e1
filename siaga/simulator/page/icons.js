// Line icons on a 24-unit grid.
import { s } from "./dom.js";

const PATHS = {
  add: "M12 5v14M5 12h14",
  back: "M19 12H5M11 18l-6-6 6-6",
  block: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M5.7 5.7l12.6 12.6",
  check: "M5 12.5l4.5 4.5L19 7",
  clip: "M20 11.5l-8.2 8.2a5.2 5.2 0 0 1-7.4-7.4l8.6-8.6a3.5 3.5 0 0 1 5 5l-8.6 8.5a1.7 1.7 0 0 1-2.5-2.4l7.7-7.7",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M12 7v5.2l3.3 2",
  close: "M6 6l12 12M18 6L6 18",
  code: "M8.5 7L3.5 12l5 5M15.5 7l5 5-5 5",
  columns: "M4 5h16v14H4zM9.5 5v14M14.5 5v14",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  down: "M12 5v14M6 13l6 6 6-6",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
  edit: "M4 20l1-4L16.5 4.5a2.1 2.1 0 0 1 3 3L8 19z",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6",
  file: "M14 3H6v18h12V7zM14 3v4h4",
  group: "M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M2.5 19.5c.6-3.4 3.2-5 6.5-5s5.9 1.6 6.5 5M16 5.3a3.3 3.3 0 0 1 0 6.4M18 15c2 .7 3.2 2.2 3.5 4.5",
  hash: "M9 4L7 20M17 4l-2 16M4.5 9h16M3.5 15h16",
  keyboard: "M3 6h18v12H3zM7 10h.01M12 10h.01M17 10h.01M8 14.5h8",
  link: "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7L12 7M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7L12 17",
  menu: "M4 7h16M4 12h16M4 17h16",
  mic: "M12 3.5a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0v-5a3 3 0 0 1 3-3M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5",
  more: "M12 5.5v.01M12 12v.01M12 18.5v.01",
  pause: "M9 6v12M15 6v12",
  person: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8M4.5 20c.8-3.7 3.8-5.5 7.5-5.5s6.7 1.8 7.5 5.5",
  photo: "M4 5h16v14H4zM4 16l4.5-4.5 4 4 2.5-2.5 5 4.5M15.5 9.5h.01",
  pin: "M12 21s7-6.2 7-11.5a7 7 0 0 0-14 0C5 14.8 12 21 12 21M12 7a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5",
  play: "M8 5.5v13l10.5-6.5z",
  pushpin: "M9 4h6l-1 6 3.5 3.5H6.5L10 10zM12 13.5V20",
  reply: "M9.5 6L4 11.5 9.5 17M4 11.5h9.5c4 0 6.5 2 6.5 6.5",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M15.5 15.5L20 20",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4",
  trash: "M5 7h14M10 7V4.5h4V7M7 7l.8 13h8.4L17 7",
  up: "M7 17L17 7M9 7h8v8",
};

const SOLID = {
  send: "M3.4 20.4L21.5 12.7a.8.8 0 0 0 0-1.4L3.4 3.6a.7.7 0 0 0-1 .8L4.6 10.5 14 12l-9.4 1.5-2.2 6.1a.7.7 0 0 0 1 .8z",
  tick: "M1 8.2l3.6 3.6L12 4.2l-.9-.8-6.5 6.7-2.7-2.7z",
  ticks: "M1 8.2l3.6 3.6L12 4.2l-.9-.8-6.5 6.7-2.7-2.7zM7.8 10.4l1.4 1.4 7.4-7.6-.9-.8-6.5 6.7-.6-.6z",
};

export function icon(name, size = 24) {
  if (SOLID[name]) {
    const box = name.startsWith("tick") ? "0 0 18 16" : "0 0 24 24";
    return s("svg", { viewBox: box, width: size, height: size, class: `icon solid i-${name}`, "aria-hidden": "true" },
      s("path", { d: SOLID[name] }));
  }
  return s("svg", { viewBox: "0 0 24 24", width: size, height: size, class: `icon i-${name}`, "aria-hidden": "true" },
    s("path", { d: PATHS[name] }));
}

/** Phone signal bars; crossed out when offline. */
export function signalIcon(offline) {
  const bars = [0, 1, 2, 3].map((i) =>
    s("rect", { x: 3 + i * 5, y: 16 - i * 4, width: 3.2, height: 4 + i * 4, rx: 1, class: offline ? "bar off" : "bar" }));
  const cross = offline ? [s("path", { d: "M4 4l16 16", class: "cross" })] : [];
  return s("svg", { viewBox: "0 0 24 24", width: 18, height: 18, class: "icon signal", "aria-hidden": "true" }, bars, cross);
}
