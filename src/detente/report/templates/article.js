"use strict";
// The marks of a text: chosen by Tab, j and k or a click, told by Enter, shown and hidden by group.
(() => {
  const wide = matchMedia("(min-width: 64rem)");
  const tags = () => [...document.querySelectorAll(".text .tag")].filter((tag) => tag.getClientRects().length);
  const card = (tag) => document.getElementById(tag.getAttribute("href").slice(1));

  const light = (id) => {
    for (const part of document.querySelectorAll(".m.on")) part.classList.remove("on");
    if (id) for (const part of document.querySelectorAll(`.m[data-m~="${CSS.escape(id)}"]`)) part.classList.add("on");
  };

  const close = () => {
    for (const found of document.querySelectorAll(".card.current")) found.classList.remove("current");
  };

  const show = (found) => {
    close();
    found.classList.add("current");
    light(found.id);
  };

  const tell = (found) => {
    show(found);
    found.focus({ preventScroll: true });
    const tag = document.getElementById(`${found.id}-in`);
    // On a narrow screen the details lie over the foot of the text.
    if (!wide.matches && tag.getBoundingClientRect().bottom > found.getBoundingClientRect().top) tag.scrollIntoView();
  };

  const step = (by) => {
    const all = tags();
    if (!all.length) return;
    const now = document.activeElement;
    const from = now.classList.contains("card") ? document.getElementById(`${now.id}-in`) : now;
    let at = all.indexOf(from);
    if (at < 0) {
      // Nothing chosen: from what is on the screen.
      const seen = all.findIndex((tag) => tag.getBoundingClientRect().top >= 0);
      at = seen < 0 ? all.length - 1 : seen - (by > 0 ? 1 : 0);
    }
    const next = all[Math.min(Math.max(at + by, 0), all.length - 1)];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };

  for (const article of document.querySelectorAll("[data-article]")) {
    const details = article.querySelector(".details");
    const keys = details.querySelector(".keys");
    const words = {
      pick: "Tab, or j and k, go from mark to mark; Enter tells what was found; Escape goes back to the text. A click on marked words does the same.",
    };
    keys.textContent = words.pick;
    details.classList.add("single");

    const all = document.createElement("button");
    all.type = "button";
    all.textContent = "Show all details";
    all.setAttribute("aria-pressed", "false");
    all.addEventListener("click", () => {
      const open = details.classList.toggle("single");
      all.setAttribute("aria-pressed", String(!open));
    });
    keys.append(" ", all);

    for (const found of details.querySelectorAll(".card")) {
      const shut = document.createElement("button");
      shut.type = "button";
      shut.className = "shut";
      shut.textContent = "Close";
      shut.setAttribute("aria-label", `Close ${found.querySelector(".tag").textContent}`);
      shut.addEventListener("click", () => back(found));
      found.append(shut);
    }

    for (const item of article.querySelectorAll(".legend li")) {
      const label = document.createElement("label");
      const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: true });
      label.append(box, ...item.childNodes);
      item.append(label);
      box.addEventListener("change", () => {
        article.classList.toggle(`no-${item.dataset.group}`, !box.checked);
        light(null);
      });
    }

    article.addEventListener("focusin", (event) => {
      if (!event.target.matches(".text .tag")) return;
      light(card(event.target).id);
      if (wide.matches && details.classList.contains("single")) show(card(event.target));
    });
    article.addEventListener("click", (event) => {
      const tag = event.target.closest(".text .tag");
      if (tag) {
        event.preventDefault();
        tell(card(tag));
        return;
      }
      const part = event.target.closest(".text .m");
      // Text that is being selected is not clicked.
      if (part && getSelection().isCollapsed) {
        const shownTags = part.dataset.m.split(" ").filter((id) => document.getElementById(`${id}-in`).getClientRects().length);
        if (shownTags.length) tell(document.getElementById(shownTags[0]));
      }
    });
  }

  const back = (found) => {
    close();
    document.getElementById(`${found.id}-in`).focus();
  };

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = event.target;
    if (event.key === "Escape" && at.closest?.(".card")) {
      back(at.closest(".card"));
    } else if ((event.key === "j" || event.key === "k") && (at === document.body || at.id === "main" || at.closest?.(".article")) && at.type !== "checkbox") {
      event.preventDefault();
      step(event.key === "j" ? 1 : -1);
    }
  });

  // A link from a table or another card, or the address itself, names a card or a place in the text.
  const arrive = () => {
    const found = document.getElementById(location.hash.slice(1));
    if (found?.classList.contains("card")) {
      document.getElementById(`${found.id}-in`).scrollIntoView({ block: "center" });
      tell(found);
    } else if (found?.matches(".text .tag")) {
      found.focus();
    }
  };
  addEventListener("hashchange", arrive);
  arrive();
  document.documentElement.dataset.marks = "ready";
})();
