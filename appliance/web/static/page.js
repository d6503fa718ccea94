// The server draws the page; this moves in what changed, so that focus and what is being typed stay.
"use strict";
(() => {
  const { body, documentElement: page } = document, data = body.dataset, edition = new URL(document.currentScript.src).search;
  page.classList.add("js");
  const toast = document.getElementById("toast");
  const busy = (input) => input.held || input.matches(":active,[type=text]:focus");

  function say(text) {
    toast.textContent = text;
    clearTimeout(say.later);
    say.later = setTimeout(() => { toast.textContent = ""; }, 4000);
  }

  function dress(old, fresh) {
    for (const { name } of [...old.attributes])
      if (!fresh.hasAttribute(name) && !(name === "open" && old.localName === "details")) old.removeAttribute(name);
    for (const { name, value } of fresh.attributes) {
      if (old.getAttribute(name) === value) continue;
      old.setAttribute(name, value);
      if (name === "value" && old.localName === "input" && !busy(old)) old.value = value;
    }
  }

  function morph(old, fresh) {
    const now = [...old.childNodes], then = [...fresh.childNodes];
    then.forEach((node, i) => {
      const here = now[i];
      if (!here) old.append(node);
      else if (here.nodeType !== node.nodeType || here.nodeName !== node.nodeName) here.replaceWith(node);
      else if (node.nodeType === Node.ELEMENT_NODE) { dress(here, node); morph(here, node); }
      else if (here.data !== node.data) here.data = node.data;
    });
    now.slice(then.length).forEach((node) => node.remove());
  }

  function put(parts) {
    for (const [name, html] of Object.entries(parts)) {
      const place = document.getElementById(`part-${name}`);
      if (!place) continue;
      const box = document.createElement("template");
      box.innerHTML = html;
      morph(place, box.content);
    }
  }

  // The live stream: closed while the page is hidden, opened again by whatever brings it back.
  let source = null, again = 0, heard = 0;
  const away = document.getElementById("away");
  function lost(why) { // nothing, while the box is heard
    if (away.textContent === why) return;
    away.hidden = !why;
    away.textContent = why;
  }
  function listen() {
    clearTimeout(again);
    if (source) source.close();
    source = new EventSource(data.seen ? `${data.events}?seen=${data.seen}` : data.events);
    heard = Date.now();
    source.addEventListener("open", () => { heard = Date.now(); lost(""); });
    source.addEventListener("breath", () => { heard = Date.now(); lost(""); });
    source.addEventListener("parts", (event) => {
      heard = Date.now();
      lost("");
      delete data.seen; // from here on the page is no longer as it was loaded
      put(JSON.parse(event.data));
    });
    source.addEventListener("error", () => {
      if (source.readyState !== EventSource.CLOSED) return lost(away.dataset.text);
      again = setTimeout(async () => { // refused: by a box that is there and answers, the stream is one too many
        const answer = await fetch("/api/state").catch(() => null);
        if (answer && answer.status === 401) return location.reload();
        lost(answer ? away.dataset.full : away.dataset.text);
        listen();
      }, 2000);
    });
  }
  function pause() {
    clearTimeout(again);
    if (source) source.close();
    source = null;
  }
  if (data.events && "EventSource" in window) {
    listen();
    document.addEventListener("visibilitychange", () => (document.hidden ? pause() : listen()));
    addEventListener("pagehide", pause);
    addEventListener("pageshow", (event) => { if (event.persisted) listen(); });
    addEventListener("online", listen);
    addEventListener("offline", () => lost(away.dataset.text));
    // A network can die without a word. The box breathes every 15 s: who is silent for 40 is gone, or was never told.
    setInterval(() => {
      if (!source || Date.now() - heard < 40000) return;
      lost(away.dataset.text);
      listen();
    }, 5000);
  }

  // Orders go without leaving the page.
  async function send(form, button) {
    const fields = new URLSearchParams(new FormData(form));
    if (button && button.name) fields.set(button.name, button.value);
    try {
      const answer = await fetch(form.action, { method: "POST", body: fields, headers: { Accept: "application/json" } });
      if (answer.status === 401) return location.reload();
      const told = await answer.json();
      say(told.said || told.fault || "");
    } catch { say(data.unsent); }
  }
  document.addEventListener("submit", (event) => {
    if ("plain" in event.target.dataset || !data.unsent) return;
    event.preventDefault();
    send(event.target, event.submitter);
  });
  document.addEventListener("input", ({ target }) => {
    const told = target.type === "range" && target.form.querySelector("output");
    if (told) told.value = target.value;
    if (told && "slide" in target.form.dataset) hold(target);
  });
  // A moment after the hand has gone, a slider shows what the box told last, whatever became of the wish.
  function hold(slide) {
    clearTimeout(slide.held);
    slide.held = setTimeout(() => {
      if (slide.matches(":active")) return hold(slide);
      slide.held = 0;
      slide.value = slide.defaultValue;
      if (!slide.disabled) slide.form.querySelector("output").value = slide.value;
    }, 3000);
  }
  document.addEventListener("change", ({ target }) => {
    if (target.form && "slide" in target.form.dataset) send(target.form, null);
  });

  // Settings: each fault shows by its field as soon as the field is left; the server alone knows what is wrong.
  // The button that keeps them comes along down the page once there is something to keep.
  const checked = document.querySelector("form[data-check]");
  if (checked) checked.addEventListener("input", () => checked.classList.add("touched"));
  if (checked) checked.addEventListener("change", async () => {
    const fields = new URLSearchParams(new FormData(checked));
    const answer = await fetch(checked.dataset.check, { method: "POST", body: fields }).catch(() => null);
    if (!answer || !answer.ok) return; // what is wrong is then told when the form is sent
    const { faults } = await answer.json();
    for (const place of checked.querySelectorAll("p.fault")) {
      const key = place.id.slice(2), fault = faults[key] || "", field = document.getElementById(`f-${key}`);
      if (place.textContent !== fault) place.textContent = fault;
      place.hidden = !fault;
      place.parentElement.classList.toggle("wrong", !!fault);
      if (fault) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
  });

  // The box was away when this page was asked for: ask for it again as soon as the box answers.
  if ("awaits" in data && location.pathname !== "/away") setInterval(async () => {
    const answer = await fetch("/healthz").catch(() => null);
    if (answer) location.reload();
  }, 2000);

  // After a restart: back to the page as soon as another half answers.
  if (data.born) setInterval(async () => {
    const answer = await fetch(`/restart?born=${data.born}`).catch(() => null);
    if (answer && answer.ok && (await answer.json()).back) location.replace("/health");
  }, 1000);

  // A place on the plane: a finger on it moves the sliders, and they move the dot.
  for (const place of document.querySelectorAll("[data-place]")) {
    const svg = place.querySelector("svg"), dot = place.querySelector(".here");
    const [valence, energy] = place.querySelectorAll("[type=range]");
    const draw = () => {
      dot.setAttribute("cx", 160 + valence.value * 130);
      dot.setAttribute("cy", 120 - energy.value * 90);
    };
    const take = (event) => {
      const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      valence.value = (at.x - 160) / 130;
      energy.value = (120 - at.y) / 90;
      draw();
    };
    svg.addEventListener("pointerdown", (event) => { svg.setPointerCapture(event.pointerId); take(event); });
    svg.addEventListener("pointermove", (event) => { if (event.buttons) take(event); });
    place.addEventListener("input", draw);
    draw();
  }

  // A file that the box would refuse for its size is not sent first.
  for (const input of document.querySelectorAll("[data-most]")) input.addEventListener("change", () => {
    const over = [...input.files].some((file) => file.size > Number(input.dataset.most));
    input.setCustomValidity(over ? input.dataset.over : "");
    input.reportValidity();
  });

  // Music goes in pieces: a song of any size, and a broken connection costs one piece.
  // Each chosen file keeps its key: who brings them again after a failure goes on where it stopped, and doubles none.
  const bring = document.querySelector("form[data-pieces]"), brought = new Map();
  function begun(file, list) {
    const key = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    const song = { key, at: 0, done: false, told: list.appendChild(document.createElement("li")) };
    brought.set(file, song);
    return song;
  }
  async function carry(file, song) {
    const size = Number(bring.dataset.piece);
    for (let tries = 0; !song.done;) {
      const { key, at } = song;
      const where = new URLSearchParams({ key, at, of: file.size, name: file.name });
      const body = file.slice(at, at + size);
      const answer = await fetch(`${bring.dataset.pieces}?${where}`, { method: "POST", body, headers: { Accept: "application/json" } })
        .catch(() => null);
      const said = answer && await answer.json().catch(() => ({}));
      if (answer && answer.ok) { song.at += body.size; song.done = song.at >= file.size; tries = 0; }
      else if (answer && answer.status === 409) song.at = said.at;
      else if (answer && answer.status < 500 && answer.status !== 429) return said.fault || data.unsent;
      else if (++tries > 5) return (said && said.fault) || data.unsent;
      else await new Promise((later) => setTimeout(later, 1000 * tries));
      song.told.textContent = `${file.name}: ${Math.round(song.at / file.size * 100)} %`;
    }
    return bring.dataset.sent;
  }
  if (bring) bring.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = bring.querySelector("button"), list = bring.querySelector("[data-told]");
    button.disabled = true;
    for (const file of bring.querySelector("[type=file]").files) {
      const song = brought.get(file) || begun(file, list);
      song.told.textContent = `${file.name}: ${await carry(file, song)}`;
    }
    button.disabled = false;
  });

  // The newest line of a log is its last.
  for (const log of document.querySelectorAll(".log")) log.scrollTop = log.scrollHeight;

  // Where the phone allows it, one page is kept for when the box is away: of this edition, and in the tongue of the last
  // page. A tongue does not change the worker: two that take turns have left a page waiting for ever.
  if (isSecureContext && "serviceWorker" in navigator)
    navigator.serviceWorker.register(`/sw.js${edition}`).then(() => navigator.serviceWorker.ready).then(async () => {
      const box = await caches.open(`mien${edition}`), kept = await box.match("/away");
      if (kept && kept.headers.get("Content-Language") !== page.lang) await box.add(new Request("/away", { cache: "reload" }));
    }).catch(() => {});

  // At the door: who taps again before the box has answered would be a second phone.
  const once = document.querySelector("form[data-once] button");
  if (once) once.form.addEventListener("submit", () => { once.disabled = true; });
  if (once) addEventListener("pageshow", () => { once.disabled = false; });

  // There: ask every second whether the button was pressed.
  if (data.waits) setInterval(async () => {
    const answer = await fetch(data.waits, { headers: { Accept: "application/json" } }).catch(() => null);
    const told = answer && answer.ok ? (await answer.json()).answer : "wait";
    if (told === "in") location.replace("/");
    else if (told !== "wait") location.reload();
  }, 1000);
})();
