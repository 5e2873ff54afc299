// What the pages do beyond links and forms; all of them work without it.
"use strict";
const one = (selector, within = document) => within.querySelector(selector);

const first = one("[data-focus]");
if (first && !location.hash && matchMedia("(hover: hover)").matches) first.focus();

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  const search = one("input[type=search]");
  if (search) { event.preventDefault(); search.focus(); search.select(); }
});

// A sentence of a report opens its explanation beside the text, without a new page.
const panel = one("#why");
if (panel) {
  const resting = panel.classList.contains("open") ? "" : panel.innerHTML;
  let opener = null;
  const close = () => {
    panel.classList.remove("open");
    panel.innerHTML = resting;
    document.querySelectorAll(".s.on").forEach((s) => s.classList.remove("on"));
    if (opener) opener.focus({ preventScroll: true });
  };
  document.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    if (event.target.closest("[data-close]")) { event.preventDefault(); close(); return; }
    const link = event.target.closest("a.s");
    if (!link) return;
    event.preventDefault();
    const asked = new URL(link.href);
    const number = asked.searchParams.get("sentence");
    const address = `/why/panel?report=${encodeURIComponent(panel.dataset.report)}&sentence=${number}`;
    let answer;
    try { answer = await fetch(address); } catch { location.href = link.href; return; }
    if (!answer.ok) { location.href = link.href; return; }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const shut = document.createElement("p");
    shut.className = "panel-close";
    const button = document.createElement("a");
    button.href = "#" + link.id;
    button.dataset.close = "";
    button.textContent = "×";
    button.setAttribute("aria-label", page.body.firstElementChild.dataset.closing || "×");
    shut.append(button);
    panel.replaceChildren(shut, ...page.body.children);
    panel.classList.add("open");
    panel.scrollTop = 0;
    opener = link;
    document.querySelectorAll(".s.on").forEach((s) => s.classList.remove("on"));
    document.querySelectorAll("a.s").forEach((s) => { if (s.href === link.href) s.classList.add("on"); });
    history.replaceState(null, "", asked.pathname + asked.search + asked.hash);
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && panel.classList.contains("open")) close(); });
}

// Files may be dropped; their names are shown.
const drop = one("[data-drop]");
if (drop) {
  const input = one("input[type=file]", drop);
  const list = one("[data-chosen]", drop);
  const show = () => list.replaceChildren(...[...input.files].slice(0, 12).map((file) => {
    const item = document.createElement("li");
    item.textContent = file.name;
    return item;
  }), ...(input.files.length > 12 ? ["…"] : []));
  input.addEventListener("change", show);
  for (const name of ["dragover", "dragenter"]) drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) { input.files = event.dataTransfer.files; show(); }
  });
}

// A job tells how far it is; when it is done, its page is shown anew.
const job = one("[data-job]");
if (job && job.dataset.job) {
  const bar = one("progress", job);
  const ask = async () => {
    try {
      const state = await (await fetch(`/tag/job.json?id=${encodeURIComponent(job.dataset.job)}`)).json();
      if (state.error && state.error.status) return;
      bar.max = state.of;
      bar.value = state.done;
      if (state.finished) { location.reload(); return; }
    } catch { /* the server may be busy: ask again */ }
    setTimeout(ask, 600);
  };
  setTimeout(ask, 250);
}
