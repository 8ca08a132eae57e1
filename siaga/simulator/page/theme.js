// Dark or light: the system's choice until someone presses the button.
const KEY = "simulator.theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

export const currentTheme = () => localStorage.getItem(KEY) ?? (dark.matches ? "dark" : "light");

function show() {
  document.documentElement.dataset.theme = currentTheme();
}

export function toggleTheme() {
  localStorage.setItem(KEY, currentTheme() === "dark" ? "light" : "dark");
  show();
}

dark.addEventListener("change", show);
show();
