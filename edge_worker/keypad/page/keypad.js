// The keypad: eight digits in, one sentence out. It asks nothing but this box.

const DIGITS = 8;
const LOOK_EVERY_MS = 10_000;
const OPEN_SHOWN_MS = 12_000;
const FORGET_TYPED_MS = 60_000;

const CLOCKS = { id: "id", en: "en-GB" };

const at = (id) => document.getElementById(id);
const icon = (path) => `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${path}"/></svg>`;
const ERASE = icon("M9 5h11a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H9l-6-7zM12 9.5l5 5m0-5l-5 5");

const words = await (await fetch("/words.json")).json();
let language = null;
let typed = "";
let mode = "idle";
let standing = { machine: "", bound: true, now: Date.now() / 1000 };
let heardAt = performance.now();
let waitEnds = 0;
let waitWhole = 1;
let forget = 0;

const say = (key, fills = {}) =>
  Object.entries(fills).reduce((text, [name, fill]) => text.replace(`{${name}}`, fill), words[language][key]);

function secondsLeft() {
  return Math.max(0, (waitEnds - performance.now()) / 1000);
}

function countdown(seconds) {
  const whole = Math.ceil(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function message() {
  const left = secondsLeft();
  if (mode === "lost") return say("lost");
  if (!standing.bound) return say("not_bound");
  if (mode === "checking") return say("checking");
  if (left > 0) return say(mode === "wrong" ? "wrong" : "wait", { wait: countdown(left) });
  return mode === "stuck" ? say("stuck") : say("ask");
}

function show() {
  const left = secondsLeft();
  if (mode === "wrong" && left === 0) mode = "idle";
  document.body.dataset.mode = mode;
  at("machine").textContent = standing.machine || (standing.bound ? "" : say("unbound"));
  at("label").textContent = say("title");
  at("message").textContent = message();
  at("left").style.transform = `scaleX(${left / waitWhole})`;
  const closed = left > 0 || mode === "checking" || mode === "lost" || !standing.bound;
  [...at("digits").children].forEach((cell, place) => {
    cell.textContent = typed[place] ?? "\u00a0";
    cell.className = place < typed.length ? "typed" : place === typed.length && !closed ? "next" : "";
  });
  for (const key of at("keys").children) {
    key.disabled = closed || (key.dataset.key === "Enter" && typed.length < DIGITS);
  }
  const now = new Date(standing.now * 1000 + performance.now() - heardAt);
  const time = now.toLocaleTimeString(CLOCKS[language], { hour: "2-digit", minute: "2-digit" });
  at("clock").textContent = `${say("clock", { time })} · ${say("clock_why")}`;
}

function wait(seconds) {
  waitEnds = performance.now() + seconds * 1000;
  waitWhole = Math.max(seconds, 1);
}

function opened(answer) {
  at("opened-word").textContent = say("open");
  at("opened-name").textContent = answer.name || say("person", { slot: answer.slot });
  at("opened-note").textContent = say("open_note");
  at("opened").hidden = false;
  setTimeout(() => (at("opened").hidden = true), OPEN_SHOWN_MS);
}

async function enter() {
  const pin = typed;
  mode = "checking";
  show();
  try {
    const headers = { "Content-Type": "application/json" };
    const answer = await (await fetch("/open", { method: "POST", headers, body: JSON.stringify({ pin }) })).json();
    typed = "";
    mode = { open: "idle", stuck: "stuck", wrong: "wrong" }[answer.outcome] ?? "idle";
    if (answer.wait_s > 0) wait(answer.wait_s);
    if (answer.outcome === "open") opened(answer);
    if (answer.outcome === "not_bound") standing.bound = false;
  } catch {
    mode = "lost";
  }
  show();
}

function press(key) {
  const button = [...at("keys").children].find((one) => one.dataset.key === key);
  if (!button || button.disabled) return;
  if (key === "Enter") return enter();
  if (mode === "stuck") mode = "idle";
  typed = key === "Backspace" ? typed.slice(0, -1) : (typed + key).slice(0, DIGITS);
  clearTimeout(forget);
  forget = setTimeout(() => {
    typed = "";
    show();
  }, FORGET_TYPED_MS);
  show();
}

function layKeys() {
  at("keys").replaceChildren(
    ...[..."123456789", "Backspace", "0", "Enter"].map((key) => {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.key = key;
      if (key === "Backspace") button.innerHTML = ERASE;
      else button.textContent = key === "Enter" ? say("enter") : key;
      if (key === "Backspace") button.ariaLabel = say("erase");
      if (key === "Enter") button.className = "enter";
      button.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        press(key);
      });
      // Assistive technology clicks without a pointer.
      button.addEventListener("click", (event) => event.detail === 0 && press(key));
      return button;
    }),
  );
  at("digits").replaceChildren(...Array.from({ length: DIGITS }, () => document.createElement("b")));
}

function speak(chosen) {
  language = chosen;
  document.documentElement.lang = chosen;
  at("language").textContent = say("other");
  at("language").ariaLabel = say("other_name");
  document.title = say("title");
  layKeys();
  show();
}

async function look() {
  try {
    standing = await (await fetch("/state")).json();
    heardAt = performance.now();
    if (language === null) speak(standing.language);
    if (mode === "lost") mode = "idle";
    if (Math.abs(standing.wait_s - secondsLeft()) > 2) wait(standing.wait_s);
  } catch {
    if (language === null) speak("id");
    mode = "lost";
  }
  show();
}

at("language").addEventListener("click", () => {
  speak(language === "id" ? "en" : "id");
  at("language").blur(); // so that Enter means the PIN again
});
at("opened").addEventListener("click", () => (at("opened").hidden = true));
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const chosen = event.target.id === "language" && event.key === "Enter";
  if (!at("opened").hidden) at("opened").hidden = true;
  else if (!chosen) {
    if (event.key === "Enter") event.preventDefault();
    press(event.key);
  }
});
await look();
setInterval(look, LOOK_EVERY_MS);
setInterval(show, 250);
