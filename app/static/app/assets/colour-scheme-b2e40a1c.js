// Before the first paint: what the teacher chose, else what the system prefers.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("huleedu-colour-scheme");
  } catch {
    // Storage can be forbidden; the system's choice then holds.
  }
  const isDark =
    chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.mantineColorScheme = isDark ? "dark" : "light";
})();