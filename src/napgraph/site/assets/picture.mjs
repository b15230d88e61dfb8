// A matrix of the page as a picture: its signs and colours, with a heading, a legend and words below.

const CELL = 26, LINE = 18, EDGE = 24, HEAD = 190, LABEL = 300;
const FONT = '"Liberation Sans", "Segoe UI", sans-serif';

/** Return a PNG of `table`, headed by `title`, with `told` below it. */
export async function picture(table, title, told) {
  const shown = (cell) => !cell.classList.contains("rare") || cell.offsetWidth > 0 || document.getElementById("rare")?.checked;
  const heads = [...table.tHead.rows[1].cells].slice(2).filter(shown).map((cell) => cell.textContent);
  const rows = [...table.tBodies[0].rows].filter((row) => !row.matches(".detail"));
  const legend = [...document.querySelectorAll(".legend li:not([hidden])")];
  const width = Math.max(2 * EDGE + LABEL + heads.length * CELL, 760);
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  pen.font = `13px ${FONT}`;
  const below = told.flatMap((text) => wrapped(pen, text, width - 2 * EDGE));
  const top = EDGE + 34 + HEAD;
  const height = top + rows.length * CELL + LINE * (below.length + 2) + CELL * legend.length + EDGE;
  // No browser draws without bound: beyond this many dots, the picture is made at a smaller scale.
  const scale = Math.min(2, Math.sqrt(1.2e8 / (width * height)), 16000 / Math.max(width, height));
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  pen.scale(scale, scale);
  const { color: ink, backgroundColor: paper } = getComputedStyle(document.body);
  pen.fillStyle = paper;
  pen.fillRect(0, 0, width, height);
  pen.textBaseline = "middle";

  const write = (text, x, y, font = "13px", most = undefined) => {
    pen.font = `${font} ${FONT}`;
    pen.fillStyle = ink;
    pen.textAlign = "left";
    pen.fillText(text, x, y, most);
  };
  const box = (element, x, y) => {
    const [value] = element.classList[0] === "sign" ? [...element.classList].slice(1) : element.classList;
    const colours = getComputedStyle(document.documentElement);
    pen.fillStyle = colours.getPropertyValue(`--${value}`) || paper;
    pen.fillRect(x, y, CELL - 2, CELL - 2);
    pen.strokeStyle = ink;
    pen.globalAlpha = 0.3;
    pen.strokeRect(x, y, CELL - 2, CELL - 2);
    pen.globalAlpha = 1;
    const drawn = getComputedStyle(element, "::after").getPropertyValue("--outline");
    const [, path] = /%20d='([^']*)'| d='([^']*)'/.exec(drawn)?.slice(0, 3).filter((each, nth) => !nth || each) ?? [];
    if (!path) return;
    pen.save();
    pen.translate(x + CELL / 2 - 1, y + CELL / 2 - 1);
    pen.scale(9, 9);
    pen.fillStyle = colours.getPropertyValue(`--on-${value}`);
    pen.fill(new Path2D(path), "evenodd");
    pen.restore();
  };

  write(title, EDGE, EDGE + 12, "bold 20px", width - 2 * EDGE);
  heads.forEach((text, place) => {
    pen.save();
    pen.translate(EDGE + LABEL + place * CELL + CELL / 2, top - 6);
    pen.rotate(-Math.PI / 2);
    write(text, 0, 0);
    pen.restore();
  });
  rows.forEach((row, number) => {
    const y = top + number * CELL;
    const [label, ...cells] = row.cells;
    write(label.textContent.trim(), EDGE, y + CELL / 2, row.dataset.row ? "13px" : "bold 13px", LABEL - 8);
    cells.slice(row.dataset.row ? 1 : 0).filter(shown).forEach((cell, place) => {
      const x = EDGE + LABEL + place * CELL;
      if (row.dataset.row) box(cell, x, y);
      else write(cell.textContent.trim(), x + 6, y + CELL / 2);
    });
  });
  let y = top + rows.length * CELL + LINE;
  for (const item of legend) {
    const [sign, words] = [item.querySelector(".sign"), item.lastChild.textContent.trim()];
    box(sign, EDGE, y - CELL / 2);
    write(words, EDGE + CELL + 8, y);
    y += CELL;
  }
  for (const text of ["", ...below]) {
    write(text, EDGE, y);
    y += LINE;
  }
  return new Promise((give) => { canvas.toBlob(give, "image/png"); });
}

function wrapped(pen, text, width) {
  const made = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = made.length ? `${made.at(-1)} ${word}` : word;
    if (made.length && pen.measureText(longer).width <= width) made[made.length - 1] = longer;
    else made.push(word);
  }
  return made;
}
