// The button that takes a person's signal away and gives it back.
import { post } from "./api.js";
import { h } from "./dom.js";
import { signalIcon } from "./icons.js";
import { loadPeople, report } from "./store.js";

export function signalButton(one) {
  const offline = Boolean(one.offline);
  const change = () => post(`/sim/people/${one.id}/offline`, { offline: !offline }).then(loadPeople).catch(report);
  const title = offline ? "No signal: press to reconnect" : "Press to lose the signal";
  return h("button", { type: "button", class: offline ? "signal-btn off" : "signal-btn", "aria-pressed": String(offline), "data-testid": "signal", title, onclick: change },
    signalIcon(offline), h("span", {}, offline ? "No signal" : "Online"));
}
