/// <reference lib="webworker" />
// The service worker: gives the app without a network, and sends what was recorded when there is one again.

import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from "workbox-precaching";
import { actFor } from "./kept/owner";
import { passing, session } from "./server/ask";
import { send } from "./server/send";

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: (string | { url: string; revision: string | null })[] };

precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();

const shell = createHandlerBoundToURL("/app/index.html");

self.addEventListener("fetch", (event) => {
	const url = new URL(event.request.url);
	if (event.request.mode === "navigate" && url.pathname === "/app/") {
		event.respondWith(shell({ event, request: event.request, url, sameOrigin: true } as Parameters<typeof shell>[0]));
	}
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => {
	if (event.data === "use") void self.skipWaiting();
});
self.addEventListener("sync", (event) => {
	const { tag } = event as ExtendableEvent & { tag: string };
	if (tag === "send") (event as ExtendableEvent).waitUntil(sendAndTell());
});

async function sendAndTell(): Promise<void> {
	actFor((await session()).account); // whose cookie goes with it: nothing of anybody else is sent
	const done = await send();
	for (const client of await self.clients.matchAll({ type: "window" })) client.postMessage("changed");
	if (passing(done.error)) throw done.error; // the browser tries again later
}
