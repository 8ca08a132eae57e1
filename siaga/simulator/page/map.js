// A drawn, made-up street map: no tiles from anywhere. The same coordinates always give the same streets.
import { s } from "./dom.js";

const CELL = 0.004; // degrees between streets
const W = 320;
const H = 180;
const SCALE = 80; // drawing units per cell

function hash(x, y) {
  let n = Math.imul(x, 374761393) ^ Math.imul(y, 668265263);
  n = Math.imul(n ^ (n >>> 13), 1274126177);
  return ((n ^ (n >>> 16)) >>> 0) / 4294967296;
}

export function mapTile(latitude, longitude, { live = false, accuracy = 0 } = {}) {
  const cx = longitude / CELL;
  const cy = -latitude / CELL;
  const toX = (x) => (x - cx) * SCALE + W / 2;
  const toY = (y) => (y - cy) * SCALE + H / 2;
  const xs = range(cx, W);
  const ys = range(cy, H);
  const parts = [s("rect", { width: W, height: H, class: "map-land" })];
  for (const x of xs) for (const y of ys) parts.push(...block(x, y, toX, toY));
  for (const x of xs) parts.push(street(x, 7, (at) => [toX(at), -10, toX(at + (hash(x, 3) - 0.5) * 0.5), H + 10]));
  for (const y of ys) parts.push(street(y, 11, (at) => [-10, toY(at), W + 10, toY(at + (hash(y, 5) - 0.5) * 0.5)]));
  parts.push(...pin(live, accuracy));
  const label = `Map at ${latitude.toFixed(5)}, ${longitude.toFixed(5)}`;
  return s("svg", { viewBox: `0 0 ${W} ${H}`, class: "map", role: "img", "aria-label": label,
    preserveAspectRatio: "xMidYMid slice" }, parts);
}

function range(center, length) {
  const reach = Math.ceil(length / SCALE / 2) + 1;
  const first = Math.floor(center) - reach;
  return Array.from({ length: reach * 2 + 2 }, (_, i) => first + i);
}

function block(x, y, toX, toY) {
  const dice = hash(x, y);
  const left = toX(x + 0.12);
  const top = toY(y + 0.12);
  const shape = { x: left, y: top, width: SCALE * 0.76, height: SCALE * 0.76, rx: 4 };
  if (dice > 0.86) return [s("rect", { ...shape, class: "map-park" })];
  if (dice > 0.8) return [s("rect", { ...shape, rx: 20, class: "map-water" })];
  const houses = [];
  for (let i = 0; i < 4; i += 1) {
    const w = 12 + hash(x * 7 + i, y) * 16;
    const tall = 10 + hash(x, y * 7 + i) * 14;
    houses.push(s("rect", { x: left + 6 + (i % 2) * 30, y: top + 6 + Math.floor(i / 2) * 28, width: w, height: tall,
      rx: 1.5, class: "map-house" }));
  }
  return houses;
}

function street(index, salt, line) {
  const main = hash(index, salt) > 0.66;
  const [x1, y1, x2, y2] = line(index + (hash(index, salt + 1) - 0.5) * 0.2);
  const d = `M${x1} ${y1}L${x2} ${y2}`;
  const width = main ? 11 : 5;
  return s("g", {}, s("path", { d, class: "map-edge", "stroke-width": width + 2 }),
    s("path", { d, class: main ? "map-main" : "map-street", "stroke-width": width }));
}

function pin(live, accuracy) {
  const x = W / 2;
  const y = H / 2;
  const radius = accuracy ? Math.min(70, Math.max(14, accuracy / 5)) : 0;
  const circle = radius || live ? [s("circle", { cx: x, cy: y, r: radius || 26, class: live ? "map-pulse" : "map-accuracy" })] : [];
  if (live) return [...circle, s("circle", { cx: x, cy: y, r: 9, class: "map-dot" })];
  const body = `M${x} ${y}c-4-9-15-14-15-26a15 15 0 0 1 30 0c0 12-11 17-15 26z`;
  return [...circle, s("ellipse", { cx: x, cy: y + 1, rx: 7, ry: 2.4, class: "map-shadow" }),
    s("path", { d: body, class: "map-pin" }), s("circle", { cx: x, cy: y - 26, r: 6, class: "map-hole" })];
}

/** Degrees that a click at (fx, fy), fractions of the tile, lies away from its centre: [latitude, longitude]. */
export const offsetOf = (fx, fy) => [-((fy - 0.5) * H * CELL) / SCALE, ((fx - 0.5) * W * CELL) / SCALE];
