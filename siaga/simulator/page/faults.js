// Faults to inject, the rate limits, the clock, and forgetting everything.
import { del, get, post } from "./api.js";
import { field, formBody, resetAll } from "./dialogs.js";
import { h } from "./dom.js";
import { report } from "./store.js";

const METHODS = ["sendMessage", "editMessageText", "answerCallbackQuery", "sendPhoto", "sendMediaGroup", "deleteMessage", "getFile", "getUpdates", "*"];
const PRESETS = {
  "Flood wait": { code: 429, description: "Too Many Requests: retry after 3", retry_after: 3 },
  "Server error": { code: 502, description: "Bad Gateway" },
  "Blocked": { code: 403, description: "Forbidden: bot was blocked by the user" },
  "Lost answer": { drop_after_apply: true },
  "Slow": { delay_ms: 3000 },
};

export function faultsTab() {
  const list = h("div", { class: "fault-list" });
  const load = () => get("/sim/faults").then(draw).catch(report);

  function draw(faults) {
    const rows = faults.map((fault) => h("div", { class: "fault" }, h("code", {}, fault.method),
      h("span", { class: "grow" }, words(fault)), h("span", { class: "dim" }, fault.times === null || fault.times === undefined ? "always" : `×${fault.times}`)));
    list.replaceChildren(...(rows.length ? [...rows, h("button", { type: "button", class: "text-btn", "data-testid": "clear-faults",
      onclick: () => del("/sim/faults").then(load).catch(report) }, "Clear all")] : [h("p", { class: "dim" }, "No faults waiting.")]));
  }

  const el = h("div", { class: "pane faults" }, h("h3", {}, "Inject a fault"), faultForm(load), h("h3", {}, "Waiting faults"), list,
    h("h3", {}, "Rate limits"), limits(), h("h3", {}, "Clock"), clock(), h("h3", {}, "Start over"), reset());
  return { el, load };
}

function faultForm(load) {
  const options = h("datalist", { id: "fault-methods" }, METHODS.map((value) => h("option", { value })));
  const inputs = {
    method: h("input", { required: true, value: "sendMessage", list: "fault-methods", autocomplete: "off" }),
    code: number("", "100"), description: h("input", { autocomplete: "off" }), retry_after: number("", "0"), times: number("1", "1"),
    contains: h("input", { autocomplete: "off", placeholder: "any" }), delay_ms: number("", "0"),
    drop_connection: h("input", { type: "checkbox" }), drop_after_apply: h("input", { type: "checkbox" }),
  };
  const fill = (preset) => {
    for (const name of ["code", "description", "retry_after", "delay_ms"]) inputs[name].value = preset[name] ?? "";
    for (const name of ["drop_connection", "drop_after_apply"]) inputs[name].checked = preset[name] ?? false;
  };
  const presets = Object.entries(PRESETS).map(([name, preset]) => h("button", { type: "button", class: "chip-btn", onclick: () => fill(preset) }, name));
  return formBody([
    options, h("div", { class: "chips-line" }, presets),
    h("div", { class: "two" }, field("Method", inputs.method), field("Times", inputs.times)),
    h("div", { class: "two" }, field("Code", inputs.code), field("Retry after, s", inputs.retry_after)),
    field("Description", inputs.description),
    h("div", { class: "two" }, field("Only if it contains", inputs.contains), field("Delay, ms", inputs.delay_ms)),
    h("label", { class: "check" }, inputs.drop_connection, "Drop the connection"),
    h("label", { class: "check" }, inputs.drop_after_apply, "Do it, then lose the answer"),
  ], "Inject", async () => {
    await post("/sim/faults", faultOf(inputs));
    await load();
  });
}

function faultOf(inputs) {
  const fault = {};
  for (const [name, input] of Object.entries(inputs)) {
    if (input.type === "checkbox") fault[name] = input.checked || undefined;
    else if (input.value !== "") fault[name] = input.type === "number" ? Number(input.value) : input.value;
  }
  return fault;
}

const number = (value, min) => h("input", { type: "number", value, min, step: "1" });

function words(fault) {
  return [fault.code && `${fault.code} ${fault.description ?? ""}`, fault.retry_after && `retry after ${fault.retry_after} s`,
    fault.delay_ms && `delay ${fault.delay_ms} ms`, fault.drop_connection && "drop connection", fault.drop_after_apply && "answer lost",
    fault.contains && `if it contains “${fault.contains}”`].filter(Boolean).join(" · ");
}

function limits() {
  const modes = ["strict", "lenient", "off"];
  const pick = (mode) => post("/sim/limits", { mode }).then(() => mark(mode)).catch(report);
  const buttons = modes.map((mode) => h("button", { type: "button", onclick: () => pick(mode) }, mode));
  const mark = (mode) => buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.textContent === mode)));
  mark("strict");
  return h("div", { class: "segmented", role: "group", "aria-label": "Rate limits" }, buttons);
}

function clock() {
  const steps = [["1 min", 60], ["15 min", 900], ["1 h", 3600], ["1 day", 86400], ["1 week", 604800]];
  const done = h("span", { class: "dim", role: "status" });
  const advance = (label, seconds) => post("/sim/clock", { advance_s: seconds }).then(() => { done.textContent = `Moved ${label} ahead.`; }).catch(report);
  return h("div", { class: "chips-line" }, steps.map(([label, seconds]) =>
    h("button", { type: "button", class: "chip-btn", onclick: () => advance(label, seconds) }, `+${label}`)), done);
}

function reset() {
  const button = h("button", { type: "button", class: "danger-btn" }, "Forget everything");
  button.addEventListener("click", () => {
    if (button.dataset.sure) resetAll().catch(report);
    button.textContent = button.dataset.sure ? "Forget everything" : "Press again to forget everything";
    button.dataset.sure = button.dataset.sure ? "" : "1";
  });
  return button;
}
