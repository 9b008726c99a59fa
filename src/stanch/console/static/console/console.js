"use strict";
// Keep countdowns running between updates from the server, and keep open what was open.
function span(seconds) {
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return Math.floor(seconds) + " s";
  if (minutes < 60) return minutes + " min";
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return hours + " h " + String(minutes % 60).padStart(2, "0") + " min";
  return Math.floor(hours / 24) + " d " + (hours % 24) + " h";
}
function tick() {
  for (const item of document.querySelectorAll("time[data-countdown]")) {
    const rest = (Date.parse(item.dateTime) - Date.now()) / 1000;
    item.textContent = rest > 0 ? span(rest) : span(-rest) + " over";
  }
}
function openTarget() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const details = target && (target.matches("details") ? target : target.querySelector("details"));
  if (details) { details.open = true; target.scrollIntoView({ block: "center" }); }
}
// One key each for the pages of an incident; not while writing.
const KEYS = { n: 0, t: 1, l: 2, c: 3, m: 4, e: 5, r: 6, j: 7 };
document.addEventListener("keydown", function (event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
  const tabs = document.querySelectorAll(".tabs a");
  if (tabs.length && event.key in KEYS) tabs[KEYS[event.key]].click();
});
// A live update must not take away what somebody is typing.
document.addEventListener("htmx:beforeSwap", function (event) {
  const writing = document.activeElement;
  if (writing && writing.matches("#live input, #live textarea") && writing.value) event.detail.shouldSwap = false;
});
window.addEventListener("hashchange", openTarget);
openTarget(); tick(); setInterval(tick, 1000);
