"use strict";
// Draws each chart once its place is on the screen, and offers it and its table as files.
(() => {
  const paper = (svg) => svg.replaceAll("currentColor", "#1a1a1a");

  const save = (name, type, ...parts) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(parts, { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };

  // On white, as on paper, twice as fine as the screen; the ink is that of print, whatever the page's own is.
  const png = async (view) => {
    const picture = new Image();
    picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(paper(await view.toSVG()))}`;
    await picture.decode();
    const canvas = document.createElement("canvas");
    canvas.width = 2 * picture.width;
    canvas.height = 2 * picture.height;
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#ffffff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return new Promise((done) => canvas.toBlob(done, "image/png"));
  };

  const csv = (table) => {
    const cell = (text) => {
      const safe = /^[=+@\t\r-]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
      return `"${safe.replaceAll('"', '""')}"`;
    };
    return [...table.rows].filter((row) => !row.hidden).map((row) => [...row.cells].map((c) => cell(c.textContent.trim())).join(",")).join("\r\n");
  };

  const button = (words, label, action) => {
    const found = document.createElement("button");
    found.type = "button";
    found.textContent = words;
    found.setAttribute("aria-label", label);
    found.addEventListener("click", action);
    return found;
  };

  const offer = (place, view) => {
    const figure = place.closest("figure");
    const name = place.dataset.name;
    const title = figure.querySelector("figcaption").textContent.trim();
    const bar = document.createElement("p");
    bar.className = "save";
    bar.append(button("SVG", `Save as SVG: ${title}`, async () => save(`${name}.svg`, "image/svg+xml", paper(await view.toSVG()))));
    bar.append(button("PNG", `Save as PNG: ${title}`, async () => save(`${name}.png`, "image/png", await png(view))));
    const table = figure.querySelector("table");
    if (table) bar.append(button("CSV", `Save the figures as CSV: ${title}`, () => save(`${name}.csv`, "text/csv", csv(table))));
    (place.closest(".scroll") ?? place).after(bar);
  };

  const shared = document.getElementById("spec-config");
  const options = {
    mode: "vega-lite",
    config: shared ? JSON.parse(shared.textContent) : {},
    ast: true,
    renderer: "svg",
    actions: false,
    defaultStyle: false,
    tooltip: { disableDefaultStyle: true },
  };

  const draw = async (place) => {
    if (place.dataset.drawn || !place.clientWidth) return;
    place.dataset.drawn = "yes";
    const spec = JSON.parse(document.getElementById(place.dataset.spec).textContent);
    if (spec.usermeta?.least) place.style.minWidth = `${spec.usermeta.least}px`;
    try {
      const { view } = await vegaEmbed(place, spec, options);
      offer(place, view);
    } catch (error) {
      place.textContent = "This chart could not be drawn; its figures are in the table below.";
      console.error(error);
    }
  };

  // Rows that hold all the words typed, and what was chosen in each of the columns offered.
  const sieve = (table) => {
    const title = table.caption.textContent;
    const rows = [...table.tBodies[0].rows];
    const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
    const bar = document.createElement("p");
    bar.className = "sieve";
    const labelled = (words, control) => {
      const label = document.createElement("label");
      label.append(`${words} `, control);
      bar.append(label);
      control.addEventListener("input", apply);
      return control;
    };
    const status = document.createElement("span");
    status.setAttribute("role", "status");
    const apply = () => {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        const held = words.every((word) => text.includes(word));
        row.hidden = !held || choices.some(([at, choice]) => choice.value && row.cells[at].textContent !== choice.value);
      }
      status.textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length}`;
    };
    const search = labelled("Words", Object.assign(document.createElement("input"), { type: "search" }));
    const choices = table.dataset.choices.split("|").filter(Boolean).map((name) => {
      const at = heads.indexOf(name);
      const values = [...new Set(rows.map((row) => row.cells[at].textContent))].sort();
      const choice = document.createElement("select");
      choice.append(new Option("all", ""), ...values.filter(Boolean).map((value) => new Option(value, value)));
      return [at, labelled(name, choice)];
    });
    bar.append(button("CSV", `Save the rows shown as CSV: ${title}`, () => save(`${table.dataset.name}.csv`, "text/csv", csv(table))), status);
    apply();
    table.closest(".scroll").before(bar);
  };
  document.querySelectorAll("table[data-name]").forEach(sieve);

  // A figure's link to the numbers it rests on leaves only those rows of the table; a link to another row shows all again.
  const numbers = document.getElementById("table-numbers");
  if (numbers) {
    const rows = [...numbers.tBodies];
    const bar = document.createElement("p");
    bar.className = "only";
    bar.hidden = true;
    const status = document.createElement("span");
    status.setAttribute("role", "status");
    const show = (held, words) => {
      rows.forEach((row, at) => { row.hidden = held ? !held.has(at) : false; });
      bar.hidden = !held;
      status.textContent = held ? `${held.size} of ${rows.length} numbers, those that ${words} rests on.` : "";
    };
    bar.append(button("Show all", "Show all numbers", () => show(null)), status);
    numbers.before(bar);
    document.addEventListener("click", (event) => {
      const link = event.target.closest?.("a[href^='#']");
      if (!link) return;
      const held = new Set();
      for (const run of (link.dataset.only ?? "").split(" ").filter(Boolean)) {
        const [first, last] = run.split("-").map(Number);
        for (let at = first; at <= (last ?? first); at += 1) held.add(at);
      }
      const figure = link.closest("figure")?.querySelector(".number")?.textContent.replace(/\.$/, "").toLowerCase();
      show(held.size ? held : null, figure ?? "it");
    });
  }

  const all = [...document.querySelectorAll("[data-spec]")];
  const drawAll = () => Promise.all(all.map(draw));
  // A closed part has no width: its charts are drawn when it is opened. Paper has what is open.
  document.addEventListener("toggle", drawAll, true);
  const parts = document.querySelectorAll("main details");
  if (parts.length) {
    const note = document.createElement("p");
    note.className = "save";
    note.append(button("Open everything", "Open every part, for reading or for printing", () => {
      for (const part of parts) part.open = true;
    }), " Printing takes what is open.");
    document.querySelector("nav").append(note);
  }
  drawAll().then(() => { document.documentElement.dataset.charts = "drawn"; });
})();
