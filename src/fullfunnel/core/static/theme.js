// Runs before the first paint, so that neither the theme nor the side bar jumps.
(() => {
  const root = document.documentElement;
  const read = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    // The user's own choice goes before what this browser was set to.
    const choice = root.dataset.ownTheme || read("ff-theme") || "system";
    root.dataset.themeChoice = choice;
    root.dataset.bsTheme = choice === "system" ? (dark.matches ? "dark" : "light") : choice;
    root.dispatchEvent(new CustomEvent("ff:theme"));
  };
  dark.addEventListener("change", apply);
  root.addEventListener("ff:theme-changed", apply);
  root.dataset.sidebar = read("ff-sidebar") || "open";
  root.dataset.letters = root.dataset.letters || read("ff-letters") || "on";
  apply();
})();
