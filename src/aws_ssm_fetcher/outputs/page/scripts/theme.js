// Light or dark: as the system has it, until somebody chooses.

import { byId } from "./dom.js";

const KEY = "aws-services-by-region-theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

/** Let the button switch, and draw again whenever colours change. */
export function startTheme(redraw) {
  const chosen = remembered();
  if (chosen) document.documentElement.dataset.theme = chosen;
  byId("theme").addEventListener("click", () => {
    const theme = isDark() ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
    remember(theme);
    redraw();
  });
  dark.addEventListener("change", redraw);
}

const isDark = () => (document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light")) === "dark";

// A browser may keep nothing for a file, or refuse to.
function remembered() {
  try {
    const theme = localStorage.getItem(KEY);
    return theme === "dark" || theme === "light" ? theme : undefined;
  } catch (error) {
    if (error instanceof DOMException) return undefined;
    throw error;
  }
}

function remember(theme) {
  try {
    localStorage.setItem(KEY, theme);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
}
