// Keeps one page: the honest "the box is away". Everything else comes from the box, or not at all.
"use strict";
const KEPT = "mien-1";
const NEEDED = ["/away", "/static/page.css", "/static/page.js", "/static/icon.svg"];
addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(caches.open(KEPT).then((box) => box.addAll(NEEDED)));
});
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate")
    event.respondWith(fetch(request).catch(() => caches.match("/away")));
  else if (request.method === "GET" && new URL(request.url).pathname.startsWith("/static/"))
    event.respondWith(fetch(request).catch(() => caches.match(request, { ignoreSearch: true })));
});
