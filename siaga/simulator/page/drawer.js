// The drawer at the side: each raw Bot API call, and what one can make go wrong.
import { del, get } from "./api.js";
import { debounce, h, iconButton } from "./dom.js";
import { faultsTab } from "./faults.js";
import { timeExact } from "./format.js";
import { icon } from "./icons.js";
import { jsonView, unfold } from "./json.js";
import { on, report, state } from "./store.js";

const KEEP = 400;
const POLLING = "getupdates";

/** `onviolations(count)` is told whenever the number of violations changes. */
export function createDrawer(onviolations) {
  const store = { calls: [], violations: [], byCall: new Map(), after: 0, open: false };
  const filter = { text: "", method: "", polls: false, bad: false };
  const list = h("div", { class: "calls", role: "list", "aria-label": "Bot API calls" });
  const methods = h("select", { "aria-label": "Method", onchange: () => change("method", methods.value) }, h("option", { value: "" }, "All methods"));
  const text = h("input", { type: "search", placeholder: "Filter text", "aria-label": "Filter text", oninput: () => change("text", text.value.toLowerCase()) });
  const polls = h("input", { type: "checkbox", onchange: () => change("polls", polls.checked) });
  const bad = h("input", { type: "checkbox", onchange: () => change("bad", bad.checked) });
  const strip = h("div", { class: "violations", hidden: true });
  const callsPane = h("div", { class: "pane" }, h("div", { class: "filters" }, text, methods,
    h("label", { class: "check" }, polls, "Polling"), h("label", { class: "check" }, bad, "Failed only"),
    iconButton(icon("trash", 18), "Clear the list", clear, { class: "icon-btn small" })), strip, list);
  const faults = faultsTab();
  const tabs = { Calls: callsPane, Faults: faults.el };
  const buttons = Object.keys(tabs).map((name) => h("button", { type: "button", class: "tab", role: "tab", onclick: () => select(name) }, name));
  const el = h("aside", { class: "drawer", hidden: true, "aria-label": "Bot API", "data-testid": "drawer" },
    h("div", { class: "drawer-head" }, h("div", { class: "tabs", role: "tablist" }, buttons)), Object.values(tabs));

  function select(name) {
    buttons.forEach((button) => {
      button.setAttribute("aria-selected", String(button.textContent === name));
      tabs[button.textContent].hidden = button.textContent !== name;
    });
    if (name === "Faults") faults.load();
  }

  function change(key, value) {
    filter[key] = value;
    drawAll();
  }

  function clear() {
    store.calls = [];
    if (store.violations.length) del("/sim/violations").then(loadViolations).catch(report);
    drawAll();
  }

  const load = async () => {
    if (!store.open) return;
    try {
      const fresh = await get(`/sim/calls?after=${store.after || start()}`);
      if (!fresh.length) return;
      store.after = fresh[fresh.length - 1].seq;
      const kept = fresh.slice(-KEEP);
      store.calls = [...store.calls, ...kept].slice(-KEEP);
      pairViolations();
      addMethods(kept);
      kept.filter(passes).forEach((call) => list.prepend(row(call)));
      while (list.children.length > KEEP) list.lastChild.remove();
    } catch (error) {
      report(error);
    }
  };
  const loadSoon = debounce(load, 150);

  const loadViolations = async () => {
    const found = await get("/sim/violations").catch(() => []);
    store.violations = found;
    pairViolations();
    strip.hidden = !found.length;
    strip.replaceChildren(...found.slice(-3).map((one) => h("p", {}, h("strong", {}, one.method), ` ${one.detail}`)));
    if (found.length > 3) strip.prepend(h("p", {}, h("strong", {}, `${found.length} violations`), ", the last three:"));
    onviolations(found.length);
    if (store.open) drawAll();
  };

  function addMethods(calls) {
    const known = new Set([...methods.options].map((option) => option.value));
    for (const { method } of calls) {
      if (known.has(method)) continue;
      known.add(method);
      methods.append(h("option", { value: method }, method));
    }
  }

  function passes(call) {
    if (filter.method ? call.method !== filter.method : !filter.polls && call.method.toLowerCase() === POLLING) return false;
    if (filter.bad && call.status < 400 && !call.lost && !store.byCall.has(call.seq)) return false;
    return !filter.text || JSON.stringify(call).toLowerCase().includes(filter.text);
  }

  function drawAll() {
    const open = new Set([...list.querySelectorAll("details[open]")].map((one) => one.dataset.seq));
    list.replaceChildren(...store.calls.filter(passes).reverse().map((call) => row(call, open.has(String(call.seq)))));
    if (!list.children.length) list.append(h("p", { class: "dim pad" }, "No calls yet"));
  }

  /** A violation is noted just before its call, so it belongs to the first call after it. */
  function pairViolations() {
    store.byCall = new Map();
    for (const one of store.violations) {
      const call = store.calls.find((each) => each.seq > one.seq);
      if (call) store.byCall.set(call.seq, one);
    }
  }

  function row(call, open = false) {
    list.querySelector(":scope > p")?.remove();
    const violation = store.byCall.get(call.seq);
    const failed = call.status >= 400 || call.lost;
    const item = h("details", { class: `call${failed ? " failed" : ""}${violation ? " violation" : ""}`, "data-seq": call.seq, open },
      h("summary", {}, h("time", {}, timeExact(seconds(call.at))), h("span", { class: "call-method" }, call.method), h("span", { class: "call-hint" }, hint(call)),
        h("span", { class: "call-status" }, call.lost ? "lost" : String(call.status || "—")), h("span", { class: "call-ms" }, `${Math.round(call.ms ?? 0)} ms`)));
    const fill = () => {
      if (!item.open || item.querySelector(".json")) return;
      if (violation) item.append(h("p", { class: "violation-text" }, h("strong", {}, violation.rule), ` ${violation.detail}`));
      item.append(h("h4", {}, "Parameters"), jsonView(unfold(call.params ?? {})), h("h4", {}, "Response"), jsonView(call.response ?? null));
    };
    item.addEventListener("toggle", fill);
    return item;
  }

  select("Calls");
  on("event:call", loadSoon);
  on("event:violation", loadViolations);
  on("event:fault", () => faults.load());
  on("reset", () => {
    store.calls = [];
    store.after = 0;
    loadViolations();
    drawAll();
  });
  loadViolations();

  return { el, toggle: () => {
    store.open = !store.open;
    el.hidden = !store.open;
    if (store.open) load().then(drawAll);
    return store.open;
  } };
}

/** Not the whole history: the last few thousand numbers hold more than the list keeps. */
const start = () => (state.lastCall === Infinity ? 0 : Math.max(0, state.lastCall - 5000));

const seconds = (at) => (typeof at === "string" ? Date.parse(at) / 1000 : at > 1e11 ? at / 1000 : at);

/** The part of a call one looks for first. */
function hint(call) {
  const { params = {} } = call;
  if (call.status >= 400) return call.response?.description ?? "";
  return String(params.text ?? params.caption ?? params.action ?? params.chat_id ?? "").slice(0, 80);
}
