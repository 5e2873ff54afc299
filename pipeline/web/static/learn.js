// Review by keys, and labels that outlive a server that is gone: what was chosen is kept in the browser until the server has it.
"use strict";
(() => {
  const find = (selector) => document.querySelector(selector);
  const STORE = "fazhi-waiting";
  const read = () => { try { return JSON.parse(localStorage.getItem(STORE)) || []; } catch { return []; } };
  const write = (waiting) => { try { localStorage.setItem(STORE, JSON.stringify(waiting)); } catch { /* the form itself is left */ } };
  const notice = find("[data-waiting]");
  const form = find("form[data-review]");
  const say = (text) => { if (!notice) return; if (text) notice.textContent = text; notice.hidden = false; };
  let sending = false;

  // Sends what waits, one label after the other; true when nothing is left.
  const send = async () => {
    for (let waiting = read(); waiting.length; waiting = read()) {
      let answer;
      try {
        answer = await fetch("/label", { method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams(waiting[0]) });
      } catch { return false; }
      if (answer.status >= 500 || answer.status === 401) return false;
      write(read().filter((one) => one.key !== waiting[0].key)); // another tab may have added one
      if (!answer.ok) {
        const told = (await answer.json()).error;
        say(`${told.thing}: ${told.wrong}; ${told.remedy}`);
        return null;
      }
    }
    return true;
  };
  const go = async (to) => {
    const done = await send();
    if (done) location.assign(to);
    else if (done === false) { say(); setTimeout(() => go(to), 1500); }
    else sending = false;
  };

  if (form) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (sending || !event.submitter) return;
      sending = true;
      const fields = Object.fromEntries(new FormData(form));
      fields[event.submitter.name] = event.submitter.value;
      event.submitter.classList.add("same");
      write([...read(), fields]);
      if (!read().length) { // the browser keeps nothing: send the form as it is
        const code = Object.assign(document.createElement("input"), { type: "hidden", name: event.submitter.name, value: event.submitter.value });
        form.append(code);
        form.submit();
        return;
      }
      go(`/review?round=${fields.round}`);
    });
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.target.closest("input, textarea, select")) return;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const target = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
      if (target && !target.disabled) { event.preventDefault(); target.click(); }
    });
  }
  if (notice && read().length) { sending = true; go(location.pathname + location.search); }

  // Work that goes on at the server: when it is done, its page is shown anew.
  const work = find("[data-work]");
  if (work && work.dataset.work) {
    const bar = work.querySelector("progress");
    const ask = async () => {
      try {
        const answer = await fetch(`/models/job.json?id=${encodeURIComponent(work.dataset.work)}`);
        const state = await answer.json();
        if (!answer.ok) { if (answer.status === 404) location.reload(); return; }
        if (state.of) { bar.max = state.of; bar.value = state.done; }
        if (state.finished || state.stage !== work.dataset.stage) { location.reload(); return; }
      } catch { /* the server may be busy: ask again */ }
      setTimeout(ask, 800);
    };
    setTimeout(ask, 400);
  }
})();
