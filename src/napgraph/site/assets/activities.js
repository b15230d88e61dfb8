// The activities of a document by lead, deadline and theme; the choice is kept in the address after #.
const form = document.getElementById("choose");
const rows = [...document.querySelectorAll(".activities tbody tr")];
const names = [...form.elements].map((each) => each.name).filter(Boolean);

/** Show the rows that fit the choice, a row above others where one of them is shown, and how many there are. */
function show() {
  const wanted = names.filter((name) => form.elements[name].value).map((name) => [name, form.elements[name].value]);
  let shown = 0;
  let above = null;
  for (const row of rows) {
    if (row.className === "above") {
      above = row;
      row.hidden = wanted.length > 0;
      continue;
    }
    row.hidden = !wanted.every(([name, value]) => row.dataset[name].trim().split(" ").includes(value));
    if (row.hidden) continue;
    shown += 1;
    if (above?.parentNode === row.parentNode) above.hidden = false;
  }
  for (const table of document.querySelectorAll(".activities")) {
    const empty = ![...table.tBodies[0].rows].some((row) => !row.hidden);
    table.hidden = empty;
    const head = table.closest("details") ?? table.previousElementSibling;
    if (head.matches(".pillar")) head.hidden = empty;
    if (head.matches("details") && wanted.length) head.open = !empty;
  }
  const all = rows.filter((row) => row.className !== "above").length;
  document.getElementById("chosen").textContent = wanted.length ? `${shown} of ${all} activities fit.` : "";
}

function read() {
  const chosen = new URLSearchParams(location.hash.slice(1));
  for (const name of names) {
    const field = form.elements[name];
    field.value = chosen.get(name) ?? "";
    if (field.selectedIndex < 0) field.value = "";
  }
  show();
}

form.addEventListener("change", () => {
  const chosen = new URLSearchParams();
  for (const name of names) if (form.elements[name].value) chosen.set(name, form.elements[name].value);
  history.replaceState(null, "", `${location.pathname}${location.search}${`${chosen}` ? `#${chosen}` : ""}`);
  show();
});
addEventListener("hashchange", read);
form.addEventListener("submit", (event) => event.preventDefault());
form.hidden = false;
read();
