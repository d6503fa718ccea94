// Keeps one page: the honest "the box is away". Everything else comes from the box, or not at all.
// The address of this worker names an edition: another one keeps its page anew.
"use strict";
const KEPT = `mien${location.search}`;
const NEEDED = ["/away", "/static/page.css", "/static/page.js", "/static/icon.svg"];
addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(caches.open(KEPT).then((box) => box.addAll(NEEDED.map((path) => new Request(path, { cache: "reload" })))));
});
addEventListener("activate", (event) => {
  const old = caches.keys().then((keys) => Promise.all(keys.filter((key) => key !== KEPT).map((key) => caches.delete(key))));
  event.waitUntil(old.then(() => clients.claim()));
});
addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate")
    event.respondWith(fetch(request).catch(() => caches.match("/away")));
  else if (request.method === "GET" && new URL(request.url).pathname.startsWith("/static/"))
    event.respondWith(fetch(request).catch(() => caches.match(request, { ignoreSearch: true })));
});
